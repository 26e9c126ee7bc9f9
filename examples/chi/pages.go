package main

import (
	"cmp"
	"encoding/base64"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
	"github.com/tillkey/tillkey/totp"
)

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

// page is what every page gets.
type page struct {
	// Answer is what comes next in a flow, or what went wrong.
	Answer web.Answer
	// Form is what was sent, for a form that is shown again. No page shows a
	// password.
	Form url.Values
	// Status is that of the customer, zero for guests. Held is what the Keeper
	// says about the session: a change that is due now, or by a day that lies
	// ahead.
	Status rotate.Status
	Held   rotate.Decision
	Email  string
	// Rules are those for a password of the visitor.
	Rules []policy.Rule
	// Items is how many things are in the cart.
	Items int
}

// show writes a page for the visitor. The zero Answer is a page like any other.
func (s *shop) show(w http.ResponseWriter, r *http.Request, name string, a web.Answer, data any) {
	p := page{Answer: a, Items: s.items(r.Context())}
	_ = r.ParseForm() // what cannot be read is not shown again
	p.Form = r.Form
	if session, held, err := web.Held(r.Context()); err == nil && !session.IsZero() {
		// A page is shown to a guest rather than not at all.
		if p.Status, err = s.keeper.Lookup(r.Context(), session.Account); err == nil {
			p.Held = held
			if c, err := s.byAccount(r.Context(), session.Account); err == nil {
				p.Email = c.Address
			}
		}
	}
	if rules, err := s.keeper.Describe(p.Status.Group); err == nil {
		p.Rules = rules
	}
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(a.RetryAfter.Seconds()))))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(cmp.Or(a.Status, http.StatusOK))
	if err := p.named(name, data).Render(r.Context(), w); err != nil {
		s.Log.Error("page", "name", name, "error", err)
	}
}

// named is the page of a name. Those without data know all there is.
func (p page) named(name string, data any) templ.Component {
	switch data := data.(type) {
	case []product:
		return home(p, data)
	case product:
		return productPage(p, data)
	case purchase:
		return map[string]func(page, purchase) templ.Component{"cart": cart, "card": card, "thanks": thanks, "account": account}[name](p, data)
	case []letter:
		return outboxPage(p, data)
	case rotate.Enrollment:
		return offer(p, &data)
	case []totp.RecoveryCode:
		return recovery(p, data)
	case adminPage:
		return admin(p, data)
	case rotate.Order:
		return counted(p, data)
	case string:
		return refused(p, data)
	}
	switch name {
	case "offer": // again, after a wrong code: the picture is shown once
		return offer(p, nil)
	case "error":
		return failure(p)
	}
	return map[string]func(page) templ.Component{
		"signup": signUp, "sent": sent, "login": login, "forgot": forgot, "reset": reset,
		"need_code": needCode, "need_new_password": needNewPassword, "need_enroll": needEnroll,
		"password": password, "stepup": stepUp, "factor": factor,
	}[name](p)
}

// form shows a form whose answer goes to the Keeper: its tickets are for this
// browser alone.
func (s *shop) form(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		web.Browser(w, r)
		s.show(w, r, name, web.Answer{}, nil)
	}
}

// picture is the QR code of an offered factor, inside the page, so that no other
// request can fetch it. It is "" if it cannot be drawn; the key is there, too.
func picture(e *rotate.Enrollment, email string) string {
	png, err := e.QR(email, 240)
	if err != nil {
		return ""
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}

// says tells a visitor what went wrong; "" if nothing.
func says(a web.Answer) string {
	return map[string]string{
		"denied":      "That is not right. Please try again.",
		"wait":        "Too many tries. Please wait " + a.RetryAfter.Round(time.Second).String() + ".",
		"refused":     "Please choose another password.",
		"incomplete":  "Please give your name and one e-mail address.",
		"bad_ticket":  "This took too long, or was done already. Please start again.",
		"no_browser":  "Please allow cookies: they protect your sign-in.",
		"need_proof":  "This needs a code of your second factor, or a link by mail, opened in the browser that asked for it.",
		"bad_input":   "This cannot be read.",
		"not_found":   "There is no such page.",
		"conflict":    "This has changed meanwhile. Please look again.",
		"overloaded":  "The shop is busy. Please try again in a moment.",
		"unavailable": "The shop cannot do this right now. Please try again in a moment.",
		"fault":       "The shop has made a mistake.",
	}[a.Code]
}

// reasonText tells a customer why a password must be changed.
func reasonText(r rotate.Reason) string {
	return map[rotate.Reason]string{
		rotate.Compromise:   "Somebody else may know your password.",
		rotate.Breached:     "Your password has appeared in a data leak.",
		rotate.AdminReset:   "Our staff have asked for a new password.",
		rotate.Restored:     "We had to restore our records from a backup.",
		rotate.FirstUse:     "Your first password was good for one sign-in.",
		rotate.PolicyRaised: "Our rules for passwords have become stricter.",
		rotate.WeakHash:     "Your password is stored in an outdated way.",
		rotate.Age:          "Your password has become too old.",
	}[r]
}

func date(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.Format("2 Jan 2006")
}

func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// label is how the authenticator app names the account.
func (p page) label() string { return cmp.Or(p.Email, p.Form.Get("email")) }
