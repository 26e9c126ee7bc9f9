package web

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate"
)

// Follow does what a verb of the Keeper decided about a visitor, and tells the
// rest as [Outcome] does: after "proceed" it has called [Gate.SignIn]; after
// "sign_in_again", as after a reset or the fifth wrong proof, [Gate.SignOut],
// if there is a Drop. All that is left to a handler is to show the page of the
// code.
//
// Where the sign-in could not be kept or dropped, the answer is 503, or 500 for
// [ErrGate], and nobody was signed in. Failed is told of that, and of every error
// of the Keeper that is not the visitor's doing.
func (g Gate) Follow(w http.ResponseWriter, r *http.Request, d rotate.Decision, err error) Answer {
	a := Outcome(d, err)
	switch {
	case a.Status >= http.StatusInternalServerError:
		g.failed(r, err)
		return a
	case a.Code == rotate.Proceed.String():
		err = g.SignIn(w, r, d.Session)
	case a.Code == codeSignIn && g.Drop != nil:
		err = g.SignOut(w, r)
	default:
		return a
	}
	if err != nil {
		g.failed(r, err)
		return closed(err)
	}
	return a
}
