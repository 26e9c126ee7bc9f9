package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// EndSessions ends every session of an account. Its password stays. actor is
// the member of staff who did it, "" for the customer. [ErrNotFound]: the
// account has no credential.
func (k *Keeper) EndSessions(ctx context.Context, account, actor string) error {
	e := k.event(SessionsEnded, strings.Clone(account))
	e.Actor = strings.Clone(actor)
	return k.store.Update(ctx, e.Account, func(c *Credential) ([]Event, error) {
		endAll(c)
		return []Event{e}, nil
	})
}

// EndSession ends one session, with all tokens that carry it, and no other one of
// the account: what signing out does in a shop that has nothing to delete, as its
// sessions are signed tokens. A session that is over stays so. It ends them all
// where the session has no ID, and with every 33rd within 31 days, as no more are
// remembered. [ErrNotFound]: the account has no credential; [ErrSession]: the
// session is zero.
func (k *Keeper) EndSession(ctx context.Context, s Session) error {
	if s.IsZero() {
		return fmt.Errorf("%w: it is nobody's", ErrSession)
	}
	now, account := k.now(), strings.Clone(s.Account)
	one := func(c *Credential) ([]Event, error) {
		if !alive(c, s, now) {
			return nil, ErrUnchanged
		}
		end(c, s, now)
		return nil, nil
	}
	err := k.store.Update(ctx, account, one)
	if errors.Is(err, ErrNotFound) && s.Epoch == 0 {
		// A sign-in of the time before Tillkey, which Valid would adopt later.
		if _, err = k.adoptFor(ctx, account); err == nil {
			err = k.store.Update(ctx, account, one)
		}
	}
	return err
}

// Unlock forgets the wrong guesses of an account, of its password and of its
// codes, after somebody has made sure who the customer is (PCI DSS 4.0.1,
// 8.3.4). Guesses are counted for typed names too: name the ones the customer
// signs in with. [ErrNotFound]: the account has no credential.
func (k *Keeper) Unlock(ctx context.Context, account, actor string, names ...string) error {
	e := k.event(Unlocked, strings.Clone(account))
	e.Actor = strings.Clone(actor)
	err := k.store.Update(ctx, e.Account, func(c *Credential) ([]Event, error) {
		c.PasswordGuesses.Clear()
		c.CodeGuesses.Clear()
		return []Event{e}, nil
	})
	if err != nil {
		return err
	}
	key, err := k.primary(ctx)
	if err != nil {
		return err
	}
	for _, name := range append([]string{account}, names...) {
		counter, err := k.nameKey(key, "password", name)
		if err != nil {
			return err
		}
		if err := k.clearName(ctx, counter); err != nil {
			return err
		}
	}
	return nil
}

// Erase deletes everything that names the account: its credential, the events
// about it and the orders for it alone. The shop deletes its own row first, so
// that the account is not adopted again. [ErrNotFound]: it has no credential.
func (k *Keeper) Erase(ctx context.Context, account, actor string) error {
	e := k.event(Erased, "")
	e.Actor = strings.Clone(actor)
	return k.store.Erase(ctx, strings.Clone(account), []Event{e})
}

// Move gives a credential another account id, for a shop that renumbers its
// customers, and seals it anew. What is due by orders for the old id is written
// onto the credential, so that it stays due. Every session ends. The shop gives
// its own row the new id first, so that the old one is not adopted again.
//
// Errors: [ErrNotFound], from has no credential; [ErrExists], to has one;
// [ErrAccount].
func (k *Keeper) Move(ctx context.Context, from, to, actor string) error {
	from, to, actor = strings.Clone(from), strings.Clone(to), strings.Clone(actor)
	if err := checkAccount(to); err != nil {
		return err
	}
	f, err := k.begin(ctx)
	if err != nil {
		return err
	}
	e := k.event(Moved, to)
	e.To, e.Actor = to, actor
	// Other instances remember these orders by the old id.
	own := slices.DeleteFunc(slices.Clone(f.orders), func(o Order) bool { return o.Account != from })
	return k.store.Rename(ctx, from, to, func(c *Credential) ([]Event, error) {
		if _, err := k.reseal(f.key, c, from); err != nil {
			return nil, err
		}
		before := *c
		before.Account = from
		forceBy(own, &before, c)
		endAll(c)
		return []Event{e}, nil
	})
}

// Regroup puts an account under another profile. What is due by orders of the
// old group is written onto the account first, so that it stays due. Every
// session ends.
//
// Errors: [ErrNotFound]; [ErrGroup]; that of Config.Profile for a group it does
// not know.
func (k *Keeper) Regroup(ctx context.Context, account, group, actor string) error {
	account, group, actor = strings.Clone(account), strings.Clone(group), strings.Clone(actor)
	if _, err := k.profile(group); err != nil {
		return err
	}
	f, err := k.begin(ctx)
	if err != nil {
		return err
	}
	e := k.event(GroupChanged, account)
	e.Actor = actor
	var old string
	err = k.store.Update(ctx, account, func(c *Credential) ([]Event, error) {
		old = c.Group
		if c.Group == group {
			return nil, ErrUnchanged
		}
		forceBy(f.orders, c, c)
		c.Group, c.Reminded = group, Reminded{}
		endAll(c)
		return []Event{e}, nil
	})
	if err != nil || old == group {
		return err
	}
	return k.forceLate(ctx, account, old, f.seq)
}

// forceLate writes onto a row what came due by orders of its old group while it
// was leaving it.
func (k *Keeper) forceLate(ctx context.Context, account, group string, after int64) error {
	orders, _, err := k.orders(ctx, 0)
	if err != nil {
		return err
	}
	orders = slices.DeleteFunc(slices.Clone(orders), func(o Order) bool { return o.Seq <= after })
	if len(orders) == 0 {
		return nil
	}
	return k.store.Update(ctx, account, func(c *Credential) ([]Event, error) {
		before := *c
		before.Group = group
		if !forceBy(orders, &before, c) {
			return nil, ErrUnchanged
		}
		return nil, nil
	})
}

// Restored tells that the database was set back to a backup. Passwords, factors
// and sessions of the time since are gone, and what was ended may have come
// back: every account gets a new epoch and must change its password with a
// proof out of band. backup is when the backup was taken. It takes a while;
// call it before the shop opens, and again if it fails.
func (k *Keeper) Restored(ctx context.Context, backup time.Time, actor string) (ID, error) {
	k.log.forget()
	o := Order{
		Reason: Restored, EndSessions: true, Actor: strings.Clone(actor),
		Note: "restored from a backup of " + backup.UTC().Format(time.RFC3339),
	}
	n, err := k.Preview(ctx, o)
	if err != nil {
		return "", err
	}
	o.Expect = n
	id, err := k.Force(ctx, o)
	if err != nil {
		return "", err
	}
	q := Query{Limit: MaxBatch}
	for {
		page, err := k.store.Page(ctx, q)
		if err != nil {
			return "", err
		}
		if len(page) == 0 {
			break
		}
		for i := range page {
			// One by one, as a batch leaves out rows that somebody has locked.
			err := k.store.Update(ctx, page[i].Account, func(c *Credential) ([]Event, error) {
				endAll(c)
				return nil, nil
			})
			if err != nil && !errors.Is(err, ErrNotFound) {
				return "", err
			}
		}
		q.After = page[len(page)-1].Account
	}
	e := k.event(RealmRestored, "")
	e.Actor, e.Order = o.Actor, id
	return id, k.store.UpdateKeys(ctx, func([]KeyState) ([]KeyState, []Event, error) {
		return nil, []Event{e}, ErrUnchanged
	})
}
