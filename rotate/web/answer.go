package web

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// Answer is an answer in place of a page. Codes are stable; tell them apart by
// them, and translate by them.
type Answer struct {
	// Status is the status for a program that reads it.
	Status int
	// Code says what is to be done, as "need_new_password".
	Code string
	// Location is the page to go to, a path on the same origin; "" if none.
	Location string
	// Reason, Proof and By say why a change is due, what it needs and until when.
	Reason rotate.Reason
	Proof  rotate.Proof
	By     time.Time
	// Unmet is true where the password is known to be below the present policy.
	Unmet bool
	// Next is the step that the visitor is at, beside a code that tells what went
	// wrong, as "need_code" after a wrong code; "" where the code is the step, or
	// the sign-in starts again.
	Next string
	// Ticket goes into the form of the next step, or back to the program that
	// takes it; "" where there is none.
	Ticket string
	// RetryAfter is how long to wait; 0 if there is no need to.
	RetryAfter time.Duration
	// Problems are those of a password that was refused.
	Problems []policy.Problem
}

// Codes of answers besides the names of [rotate.Next]: "proceed", "need_code",
// "need_new_password", "need_enroll", "sign_in_again".
const (
	codeSignIn      = "sign_in_again"
	codeStepUp      = "step_up"
	codeRefused     = "refused"
	codeDenied      = "denied"
	codeWait        = "wait"
	codeOverloaded  = "overloaded"
	codeUnavailable = "unavailable"
	codeTicket      = "bad_ticket"
	codeBrowser     = "no_browser"
	codeInput       = "bad_input"
	codeProof       = "need_proof"
	codeNotFound    = "not_found"
	codeConflict    = "conflict"
	codeFault       = "fault"
)

// body is the JSON of an answer.
type body struct {
	Code       string           `json:"code"`
	Location   string           `json:"location,omitempty"`
	Reason     rotate.Reason    `json:"reason,omitempty"`
	Proof      rotate.Proof     `json:"proof,omitempty"`
	By         time.Time        `json:"by,omitzero"`
	Unmet      bool             `json:"unmet,omitempty"`
	Next       string           `json:"next,omitempty"`
	Ticket     string           `json:"ticket,omitempty"`
	RetryAfter int              `json:"retry_after,omitempty"`
	Problems   []policy.Problem `json:"problems,omitempty"`
}

// MarshalJSON writes what a program gets:
//
//	{"code":"need_new_password","location":"/account/password","reason":"compromise","proof":"out_of_band"}
//
// Fields that say nothing are left out; "retry_after" is in seconds, "by" a time
// of RFC 3339.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(body{a.Code, a.Location, a.Reason, a.Proof, a.By, a.Unmet, a.Next, a.Ticket, seconds(a.RetryAfter), a.Problems})
}

// Format hides the ticket from package fmt.
func (a Answer) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "web.Answer{%d %s}", a.Status, a.Code) }

// LogValue hides the ticket from package log/slog.
func (a Answer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Write answers a request in the form it can take: a browser that opens a page
// is sent to Location with 303, or gets the status and a line of text where
// there is none; a program gets the status and JSON; htmx gets the same and
// HX-Redirect. It is never cached.
func (a Answer) Write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if s := seconds(a.RetryAfter); s > 0 {
		h.Set("Retry-After", strconv.Itoa(s))
	}
	switch form := formOf(r); {
	case form == page && a.Location != "":
		h.Set("Location", a.Location)
		// RFC 9110, 15.4.4: a short note with the way, for who does not follow it.
		a.send(w, r, http.StatusSeeOther, "text/html; charset=utf-8", `<a href="`+html.EscapeString(a.Location)+`">Continue</a>`)
	case form == page:
		a.send(w, r, a.Status, "text/plain; charset=utf-8", http.StatusText(a.Status))
	default:
		if form == htmx && a.Location != "" {
			h.Set("HX-Redirect", a.Location)
		}
		text, err := json.Marshal(a)
		if err != nil {
			text = []byte(`{"code":"` + codeFault + `"}`)
		}
		a.send(w, r, a.Status, "application/json", string(text))
	}
}

// send writes status and body, without one for HEAD.
func (a Answer) send(w http.ResponseWriter, r *http.Request, status int, media, text string) {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		// Who has gone cannot be told so.
		_, _ = io.WriteString(w, text+"\n")
	}
}

// seconds rounds up, so that who waits that long has waited long enough
// (RFC 9110, 10.2.3 counts whole seconds).
func seconds(d time.Duration) int {
	if d <= 0 {
		return 0
	}
	return int(math.Ceil(d.Seconds()))
}
