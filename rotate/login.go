package rotate

import (
	"context"
	"errors"
	"time"

	"github.com/tillkey/tillkey/hash"
)

// maxPasswordBytes is the most that is ever compared; hash refuses more.
const maxPasswordBytes = 1024

// Login decides one try to sign in. The order of its steps is the point of it:
// a guess is counted before anything is compared, an unknown and a locked
// account take the same work and get the same answer, and the last write looks
// once more at what was verified.
//
// While the memory for hashing is short, who signs in waits as a stranger,
// whatever the name: anybody can type that of staff. A shop that knows better, as
// it recognises the device or serves staff at another address, says so with
// [hash.WithClass].
//
// Errors: [*Denied] (401, or 429 with RetryAfter), [ErrBrowser] and
// [ErrAccount] for a shop's mistake. The Decision says what comes next; it
// holds a session only if that is Proceed.
func (k *Keeper) Login(ctx context.Context, a Attempt) (Decision, error) {
	a = a.clone()
	if err := checkBrowser(a.Browser); err != nil {
		return Decision{}, err
	}
	if wait, ok := k.sources.take(a.Source, k.now()); !ok {
		return Decision{}, &Denied{RetryAfter: wait}
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Decision{}, err
	}
	c, p, err := k.find(ctx, f, a.Name, a.Account)
	if err != nil {
		return Decision{}, err
	}
	g, wait, reserved, err := k.reserve(ctx, f.key, guessName(a), c, p.Rules.Password)
	if err != nil {
		return Decision{}, err
	}
	if c == nil || !reserved || c.Password == "" {
		return Decision{}, k.refuse(ctx, a.Password, g, max(wait, g.wait()))
	}
	v, err := k.verify(ctx, c, a.Password)
	switch {
	case errors.Is(err, hash.ErrOverloaded):
		return Decision{}, errors.Join(err, g.giveBack(ctx))
	case errors.Is(err, errUnreadable):
		return Decision{}, k.unreadable(ctx, c, a.Password, g)
	case errors.Is(err, hash.ErrMismatch):
		return Decision{}, &Denied{RetryAfter: g.wait()}
	case err != nil:
		return Decision{}, err
	}
	v.upgrade(p.proven(ctx), k, a.Password)
	v.searchBreaches(ctx, k, a.Password, p.Rules)
	v.recheck(ctx, k, a.Password, p)
	return k.signIn(ctx, f, a, p, v, g)
}

// guessName is what the counters of a try are keyed by.
func guessName(a Attempt) string {
	if a.Name != "" {
		return a.Name
	}
	return a.Account
}

// flow is what a flow read when it began: writes at its end are judged by it.
type flow struct {
	key    string
	orders []Order
	seq    int64
}

func (k *Keeper) begin(ctx context.Context) (flow, error) {
	key, err := k.primary(ctx)
	if err != nil {
		return flow{}, err
	}
	orders, seq, err := k.orders(ctx, 0)
	return flow{key: key, orders: orders, seq: seq}, err
}

// find returns the credential and the profile of a name or an account; no
// credential, and the default profile, where there is none. An account that
// only the shop knows is adopted.
func (k *Keeper) find(ctx context.Context, f flow, name, account string) (*Credential, Profile, error) {
	if account == "" && name != "" && k.customers != nil && len(name) <= maxNameBytes {
		var err error
		if account, err = k.customers.Find(ctx, name); err != nil {
			return nil, Profile{}, err
		}
	}
	if account == "" {
		// Nobody has this account; the look-up costs what that of a known name does.
		if _, err := k.store.Load(ctx, account); err != nil && !errors.Is(err, ErrNotFound) {
			return nil, Profile{}, err
		}
		p, err := k.profile(k.group)
		return nil, p, err
	}
	if err := checkAccount(account); err != nil {
		return nil, Profile{}, err
	}
	c, err := k.store.Load(ctx, account)
	if errors.Is(err, ErrNotFound) {
		c, err = k.adopt(ctx, f, account)
	}
	if errors.Is(err, ErrNotFound) {
		p, err := k.profile(k.group)
		return nil, p, err
	}
	if err != nil {
		return nil, Profile{}, err
	}
	p, err := k.profile(c.Group)
	return &c, p, err
}

// refuse answers a try for which there is nothing to compare. If memory is
// short no work is done, and the guess is given back as that of a known account
// would be.
func (k *Keeper) refuse(ctx context.Context, password string, g guess, wait time.Duration) error {
	err := k.deny(ctx, password, wait)
	if errors.Is(err, hash.ErrOverloaded) {
		return errors.Join(err, g.giveBack(ctx))
	}
	return err
}

// deny does the work of a wrong password and gives the answer to one.
func (k *Keeper) deny(ctx context.Context, password string, wait time.Duration) error {
	if err := k.decoy(ctx, password); err != nil {
		return err
	}
	return &Denied{RetryAfter: wait}
}

func (k *Keeper) decoy(ctx context.Context, password string) error {
	err := k.hasher.Decoy(ctx, password[:min(len(password), maxPasswordBytes)])
	var bounds *hash.BoundsError
	if errors.As(err, &bounds) {
		return nil // the same as verify does for a password above the hasher's own limit
	}
	return err
}

// signIn is the last write of a sign-in with a right password: it looks once
// more at epoch and factor, consumes the code, and decides what comes next.
func (k *Keeper) signIn(ctx context.Context, f flow, a Attempt, p Profile, v *verified, g guess) (Decision, error) {
	code, err := k.codeCheck(v.row, Proofs{Code: a.Code, Recovery: a.Recovery}, p)
	if err != nil {
		return Decision{}, k.unreadable(ctx, v.row, a.Password, g)
	}
	now := k.now()
	var out outcome
	err = k.store.Update(ctx, v.row.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if c.Epoch != v.row.Epoch || factorID(c) != factorID(v.row) {
			out.denied = &Denied{}
			return nil, ErrUnchanged
		}
		events, err := v.write(k, f.key, c)
		if err != nil {
			return nil, err
		}
		more := out.complete(k, c, f, p, code, []string{MethodPassword}, a.Browser, now)
		return append(events, more...), nil
	})
	if err != nil {
		return Decision{}, err
	}
	if out.denied == nil || out.denied.Code {
		k.free(ctx, g.name)
	}
	return k.decide(ctx, out)
}
