package rotate

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// freshFor is how long a sign-in by other means than a password proves enough
// to change the second factor of an account without one.
const freshFor = 5 * time.Minute

// ErrFactor: there is no second factor to do this with, or none is offered any
// more. Call Enroll.
var ErrFactor = errors.New("rotate: no such second factor")

// factorChanged ends what was bound to the former state of the factor.
func (k *Keeper) factorChanged(c *Credential) {
	c.Pending = nil
	c.CodeGuesses.Clear()
	endAll(c)
}

// Unenroll removes the second factor. It needs the current password and a code
// of either kind, and a mailed ticket while a change is due for a compromise.
// Every other session ends. Where the rules require a factor, the next question
// to Valid is answered with NeedEnroll.
//
// Errors: [*Denied], [ErrProof], [ErrSession]; [ErrFactor], there is none.
func (k *Keeper) Unenroll(ctx context.Context, s Session, p Proofs) (Decision, error) {
	return k.changeFactor(ctx, s, p.clone(), func(key string, c *Credential) ([]Event, error) {
		if err := k.rebind(key, c, nil); err != nil {
			return nil, err
		}
		c.Recovery = nil
		return []Event{k.event(FactorRemoved, c.Account)}, nil
	})
}

// RecoveryCodes replaces the recovery codes by ten new ones, to be shown once.
// It needs what Unenroll needs. Every other session ends.
//
// Errors are those of Unenroll.
func (k *Keeper) RecoveryCodes(ctx context.Context, s Session, p Proofs) (Decision, []totp.RecoveryCode, error) {
	codes, sums, err := newRecovery()
	if err != nil {
		return Decision{}, nil, err
	}
	d, err := k.changeFactor(ctx, s, p.clone(), func(_ string, c *Credential) ([]Event, error) {
		c.Recovery = slices.Clone(sums)
		return []Event{k.event(RecoveryIssued, c.Account)}, nil
	})
	if err != nil {
		return d, nil, err
	}
	return d, codes, nil
}

// changeFactor is what every change of an enrolled factor has in common.
func (k *Keeper) changeFactor(ctx context.Context, s Session, p Proofs, change func(key string, c *Credential) ([]Event, error)) (Decision, error) {
	h, err := k.hold(ctx, s, p)
	if err != nil {
		return h.decision, err
	}
	if h.row.Factor == nil {
		return Decision{}, ErrFactor
	}
	if !p.hasCode() {
		return Decision{Next: NeedCode}, ErrProof
	}
	if err := h.proveForFactor(ctx, p); err != nil {
		return h.decision, err
	}
	return h.finish(ctx, true, p, func(c *Credential, _ time.Time) ([]Event, error) {
		if !sameForced(c.Forced, h.row.Forced) {
			return nil, ErrProof
		}
		events, err := change(h.flow.key, c)
		k.factorChanged(c)
		return events, err
	})
}

// proveForFactor asks for all proofs of a change of the factor but the code.
func (h *held) proveForFactor(ctx context.Context, p Proofs) error {
	if err := h.k.proveOutOfBand(ctx, p, h.row, h.profile, h.flow); err != nil {
		return err
	}
	if h.row.Factor != nil && !p.hasCode() {
		return ErrProof
	}
	if h.row.Password == "" {
		if h.k.now().Sub(h.session.AuthTime) > freshFor {
			return ErrProof
		}
		return nil
	}
	return h.provePassword(ctx, p.Password)
}

// proveOutOfBand asks for a mailed ticket while a change is due that the
// password proves nothing for: whoever stole it must not set up a factor, whose
// codes would then be a proof.
func (k *Keeper) proveOutOfBand(ctx context.Context, p Proofs, c *Credential, profile Profile, f flow) error {
	due := profile.Due(c, f.orders, k.now())
	if due.Proof != ProofOutOfBand {
		return nil
	}
	mailed, err := k.mailedProof(ctx, p, c, due)
	if err == nil && !mailed {
		err = ErrProof
	}
	return err
}
