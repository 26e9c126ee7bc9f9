package web

import (
	"fmt"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
)

// SignIn keeps the session of a Decision whose Next is Proceed, under a new
// session id. Call it after Login, Continue, SignUp, Admit, Change, Confirm,
// Unenroll, RecoveryCodes and StepUp alike: each returns the session to go on
// with. If it fails, nobody is signed in. [From] knows the session for the rest
// of the request.
//
// Errors are those of Renew and Keep; [rotate.ErrSession] for the zero session;
// [ErrGate] without Keep.
func (g Gate) SignIn(w http.ResponseWriter, r *http.Request, s rotate.Session) error {
	if s.IsZero() {
		return fmt.Errorf("%w: it is nobody's", rotate.ErrSession)
	}
	if g.Keep == nil {
		return fmt.Errorf("%w: Keep is required to sign in", ErrGate)
	}
	if g.Renew != nil {
		if err := g.Renew(w, r); err != nil {
			return err
		}
	}
	if err := g.Keep(w, r, s); err != nil {
		return err
	}
	visitOf(r).becomes(seen{session: s, decision: rotate.Decision{Next: rotate.Proceed, Session: s}})
	return nil
}

// SignOut drops the sign-in of this browser, keeps the cart, and renews the
// session id. To end the sessions of all browsers, call
// [rotate.Keeper.EndSessions].
//
// Errors are those of Drop and Renew; [ErrGate] without Drop, as nothing could
// be done.
func (g Gate) SignOut(w http.ResponseWriter, r *http.Request) error {
	if g.Drop == nil {
		return fmt.Errorf("%w: Drop is required to sign out", ErrGate)
	}
	if err := g.Drop(w, r); err != nil {
		return err
	}
	visitOf(r).becomes(seen{})
	if g.Renew != nil {
		return g.Renew(w, r)
	}
	return nil
}
