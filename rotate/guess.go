package rotate

import (
	"context"
	"errors"
	"time"
)

// nameFor is how long a counter of a name is kept after its last guess.
const nameFor = 24 * time.Hour

// nameKey is the key of a counter for a name, whether or not the name belongs
// to anybody. It is keyed, so that the table tells nobody which names were
// tried.
func (k *Keeper) nameKey(key, purpose, name string) ([32]byte, error) {
	mac, err := k.ring.MAC(key, "guess "+purpose, []byte(foldName(name)))
	if err != nil {
		return [32]byte{}, err
	}
	return [32]byte(mac), nil
}

// guess is one reserved guess of a password: on the name that was typed and on
// the account behind it, or on a stand-in of equal cost where there is none.
type guess struct {
	k       *Keeper
	name    [32]byte
	ghost   [32]byte
	account string
	// named and behind tell which of the two were reserved.
	named, behind bool
	// nameUntil and until are the waits the reservations caused.
	nameUntil, until time.Time
	// names and throttle are what slows the two down.
	names, throttle Throttle
}

// errLocked carries the wait out of a locked closure.
type errLocked struct{ wait time.Duration }

func (e errLocked) Error() string { return "rotate: guesses are locked" }

// reserve counts a guess before anything is compared, and tells whether there
// is one. Where the name has to wait it counts nothing and returns the wait.
//
// The answer must not tell whether there is an account. So every name has the
// throttle of the default group and the same writes are made for each; and
// where the account alone is locked, as its owner has several names or failed
// before the counter of this one began, the name is counted and no wait told.
func (k *Keeper) reserve(ctx context.Context, key, name string, c *Credential, t Throttle) (g guess, wait time.Duration, ok bool, err error) {
	g = guess{k: k, throttle: t}
	p, err := k.profile(k.group)
	if err != nil {
		return g, 0, false, err
	}
	g.names = p.Rules.Password
	if g.name, err = k.nameKey(key, "password", name); err != nil {
		return g, 0, false, err
	}
	if g.ghost, err = k.nameKey(key, "ghost", name); err != nil {
		return g, 0, false, err
	}
	if g.nameUntil, wait, err = k.count(ctx, g.name, g.names); err != nil || wait > 0 {
		return g, wait, false, err
	}
	g.named = true
	if c == nil {
		g.throttle = g.names
		g.until, wait, err = k.count(ctx, g.ghost, g.throttle)
		g.behind = err == nil && wait == 0
		return g, 0, g.behind, err
	}
	g.account = c.Account
	now := k.now()
	err = k.store.Update(ctx, c.Account, func(c *Credential) ([]Event, error) {
		if _, g.behind = c.PasswordGuesses.Reserve(t, now); !g.behind {
			return nil, nil // written as it is, which costs what a guess costs
		}
		g.until = c.PasswordGuesses.Until
		return k.lockEvents(c, t), nil
	})
	g.behind = g.behind && err == nil
	return g, 0, g.behind, err
}

// lockEvents tells of a timed lock or the end of guessing, once each.
func (k *Keeper) lockEvents(c *Credential, t Throttle) []Event {
	switch {
	case t.DisableAfter > 0 && c.PasswordGuesses.Total == t.DisableAfter:
		return []Event{k.event(Disabled, c.Account)}
	case t.LockAfter > 0 && c.PasswordGuesses.Recent == 0:
		return []Event{k.event(Locked, c.Account)}
	}
	return nil
}

// count reserves a guess on one counter of the table.
func (k *Keeper) count(ctx context.Context, key [32]byte, t Throttle) (until time.Time, wait time.Duration, err error) {
	now := k.now()
	err = k.store.Guess(ctx, key, now, now.Add(nameFor), func(c *Counter) error {
		w, reserved := c.Reserve(t, now)
		if !reserved {
			return errLocked{w}
		}
		until = c.Until
		return nil
	})
	var locked errLocked
	if errors.As(err, &locked) {
		return until, locked.wait, nil
	}
	return until, 0, err
}

// wait is how long the next guess has to wait after this one failed.
func (g guess) wait() time.Duration {
	return max(0, g.nameUntil.Sub(g.k.now()))
}

// giveBack undoes what was reserved: nothing was compared.
func (g guess) giveBack(ctx context.Context) error {
	if g.named {
		if err := g.k.returnGuess(ctx, g.name, g.names, g.nameUntil); err != nil {
			return err
		}
	}
	return g.giveBackBehind(ctx)
}

// giveBackBehind undoes what was reserved behind the name.
func (g guess) giveBackBehind(ctx context.Context) error {
	switch {
	case !g.behind:
		return nil
	case g.account == "":
		return g.k.returnGuess(ctx, g.ghost, g.throttle, g.until)
	}
	return g.k.store.Update(ctx, g.account, func(c *Credential) ([]Event, error) {
		c.PasswordGuesses.Return(g.throttle, g.until)
		return nil, nil
	})
}

func (k *Keeper) returnGuess(ctx context.Context, key [32]byte, t Throttle, until time.Time) error {
	now := k.now()
	return k.store.Guess(ctx, key, now, now.Add(nameFor), func(c *Counter) error {
		c.Return(t, until)
		return nil
	})
}

// clearName frees a name after a right password or a reset.
func (k *Keeper) clearName(ctx context.Context, key [32]byte) error {
	now := k.now()
	return k.store.Guess(ctx, key, now, now.Add(nameFor), func(c *Counter) error {
		c.Clear()
		return nil
	})
}

// free frees a name whose owner did what it guards. That is done by then, and an
// error would deny it: where the Store fails just now, the name goes on waiting
// as after a wrong guess, and its counter expires.
func (k *Keeper) free(ctx context.Context, key [32]byte) { _ = k.clearName(ctx, key) }
