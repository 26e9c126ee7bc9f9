package rotate

import (
	"context"
	"errors"
	"time"
)

// Change sets a new password for a signed-in customer who knows the current
// one (ASVS 5.0, 6.2.3). It ends every other session and returns the session
// to go on with. A change that is due for a compromise also needs a code of
// the second factor or a mailed ticket.
//
// Errors: [*Denied], the current password or the code was wrong; [ErrSession],
// the session is over, also beside Denied after the fifth wrong proof: ask for it
// first; [*policy.Refusal]; [ErrProof], mail a ticket and ask again.
func (k *Keeper) Change(ctx context.Context, s Session, p Proofs) (Decision, error) {
	p = p.clone()
	h, err := k.hold(ctx, s, p)
	if err != nil {
		return h.decision, err
	}
	due := h.profile.Due(h.row, h.flow.orders, k.now())
	wanted := Decision{Next: NeedNewPassword, Reason: due.Reason, Proof: due.Proof, By: due.By}
	mailed, err := k.mailedProof(ctx, p, h.row, due)
	if err != nil {
		return Decision{}, err
	}
	if due.Proof == ProofOutOfBand && !mailed && !(h.row.Factor != nil && p.hasCode()) {
		return wanted, ErrProof
	}
	if err := h.provePassword(ctx, p.Password); err != nil {
		return h.decision, err
	}
	n, err := k.newPassword(h.profile.proven(ctx), h.flow, h.row, h.profile, p.Password, p.NewPassword, nil)
	if err != nil {
		// The proof was right: looking for an acceptable password costs no guess.
		return wanted, errors.Join(err, h.giveBack(ctx))
	}
	return h.finish(ctx, due.Proof == ProofOutOfBand && !mailed, p, func(c *Credential, now time.Time) ([]Event, error) {
		e, err := n.write(k, c, h.flow, due, now)
		return []Event{e, k.event(PasswordChanged, c.Account)}, err
	})
}
