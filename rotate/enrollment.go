package rotate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// recoveryCodes is how many recovery codes a customer gets.
const recoveryCodes = 10

// freshFor is how long a sign-in by other means than a password proves enough
// to change the second factor of an account without one.
const freshFor = 5 * time.Minute

// ErrFactor: there is no second factor to do this with, or none is offered any
// more. Call Enroll.
var ErrFactor = errors.New("rotate: no such second factor")

// Enrollment is a second factor on offer. Show it once, over a page that is
// not cached, and ask for its first code.
type Enrollment struct {
	Secret totp.Secret
	// Issuer is the profile's, as the app will show it.
	Issuer string
	// Until is when the offer ends, 10 minutes after it was made.
	Until time.Time
}

// URI returns the otpauth URI for an authenticator app; label is how the
// customer knows the account, as an e-mail address. It holds the secret.
func (e Enrollment) URI(label string) string { return e.Secret.URI(e.Issuer, label) }

// QR returns the URI as a PNG picture of about so many pixels a side.
func (e Enrollment) QR(label string, pixels int) ([]byte, error) {
	return e.Secret.QR(e.Issuer, label, pixels)
}

// Format hides the secret from package fmt.
func (e Enrollment) Format(f fmt.State, _ rune) { redacted(f, "Enrollment") }

// LogValue hides the secret from package log/slog.
func (e Enrollment) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(e)) }

// MarshalJSON refuses to write secrets.
func (e Enrollment) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// Enroll offers a second factor; nothing changes until Confirm. It needs the
// current password, a code where there is a factor already, and a mailed
// ticket while a change is due for a compromise. After NeedEnroll, Proofs.Ticket
// takes the place of session and password, not of the mailed ticket. An account
// without a password needs a sign-in of the last 5 minutes.
//
// Errors: [*Denied]; [ErrProof], more is needed; [ErrSession] and [ErrTicket],
// sign in again.
func (k *Keeper) Enroll(ctx context.Context, s Session, p Proofs) (Enrollment, error) {
	p = p.clone()
	if p.Ticket != "" {
		return k.enrollWithTicket(ctx, p)
	}
	h, err := k.hold(ctx, s, p)
	if err != nil {
		return Enrollment{}, err
	}
	if err := h.proveForFactor(ctx, p); err != nil {
		return Enrollment{}, err
	}
	e, pending, err := k.offer(h.flow.key, h.row.Account, h.profile)
	if err != nil {
		return Enrollment{}, err
	}
	_, err = h.finish(ctx, h.row.Factor != nil, p, func(c *Credential, _ time.Time) ([]Event, error) {
		c.Pending = &pending
		return nil, nil
	})
	if err != nil {
		return Enrollment{}, err
	}
	return e, nil
}

func (k *Keeper) enrollWithTicket(ctx context.Context, p Proofs) (Enrollment, error) {
	t, f, c, profile, err := k.enrollTicket(ctx, p)
	if err != nil {
		return Enrollment{}, err
	}
	if err := k.proveOutOfBand(ctx, p, c, profile, f); err != nil {
		return Enrollment{}, err
	}
	e, pending, err := k.offer(f.key, c.Account, profile)
	if err != nil {
		return Enrollment{}, err
	}
	err = k.store.Update(ctx, t.Account, func(c *Credential) ([]Event, error) {
		if !t.holds(c) || t.spent(c) {
			return nil, ErrTicket
		}
		c.Pending = &pending
		return nil, nil
	})
	if err != nil {
		return Enrollment{}, err
	}
	return e, nil
}

// enrollTicket opens the ticket of NeedEnroll and loads its row.
func (k *Keeper) enrollTicket(ctx context.Context, p Proofs) (ticket, flow, *Credential, Profile, error) {
	fail := func(err error) (ticket, flow, *Credential, Profile, error) {
		return ticket{}, flow{}, nil, Profile{}, err
	}
	if wait, ok := k.sources.take(p.Source, k.now()); !ok {
		return fail(&Denied{RetryAfter: wait, Code: true})
	}
	t, err := k.openTicket(p.Ticket, p.Browser, forEnroll)
	if err != nil {
		return fail(err)
	}
	f, err := k.begin(ctx)
	if err != nil {
		return fail(err)
	}
	c, profile, err := k.holder(ctx, t)
	if err != nil {
		return fail(err)
	}
	f.seq = t.Seq
	return t, f, c, profile, nil
}

// offer makes a secret and the pending factor that holds it under seal.
func (k *Keeper) offer(key, account string, p Profile) (Enrollment, Factor, error) {
	now := k.now()
	e := Enrollment{Secret: totp.NewSecret(), Issuer: p.Issuer, Until: now.Add(pendingFor)}
	pending := Factor{ID: newID(), Since: now}
	return e, pending, k.sealSeed(key, account, &pending, e.Secret)
}

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
	t, f, c, profile, err := k.enrollTicket(ctx, p)
	if err != nil {
		return Decision{}, err
	}
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
		out.settle(k, c, f, profile.Rules, append(slices.Clip(t.Methods), MethodCode), p.Browser, now)
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

// factorChanged ends what was bound to the former state of the factor.
func (k *Keeper) factorChanged(c *Credential) {
	c.Pending = nil
	c.CodeGuesses.Clear()
	c.Epoch = newEpoch()
	c.Spent, c.Ended = nil, nil
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
	due := profile.Rules.Due(c, f.orders, k.now())
	if due.Proof != ProofOutOfBand {
		return nil
	}
	mailed, err := k.mailedProof(ctx, p, c, due)
	if err == nil && !mailed {
		err = ErrProof
	}
	return err
}

func newRecovery() ([]totp.RecoveryCode, []totp.Sum, error) {
	codes, err := totp.NewRecoveryCodes(recoveryCodes)
	sums := make([]totp.Sum, len(codes))
	for i, c := range codes {
		sums[i] = c.Sum()
	}
	return codes, sums, err
}
