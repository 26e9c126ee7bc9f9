package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
)

// Decide asks what is to be done about a request, and changes nothing: Proceed
// with the session, SignInAgain for guests and for those whose sign-in is over,
// NeedNewPassword or NeedEnroll for those who have to do that first.
//
// It does not look at Allow. Pass both results to [Gate.Answer]. Who calls it
// without Wrap removes the sign-in, if there is one, where the answer is
// SignInAgain.
//
// An error means that nobody knows, as the session store or the Store of the
// Keeper could not be asked; or it is [ErrGate].
func (g Gate) Decide(r *http.Request) (rotate.Decision, error) {
	s := g.look(r)
	return s.decision, s.err
}

// Answer turns a decision into what the visitor gets in place of the page;
// pass is true where the visitor gets the page, guests too.
//
// It is Status 403 with the code of the step, "need_new_password" or
// "need_enroll", and the page in Location; 503 "unavailable" where nobody knows.
func (g Gate) Answer(r *http.Request, d rotate.Decision, err error) (a Answer, pass bool) {
	if err != nil {
		return closed(err), false
	}
	p := g.Pages.filled()
	switch d.Next {
	case rotate.Proceed, rotate.SignInAgain:
		return Answer{}, true
	case rotate.NeedNewPassword:
		return stepAnswer(r, d, p.NewPassword), false
	case rotate.NeedEnroll:
		return stepAnswer(r, d, p.Enroll), false
	}
	return Failure(fmt.Errorf("%w: the Keeper answered %v to an open session", ErrGate, d.Next)), false
}

// closed is the answer where a store could not be asked or told.
func closed(err error) Answer {
	a := Failure(err)
	if a.Status < http.StatusInternalServerError {
		// Whatever a session store calls it, it says nothing of the visitor.
		a = Answer{Status: http.StatusServiceUnavailable, Code: codeUnavailable, RetryAfter: retrySoon}
	}
	return a
}

// stepAnswer leads to the page of a step that comes first.
func stepAnswer(r *http.Request, d rotate.Decision, page string) Answer {
	a := toPage(r, http.StatusForbidden, d.Next.String(), page)
	a.Reason, a.Proof, a.Unmet = d.Reason, d.Proof, d.Unmet
	return a
}

// toPage leads to a page of the shop.
func toPage(r *http.Request, status int, code, page string) Answer {
	return Answer{Status: status, Code: code, Location: page + back(r)}
}

// seen is what the gate found out about a visitor.
type seen struct {
	session  rotate.Session
	decision rotate.Decision
	err      error
	// over is true where there is a sign-in that is to be dropped.
	over bool
}

// look loads the session and asks the Keeper about it.
func (g Gate) look(r *http.Request) seen {
	if g.Keeper == nil || g.Load == nil {
		return seen{err: fmt.Errorf("%w: Keeper and Load are required", ErrGate)}
	}
	s, err := g.Load(r)
	switch {
	case errors.Is(err, rotate.ErrSession):
		return seen{over: true}
	case err != nil:
		return seen{err: err}
	case s.IsZero():
		return seen{}
	}
	d, err := g.Keeper.Valid(r.Context(), s)
	if err != nil {
		return seen{err: err}
	}
	return seen{session: s, decision: d, over: d.Next == rotate.SignInAgain}
}

// signedIn tells whether the visitor may do what customers may do.
func (s seen) signedIn() bool { return s.err == nil && s.decision.Next == rotate.Proceed }
