package web

import (
	"context"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// Verb is one call of the Keeper: who asks, the zero Session for guests, and what
// was sent, go in. [Gate.Login] and its neighbours are verbs.
type Verb func(ctx context.Context, s rotate.Session, in Input) (rotate.Decision, error)

// Ask is a whole handler but for the page: it reads the request ([Read]), asks
// the Keeper, and keeps or drops the sign-in ([Gate.Follow]). The handler shows
// the page of the answer's code.
//
//	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
//		show(w, r, gate.Ask(w, r, gate.Login))
//	})
//
// The session is that of [Held], good or not quite.
func (g Gate) Ask(w http.ResponseWriter, r *http.Request, do Verb) Answer {
	in, err := Read(w, r)
	if err != nil {
		return Failure(err)
	}
	_, r = g.visitOf(r)
	s, _, err := Held(r.Context())
	if err != nil {
		return closed(err)
	}
	d, err := do(r.Context(), s, in)
	return g.Follow(w, r, d, err)
}

// Enroll offers a second factor to who is signed in, by the "password", or at a
// sign-in by its "ticket"; see [rotate.Keeper.Enroll]. Where the code of the
// answer is "need_enroll", the page shows the offer once and asks for its first
// code, with the ticket of the answer.
func (g Gate) Enroll(w http.ResponseWriter, r *http.Request) (a Answer, offer rotate.Enrollment) {
	a = g.Ask(w, r, func(ctx context.Context, s rotate.Session, in Input) (d rotate.Decision, err error) {
		offer, err = g.Keeper.Enroll(ctx, s, in.Proofs)
		return rotate.Decision{Next: rotate.NeedEnroll, Ticket: in.Ticket}, err
	})
	return a, offer
}

// Confirm puts the offered factor in force with its first "code"; see
// [rotate.Keeper.Confirm]. The recovery codes are shown once.
func (g Gate) Confirm(w http.ResponseWriter, r *http.Request) (a Answer, codes []totp.RecoveryCode) {
	return g.codes(w, r, g.Keeper.Confirm)
}

// RecoveryCodes makes new recovery codes; see [rotate.Keeper.RecoveryCodes].
// They are shown once.
func (g Gate) RecoveryCodes(w http.ResponseWriter, r *http.Request) (a Answer, codes []totp.RecoveryCode) {
	return g.codes(w, r, g.Keeper.RecoveryCodes)
}

func (g Gate) codes(w http.ResponseWriter, r *http.Request,
	do func(context.Context, rotate.Session, rotate.Proofs) (rotate.Decision, []totp.RecoveryCode, error),
) (a Answer, codes []totp.RecoveryCode) {
	a = g.Ask(w, r, func(ctx context.Context, s rotate.Session, in Input) (d rotate.Decision, err error) {
		d, codes, err = do(ctx, s, in.Proofs)
		return d, err
	})
	return a, codes
}

// Login signs in with "email", or "username", and "password"; see
// [rotate.Keeper.Login]. A "code" may be sent at once.
func (g Gate) Login(ctx context.Context, _ rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.Login(ctx, in.Attempt())
}

// Continue takes the next step of a sign-in with its "ticket": a "code" or
// "recovery" code, or a "new_password"; see [rotate.Keeper.Continue].
func (g Gate) Continue(ctx context.Context, _ rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.Continue(ctx, in.Ticket, in.Proofs)
}

// Change sets a "new_password" with the "password" and what else is needed; see
// [rotate.Keeper.Change].
func (g Gate) Change(ctx context.Context, s rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.Change(ctx, s, in.Proofs)
}

// Reset sets a "new_password" with the "ticket" that came by mail; see
// [rotate.Keeper.Reset].
func (g Gate) Reset(ctx context.Context, _ rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.Reset(ctx, in.Ticket, in.Proofs)
}

// StepUp takes a fresh proof, a "code" or the "password"; see
// [rotate.Keeper.StepUp].
func (g Gate) StepUp(ctx context.Context, s rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.StepUp(ctx, s, in.Proofs)
}

// Unenroll removes the second factor; see [rotate.Keeper.Unenroll].
func (g Gate) Unenroll(ctx context.Context, s rotate.Session, in Input) (rotate.Decision, error) {
	return g.Keeper.Unenroll(ctx, s, in.Proofs)
}
