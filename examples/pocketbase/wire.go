package main

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
	"github.com/tillkey/tillkey/totp"
)

// maxBody bounds what is read of a request about a password.
const maxBody = 64 << 10

const qrPixels = 240

// form is what a request brings. PocketBase's clients call the ticket of a
// sign-in mfaId, and one that came by mail token.
type form struct {
	rotate.Proofs
	MfaID, Token, Email, Name string
}

// read takes a form. Where it comes from is not the visitor's to say.
func read(e *core.RequestEvent) (f form, err error) {
	err = e.BindBody(&f)
	f.Ticket, f.Source, f.Browser = f.MfaID, e.RealIP(), web.Browser(e.Response, e.Request)
	if e.Auth != nil && f.Email == "" {
		f.Email = e.Auth.Email()
	}
	return f, err
}

// offered shows a second factor that is on offer, once, with the ticket to go on
// with at a sign-in.
func offered(f form) func(rotate.Enrollment, error) (any, error) {
	return func(e rotate.Enrollment, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		qr, err := e.QR(f.Email, qrPixels)
		return map[string]any{"secret": e.Secret.Reveal(), "uri": e.URI(f.Email), "qr": qr, "until": e.Until, "mfaId": f.MfaID}, err
	}
}

// revealed shows new recovery codes, once.
func revealed(d rotate.Decision, codes []totp.RecoveryCode, err error) (rotate.Decision, any, error) {
	if err != nil {
		return d, nil, err
	}
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = code.Reveal()
	}
	return d, map[string]any{"recoveryCodes": texts}, nil
}

// problem is an error in PocketBase's form, and a code to go by.
type problem struct {
	*router.ApiError
	Code     string        `json:"code"`
	Location string        `json:"location,omitempty"`
	Reason   rotate.Reason `json:"reason,omitempty"`
	Proof    rotate.Proof  `json:"proof,omitempty"`
	// MfaID goes into the next step, as with PocketBase's own second methods.
	MfaID string `json:"mfaId,omitempty"`
	Meta  any    `json:"meta,omitempty"`
}

// answer is what a visitor gets who is not signed in by it: the next step, what
// was wrong, what is to be shown, or nothing but that it was done.
func answer(e *core.RequestEvent, d rotate.Decision, show any, err error) error {
	if errors.As(err, new(*router.ApiError)) {
		return err // it is PocketBase's already
	}
	if err != nil || d.Next != rotate.SignInAgain {
		return refuse(e.Response, web.Outcome(d, err), show)
	}
	if show != nil {
		return e.JSON(http.StatusOK, show)
	}
	return e.NoContent(http.StatusNoContent)
}

// reply is the gate's own answer.
func reply(w http.ResponseWriter, _ *http.Request, a web.Answer) {
	_ = refuse(w, a, nil) // who has gone cannot be told so
}

// refuse writes an answer as PocketBase writes errors. What is wrong with a
// password is in data.password, all at once: the texts for people, and in params
// each problem with its own code and params.
func refuse(w http.ResponseWriter, a web.Answer, show any) error {
	switch {
	case a.Code == rotate.NeedCode.String():
		a.Status = http.StatusUnauthorized // as PocketBase asks for a second method
	case a.Status == http.StatusOK:
		a.Status = http.StatusForbidden
	}
	var data any
	if len(a.Problems) > 0 {
		texts := make([]string, len(a.Problems))
		for i, p := range a.Problems {
			texts[i] = p.Text
		}
		data = validation.Errors{"password": validation.NewError(a.Code, strings.Join(texts, " ")).
			SetParams(map[string]any{"problems": a.Problems})}
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if a.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(a.RetryAfter.Seconds()))))
	}
	w.WriteHeader(a.Status)
	return json.NewEncoder(w).Encode(problem{
		ApiError: router.NewApiError(a.Status, message(a.Code), data), Code: a.Code, Location: a.Location,
		Reason: a.Reason, Proof: a.Proof, MfaID: a.Ticket, Meta: show,
	})
}

// message is the sentence for a code.
func message(code string) string {
	switch code {
	case "need_code":
		return "Please give a code of your second factor."
	case "need_new_password":
		return "Please choose a new password first."
	case "need_enroll":
		return "Please set up a second factor first."
	case "need_proof":
		return "This needs another proof, such as one by mail."
	case "step_up":
		return "Please confirm that it is you."
	case "sign_in_again":
		return "Please sign in."
	case "denied":
		return "That did not work."
	case "wait":
		return "That was tried too often. Please wait."
	case "refused":
		return "This cannot be chosen."
	case "bad_ticket":
		return "This is too old or was used. Please start again."
	case "conflict":
		return "Something has changed meanwhile. Please look again."
	case "not_found":
		return "There is no such thing."
	}
	return "This does not work right now. Please try again."
}
