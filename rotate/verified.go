package rotate

import (
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// verified is a right password: the row it was right for, the hash inside, and
// what is to be written if the row still is the same.
type verified struct {
	row     *Credential
	encoded string
	// fresh is a new hash of the same password, "" if none is wanted.
	fresh string
	// breached is true where a list knows the password, unchecked where one that
	// must answer did not; asked where all that can be asked at a sign-in were, and
	// there were any.
	breached, unchecked, asked bool
	// judgedBy is the fingerprint of the policy that rechecked the password, ""
	// where none did; unmet is true where it was refused.
	judgedBy string
	unmet    bool
	// forget is true where an earlier refusal is to be forgotten.
	forget bool
}

// verify compares a password with the one in the row. A wrong one costs as much
// as against a current hash, whatever the format of the row. The errors are
// hash.ErrMismatch, errUnreadable, and those of the context and the budget;
// hash.ErrOverloaded means that nothing was compared.
func (k *Keeper) verify(ctx context.Context, c *Credential, password string) (*verified, error) {
	encoded, err := k.openPassword(c)
	if err != nil {
		return nil, err
	}
	if len(password) > maxPasswordBytes {
		if err := k.decoy(ctx, password); err != nil {
			return nil, err
		}
		return nil, hash.ErrMismatch
	}
	err = k.hasher.Authenticate(ctx, encoded, password)
	var bounds *hash.BoundsError
	switch {
	case errors.As(err, &bounds) && bounds.Param == hash.ParamPassword:
		return nil, hash.ErrMismatch
	case errors.Is(err, hash.ErrFormat), bounds != nil:
		return nil, errors.Join(errUnreadable, err)
	case err != nil:
		return nil, err
	}
	return &verified{row: c, encoded: encoded}, nil
}

// unreadable answers for a row that cannot be read: the work is done, the answer
// is that of a wrong password, and an event tells the operator. The account is
// charged no guess. The name is, as it would be if it were nobody's.
func (k *Keeper) unreadable(ctx context.Context, c *Credential, password string, g guess) error {
	e := k.event(Unreadable, c.Account)
	if ids, err := c.KeyIDs(); err == nil && len(ids) > 0 {
		e.Key = ids[0]
	}
	err := errors.Join(g.giveBackBehind(ctx), k.store.Update(ctx, c.Account, func(*Credential) ([]Event, error) {
		return []Event{e}, ErrUnchanged
	}))
	if err != nil {
		return err
	}
	return k.deny(ctx, password, g.wait())
}

// upgrade makes a fresh hash where the stored one is too weak. It is skipped
// when memory is short: another sign-in will do.
func (v *verified) upgrade(ctx context.Context, k *Keeper, password string) {
	if !k.hasher.Stale(v.encoded) {
		return
	}
	if fresh, err := k.hasher.Hash(ctx, password); err == nil {
		v.fresh = fresh
	}
}

// searchBreaches asks the breach lists and, for an account that some list could
// not answer for, those for that: then only these must answer. One that fails, or
// takes too long, never blocks the sign-in.
func (v *verified) searchBreaches(ctx context.Context, k *Keeper, password string, r Rules) {
	lists, must := k.breach, k.breach
	if v.row.Recheck && !sameLists(k.recheck, k.breach) {
		lists, must = slices.Concat(k.recheck, k.breach), k.recheck
	}
	if len(lists) == 0 || !utf8.ValidString(password) {
		return
	}
	v.asked = true
	password = policy.Normalize(password)
	type answer struct {
		count int
		err   error
		must  bool
	}
	answers := make(chan answer, len(lists))
	for i, l := range lists {
		go func() {
			count, err := l.Seen(ctx, password)
			answers <- answer{count, err, i < len(must)}
		}()
	}
	for range lists {
		a := <-answers
		v.breached = v.breached || a.err == nil && a.count >= max(1, r.BreachThreshold)
		v.unchecked = v.unchecked || a.err != nil && a.must
	}
}

// sameLists tells whether the lists for marked accounts are those of every
// sign-in, as the Keeper has no others.
func sameLists(recheck, breach []policy.List) bool {
	return len(recheck) == 0 || len(breach) != 0 && &recheck[0] == &breach[0]
}

// write puts into the row what a right password changes. A row whose hash is
// no longer the one that was verified, as a parallel sign-in wrote a better
// one, keeps it. The caller has compared the epoch: the password is the same, and
// so is what its policy says of it.
func (v *verified) write(k *Keeper, key string, c *Credential) ([]Event, error) {
	c.PasswordGuesses.Clear()
	v.writeVerdict(c, k.now())
	if c.Password != v.row.Password {
		return nil, nil
	}
	var events []Event
	switch {
	case v.fresh != "":
		if err := k.sealPassword(key, c, v.fresh); err != nil {
			return nil, err
		}
		c.Adopted = false
		events = append(events, k.event(HashUpgraded, c.Account))
	case keyring.Stale(c.Password, key):
		if err := k.sealPassword(key, c, v.encoded); err != nil {
			return nil, err
		}
	}
	c.Recheck = v.unchecked || c.Recheck && !v.asked
	if v.breached && !c.Forced.coversBreach() {
		now := k.now()
		force(c, Forced{Reason: Breached, Proof: Breached.Proof(), Since: now, By: now})
		e := k.event(BreachFound, c.Account)
		e.Reason, e.By = Breached, now
		events = append(events, e)
	}
	return events, nil
}
