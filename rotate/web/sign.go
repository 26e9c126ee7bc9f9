package web

import (
	"errors"
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
// session id. Without Drop, as with tokens, it has the Keeper end this one session
// ([rotate.Keeper.EndSession]). To end the sessions of all browsers, call
// [rotate.Keeper.EndSessions].
//
// Errors are those of Drop, or Load and EndSession, and of Renew.
func (g Gate) SignOut(w http.ResponseWriter, r *http.Request) error {
	drop := g.Drop
	if drop == nil {
		drop = g.end
	}
	if err := drop(w, r); err != nil {
		return err
	}
	visitOf(r).becomes(seen{})
	if g.Renew != nil {
		return g.Renew(w, r)
	}
	return nil
}

// end ends the session of a request, if it has one.
func (g Gate) end(_ http.ResponseWriter, r *http.Request) error {
	if g.Load == nil {
		return fmt.Errorf("%w: Load is required", ErrGate)
	}
	s, err := g.Load(r)
	if err == nil && !s.IsZero() {
		err = g.Keeper.EndSession(r.Context(), s)
	}
	if errors.Is(err, rotate.ErrSession) || errors.Is(err, rotate.ErrNotFound) {
		return nil // there is nothing to end
	}
	return err
}
