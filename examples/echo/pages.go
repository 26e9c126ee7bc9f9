package main

import (
	"cmp"
	"embed"
	"encoding/base64"
	"html/template"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

//go:embed templates static
var files embed.FS

// parsePages reads the templates, each a whole page.
func parsePages() (*echo.TemplateRenderer, error) {
	t, err := template.New("").Funcs(template.FuncMap{
		"qr": picture, "says": says, "reason": reasonText, "date": date, "moment": moment, "safe": web.SafeNext,
	}).ParseFS(files, "templates/*.html")
	return &echo.TemplateRenderer{Template: t}, err
}

// page is what a template gets.
type page struct {
	// Answer is what comes next in a flow, or what went wrong.
	Answer web.Answer
	// Form is what was sent, for a form that is shown again. No template shows a
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
	Data  any
}

// show writes a page for the visitor. The zero Answer is a page like any other.
func (s *shop) show(c *echo.Context, name string, a web.Answer, data any) error {
	r, w := c.Request(), c.Response()
	p := page{Answer: a, Items: s.items(r.Context()), Data: data}
	p.Form, _ = c.FormValues() // what cannot be read is not shown again
	if session, held, err := web.Held(r.Context()); err == nil && !session.IsZero() {
		// A page is shown to a guest rather than not at all.
		if p.Status, err = s.keeper.Lookup(r.Context(), session.Account); err == nil {
			p.Held, p.Email = held, s.emailOf(r.Context(), session.Account)
		}
	}
	var err error
	if p.Rules, err = s.keeper.Describe(p.Status.Group); err != nil {
		return err
	}
	if a.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(a.RetryAfter.Seconds()))))
	}
	return c.Render(cmp.Or(a.Status, http.StatusOK), name, p)
}

// form shows a form whose answer goes to the Keeper: its tickets are for this
// browser alone.
func (s *shop) form(name string) echo.HandlerFunc {
	return func(c *echo.Context) error {
		web.Browser(c.Response(), c.Request())
		return s.show(c, name, web.Answer{}, nil)
	}
}

// picture is the QR code of an offered factor, inside the page, so that no other
// request can fetch it.
func picture(e rotate.Enrollment, email string) (template.URL, error) {
	png, err := e.QR(email, 240)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)), err
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
