package rotate

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/tillkey/tillkey/totp"
)

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
	t, f, c, profile, err := k.redeem(ctx, p.Ticket, p, forEnroll)
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

// offer makes a secret and the pending factor that holds it under seal.
func (k *Keeper) offer(key, account string, p Profile) (Enrollment, Factor, error) {
	now := k.now()
	e := Enrollment{Secret: totp.NewSecret(), Issuer: p.Issuer, Until: now.Add(pendingFor)}
	pending := Factor{ID: newID(), Since: now}
	return e, pending, k.sealSeed(key, account, &pending, e.Secret)
}
