package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Wrap stands before a whole shop. For every method alike, on paths that are
// not allowed anyway:
//
//   - A guest passes. So does a customer whose session is good; [From] knows it.
//   - A sign-in that is over is dropped, the cart stays, and the visitor passes
//     as a guest.
//   - Who has to change the password or set up a second factor is sent there: a
//     page with 303, a script with 403 and JSON, htmx with HX-Redirect.
//   - Where nobody knows, as a store is down, visitors with a session get 503
//     with Retry-After.
func (g Gate) Wrap(next http.Handler) http.Handler {
	allowed := g.allowed()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, inner := g.open(r)
		if !allowed.holds(r.URL.Path) {
			s := v.settle(g, w, r)
			if a, pass := g.Answer(r, s.decision, s.err); !pass {
				g.reply(w, r, a)
				return
			}
		}
		next.ServeHTTP(w, inner)
	})
}

// SignedIn stands before pages for signed-in customers alone. Guests are sent
// to the sign-in page (401 "sign_in_again" for scripts); all else is as with
// Wrap. On the page of a step that comes first, and below it, the visitor who
// has to take that step passes: ask [Held] there.
func (g Gate) SignedIn(next http.Handler) http.Handler {
	return g.guard(next, nil)
}

// freshFor is the age [Gate.Fresh] takes for 0.
const freshFor = 5 * time.Minute

// Fresh stands before what matters: orders on account, another address, the
// second factor. It asks for what SignedIn asks for, and for a proof that is at
// most maxAge old, given with the second factor where the account has one; a
// time ahead of the clock counts as now. Who lacks it is sent to the step-up
// page (403 "step_up" for scripts), whose handler calls [rotate.Keeper.StepUp]
// and then [Gate.SignIn].
//
// 0 means 5 minutes. Where a session was opened without the second factor, it
// takes one more read of the Store to know whether there is one.
func (g Gate) Fresh(maxAge time.Duration) func(http.Handler) http.Handler {
	if maxAge <= 0 {
		maxAge = freshFor
	}
	return func(next http.Handler) http.Handler {
		return g.guard(next, func(r *http.Request, s rotate.Session) (bool, error) {
			if g.now().Sub(s.AuthTime) > maxAge {
				return false, nil
			}
			if s.SecondFactor() {
				return true, nil
			}
			status, err := g.Keeper.Lookup(r.Context(), s.Account)
			if errors.Is(err, rotate.ErrNotFound) {
				return false, fmt.Errorf("%w: its account is gone", rotate.ErrSession)
			}
			return err == nil && !status.Factor, err
		})
	}
}

// guard lets signed-in customers through, and those whose session is fresh
// enough where fresh is not nil.
func (g Gate) guard(next http.Handler, fresh func(*http.Request, rotate.Session) (bool, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, r := g.visitOf(r)
		s := v.settle(g, w, r)
		a, pass := g.Answer(r, s.decision, s.err)
		switch {
		case pass && !s.signedIn():
			a, pass = toPage(r, http.StatusUnauthorized, codeSignIn, g.Pages.filled().SignIn), false
		case !pass && g.ownPage(r.URL.Path, s):
			pass = true
		}
		if pass && fresh != nil {
			ok, err := fresh(r, s.session)
			switch {
			case err != nil:
				g.failed(r, err)
				a, pass = Failure(err), false
			case !ok:
				a, pass = toPage(r, http.StatusForbidden, codeStepUp, g.Pages.filled().StepUp), false
			}
		}
		if !pass {
			g.reply(w, r, a)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownPage tells whether the path is of the page the visitor would be sent to.
func (g Gate) ownPage(path string, s seen) bool {
	p := g.Pages.filled()
	switch {
	case s.err != nil || !isClean(path):
		return false
	case s.decision.Next == rotate.NeedNewPassword:
		return within(path, p.NewPassword)
	case s.decision.Next == rotate.NeedEnroll:
		return within(path, p.Enroll)
	}
	return false
}
