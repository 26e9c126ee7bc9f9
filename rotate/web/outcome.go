package web

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate"
)

// Outcome is the answer to what a verb of the Keeper returned: Login, Continue,
// SignUp, Change and all others that return a Decision. Its code is "proceed",
// after which the handler calls [Gate.SignIn]; the step that is next; or that of
// [Failure] where there was an error. A handler for programs writes it; one for
// pages shows the form of the code. [Gate.Follow] signs in, too.
//
// The step, its ticket, and what a change needs are in it beside an error, too: a
// wrong code or a refused password is asked for again with them.
//
// Its status is 200 for every step: that a code is asked for is no failure.
// After [rotate.SignInAgain] it is 401.
func Outcome(d rotate.Decision, err error) Answer {
	a := Answer{Status: http.StatusOK, Code: d.Next.String()}
	switch {
	case err != nil:
		if a = Failure(err); d.Next != rotate.SignInAgain && d.Next != rotate.Proceed {
			a.Next = d.Next.String()
		}
	case d.Next == rotate.SignInAgain:
		a.Status = http.StatusUnauthorized
	}
	a.Reason, a.Proof, a.By, a.Unmet, a.Ticket = d.Reason, d.Proof, d.By, d.Unmet, d.Ticket
	return a
}
