package rotate

import (
	"context"
	"fmt"
)

// stepUpTries is how many wrong proofs one session may show before it ends.
const stepUpTries = 5

// StepUp asks a signed-in customer for a fresh proof before something that
// matters: a code where there is a second factor, else the password. The
// session that comes back has a new AuthTime; keep it in place of the old one.
// Five failures end the session and never lock signing in.
//
// Errors: [ErrSession], the session is over, also beside Denied: ask for it
// first; [*Denied]; [ErrProof], the kind of proof this account needs was not
// given.
func (k *Keeper) StepUp(ctx context.Context, s Session, p Proofs) (Decision, error) {
	p = p.clone()
	h, err := k.hold(ctx, s, p)
	if err != nil {
		return h.decision, err
	}
	code := h.row.Factor != nil
	switch {
	case code && !p.hasCode():
		return Decision{Next: NeedCode}, ErrProof
	case !code:
		if err := h.provePassword(ctx, p.Password); err != nil {
			return h.decision, err
		}
	}
	return h.finish(ctx, code, p, nil)
}

func (k *Keeper) stepUpKey(key string, s Session) ([32]byte, error) {
	// A change makes another epoch and keeps the id: the count goes on.
	id, epoch := s.ID, int64(0)
	if id == "" {
		id, epoch = fmt.Sprint(s.AuthTime.UnixMicro()), s.Epoch
	}
	text := fmt.Appendf(nil, "%d %s %s", epoch, id, s.Account)
	mac, err := k.ring.MAC(key, "guess step-up", text)
	if err != nil {
		return [32]byte{}, err
	}
	return [32]byte(mac), nil
}

// stepUpThrottle lets five guesses through and no more.
var stepUpThrottle = Throttle{DisableAfter: stepUpTries}
