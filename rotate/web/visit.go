package web

import (
	"context"
	"net/http"
	"sync"

	"github.com/tillkey/tillkey/rotate"
)

// visit is one request as the gate knows it.
type visit struct {
	// look asks once, at the first call.
	look func() seen
	// settled is true once the sign-in was dropped if it had to be, and an error
	// was told.
	settled bool
}

type visitKey struct{}

// open puts a visit into a request.
func (g Gate) open(r *http.Request) (*visit, *http.Request) {
	v := &visit{look: sync.OnceValue(func() seen { return g.look(r) })}
	return v, r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// visitOf returns the visit of a request, nil where no gate stands before.
func visitOf(r *http.Request) *visit {
	v, _ := r.Context().Value(visitKey{}).(*visit)
	return v
}

// visitOf returns the visit of a request, or opens one.
func (g Gate) visitOf(r *http.Request) (*visit, *http.Request) {
	if v := visitOf(r); v != nil {
		return v, r
	}
	return g.open(r)
}

// becomes makes the visit that of somebody else, who was just looked at.
func (v *visit) becomes(s seen) {
	if v != nil {
		v.look, v.settled = func() seen { return s }, true
	}
}

// settle looks, drops a sign-in that is over, and tells of what went wrong.
func (v *visit) settle(g Gate, w http.ResponseWriter, r *http.Request) seen {
	s := v.look()
	if v.settled {
		return s
	}
	v.settled = true
	if s.err != nil {
		g.failed(r, s.err)
	}
	if s.over && g.Drop != nil {
		// It is over whether or not it can be dropped: the Keeper is asked again
		// at the next request.
		if err := g.Drop(w, r); err != nil {
			g.failed(r, err)
		}
	}
	return s
}

// From returns the session of a signed-in visitor. It is false for guests, for
// those who must do something else first, and where nobody knows: whoever it
// is true for may do what customers may do.
//
// ctx is that of a request behind [Gate.Wrap], [Gate.SignedIn] or [Gate.Fresh].
func From(ctx context.Context) (rotate.Session, bool) {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		return rotate.Session{}, false
	}
	s := v.look()
	if !s.signedIn() {
		return rotate.Session{}, false
	}
	return s.decision.Session, true
}

// Held returns the session a visitor holds, good or not quite, and what the
// Keeper says about it. It is for the pages of Change, Enroll, Confirm and
// StepUp, and for telling a customer of a change that is due later; every other
// page asks [From].
//
// The session is zero for guests and for those whose sign-in is over: send them
// to the sign-in page. The error is that of [Gate.Decide].
func Held(ctx context.Context) (rotate.Session, rotate.Decision, error) {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		return rotate.Session{}, rotate.Decision{}, nil
	}
	s := v.look()
	if s.over {
		return rotate.Session{}, s.decision, s.err
	}
	return s.session, s.decision, s.err
}
