package rotate

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Next is what the shop does after a question to the [Keeper].
type Next int

// The next steps. Only Proceed comes with a session.
const (
	// SignInAgain: nobody is signed in. Show the sign-in page, keep the cart.
	SignInAgain Next = iota
	// Proceed: the customer is signed in; keep Decision.Session.
	Proceed
	// NeedCode: the password was right; ask for a code of the second factor and
	// pass it to Continue with the ticket.
	NeedCode
	// NeedEnroll: a second factor is required and there is none. Pass the ticket
	// to Enroll, then to Confirm with the first code.
	NeedEnroll
	// NeedNewPassword: the password must be changed first. With a ticket, pass
	// the new one to Continue; with an open session, to Change. Decision.Proof
	// says what else is needed.
	NeedNewPassword
)

var nextNames = [...]string{"sign_in_again", "proceed", "need_code", "need_enroll", "need_new_password"}

// String returns the step's stable name, as in "need_code".
func (n Next) String() string {
	if n < 0 || int(n) >= len(nextNames) {
		return fmt.Sprintf("Next(%d)", int(n))
	}
	return nextNames[n]
}

// Decision is the answer of the Keeper: what to do next, and with what.
type Decision struct {
	Next Next
	// Session is the session to keep; the zero Session unless Next is Proceed.
	Session Session
	// Ticket carries what was proven so far to the next step, for a few minutes
	// and in this browser only. Put it into the form, not into a URL or a log.
	Ticket string
	// Reason, Proof and By say why, with what more than was shown already and
	// until when the password must be changed. With Proceed, By lies ahead: warn the customer.
	Reason Reason
	Proof  Proof
	By     time.Time
	// Unmet is true where the password is known not to meet the present policy
	// and Rules.Recheck is on. With Proceed, ask the customer to choose another.
	Unmet bool
}

// Format hides the ticket from package fmt.
func (d Decision) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "rotate.Decision{%s reason=%q}", d.Next, string(d.Reason))
}

// LogValue hides the ticket from package log/slog.
func (d Decision) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(d)) }

// MarshalJSON refuses to write the session and the ticket; an answer in JSON
// names the fields it wants.
func (d Decision) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// ErrDenied is what every [*Denied] is: the name, the password or the code was
// not accepted. Tell the customer the same whichever it was.
var ErrDenied = errors.New("rotate: denied")

// Denied says that a proof was not accepted.
type Denied struct {
	// RetryAfter is how long the next guess has to wait; 0 if it need not.
	RetryAfter time.Duration
	// Code is true where the password was right and only the code was not; the
	// ticket, if there was one, is still good.
	Code bool
}

// Error never tells whether the account exists.
func (d *Denied) Error() string {
	if d.RetryAfter > 0 {
		return fmt.Sprintf("rotate: denied, retry after %v", d.RetryAfter.Round(time.Second))
	}
	return ErrDenied.Error()
}

// Is makes errors.Is(err, ErrDenied) true.
func (d *Denied) Is(target error) bool { return target == ErrDenied }

var (
	// ErrTicket: the ticket is malformed, too old, used, for another step, for
	// another browser, or overtaken by a change. Start again at the sign-in page.
	ErrTicket = errors.New("rotate: ticket refused")
	// ErrProof: what was shown is not enough to change the password or the
	// second factor now. Decision.Proof says what is; offer to mail a ticket.
	ErrProof = errors.New("rotate: this change needs another proof")
	// ErrBrowser: no browser value was given, so no ticket could be bound to it.
	// Give every visitor a random cookie and pass its value; package web does.
	ErrBrowser = errors.New("rotate: no browser value of 16 bytes or more")
)

// Proof values carry passwords and codes, so none of these types prints them.
// The verbs %p and a misplaced %w ask no value how it wants to be printed; go
// vet reports both.

func redacted(f fmt.State, name string) { _, _ = io.WriteString(f, "rotate."+name+"{redacted}") }

var errNotJSON = errors.New("rotate: holds secrets, is not written as JSON")
