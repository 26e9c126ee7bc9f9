package rotate

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// recoveryCodes is how many recovery codes a customer gets.
const recoveryCodes = 10

// Confirm puts the offered second factor in force with its first code, which
// it consumes. While a change is due for a compromise it needs the mailed ticket
// as Enroll does: the reason may have arisen in between. The recovery codes are
// shown once and stored as sums only. Every other session ends; keep the one in
// the Decision.
//
// Errors: [*Denied], the code was wrong (after five, the session or the ticket
// is over); [ErrFactor], nothing is on offer any more; [ErrProof], mail a ticket
// and ask again; [ErrSession], [ErrTicket].
func (k *Keeper) Confirm(ctx context.Context, s Session, p Proofs) (Decision, []totp.RecoveryCode, error) {
	p = p.clone()
	codes, sums, err := newRecovery()
	if err != nil {
		return Decision{}, nil, err
	}
	var d Decision
	if p.Ticket != "" {
		d, err = k.confirmWithTicket(ctx, p, sums)
	} else {
		d, err = k.confirmWithSession(ctx, s, p, sums)
	}
	if err != nil {
		return d, nil, err
	}
	return d, codes, nil
}

func (k *Keeper) confirmWithSession(ctx context.Context, s Session, p Proofs, sums []totp.Sum) (Decision, error) {
	h, err := k.hold(ctx, s, p)
	if err != nil {
		return h.decision, err
	}
	if err := k.proveOutOfBand(ctx, p, h.row, h.profile, h.flow); err != nil {
		return Decision{}, err
	}
	secret, err := k.pendingSecret(ctx, h.row)
	if err != nil {
		return Decision{}, err
	}
	if err := h.reserve(ctx); err != nil {
		return h.decision, err
	}
	h.methods = append(h.methods, MethodCode)
	d, err := h.finish(ctx, false, p, func(c *Credential, now time.Time) ([]Event, error) {
		if !sameForced(c.Forced, h.row.Forced) {
			return nil, ErrProof
		}
		return k.confirm(h.flow.key, c, h.row.Pending.ID, secret, p.Code, h.profile.Rules.Window, sums, now)
	})
	var denied *Denied
	if errors.As(err, &denied) {
		err = h.fail(ctx, denied)
		return h.decision, err
	}
	if errors.Is(err, ErrFactor) || errors.Is(err, ErrProof) {
		return Decision{}, errors.Join(err, h.giveBack(ctx))
	}
	return d, err
}

func (k *Keeper) confirmWithTicket(ctx context.Context, p Proofs, sums []totp.Sum) (Decision, error) {
	t, f, c, profile, err := k.redeem(ctx, p.Ticket, p, forEnroll)
	if err != nil {
		return Decision{}, err
	}
	f.seq = t.Seq
	if err := k.proveOutOfBand(ctx, p, c, profile, f); err != nil {
		return Decision{}, err
	}
	secret, err := k.pendingSecret(ctx, c)
	if err != nil {
		return Decision{}, err
	}
	counter, err := k.nameKey(f.key, "confirm", t.Nonce)
	if err != nil {
		return Decision{}, err
	}
	if _, wait, err := k.count(ctx, counter, stepUpThrottle); err != nil {
		return Decision{}, err
	} else if wait > 0 {
		return Decision{}, ErrTicket
	}
	id, forced, now := c.Pending.ID, c.Forced, k.now()
	var out outcome
	err = k.store.Update(ctx, t.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if !t.holds(c) || t.spent(c) {
			return nil, ErrTicket
		}
		if !sameForced(c.Forced, forced) {
			return nil, ErrProof
		}
		events, err := k.confirm(f.key, c, id, secret, p.Code, profile.Rules.Window, sums, now)
		if err != nil {
			return nil, err
		}
		if !t.spend(c, now) {
			return nil, ErrTicket
		}
		out.settle(k, c, f, profile, append(slices.Clip(t.Methods), MethodCode), p.Browser, now)
		return events, nil
	})
	if err != nil {
		return Decision{}, err
	}
	return k.decide(ctx, out)
}

// pendingSecret opens the secret on offer.
func (k *Keeper) pendingSecret(ctx context.Context, c *Credential) (totp.Secret, error) {
	if !k.offered(c) {
		return totp.Secret{}, ErrFactor
	}
	secret, err := k.openSeed(c.Account, c.Pending)
	if err != nil {
		return totp.Secret{}, k.reportUnreadable(ctx, c)
	}
	return secret, nil
}

// offered tells whether a factor is on offer still.
func (k *Keeper) offered(c *Credential) bool {
	return c.Pending != nil && k.now().Before(c.Pending.Since.Add(pendingFor))
}

// confirm makes the pending factor the one in force.
func (k *Keeper) confirm(key string, c *Credential, id string, secret totp.Secret, code string, w totp.Window, sums []totp.Sum, now time.Time) ([]Event, error) {
	if c.Pending == nil || c.Pending.ID != id || !now.Before(c.Pending.Since.Add(pendingFor)) {
		return nil, ErrFactor
	}
	f := *c.Pending
	step, err := secret.Verify(code, now, f.Step, w)
	if err != nil {
		return nil, &Denied{Code: true}
	}
	f.Step, f.Since = step, now
	if err := k.rebind(key, c, &f); err != nil {
		return nil, err
	}
	c.Recovery = slices.Clone(sums)
	k.factorChanged(c)
	return []Event{k.event(FactorEnrolled, c.Account), k.event(RecoveryIssued, c.Account)}, nil
}

func newRecovery() ([]totp.RecoveryCode, []totp.Sum, error) {
	codes, err := totp.NewRecoveryCodes(recoveryCodes)
	sums := make([]totp.Sum, len(codes))
	for i, c := range codes {
		sums[i] = c.Sum()
	}
	return codes, sums, err
}
