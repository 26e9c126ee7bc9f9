package rotate

import (
	"context"
	"errors"
	"strings"
	"time"
)

// maxForeignBytes bounds a hash from the shop's own table before it is looked
// at; hash.Verify reads no longer ones either.
const maxForeignBytes = 1024

// adoptFor is adopt outside of a flow.
func (k *Keeper) adoptFor(ctx context.Context, account string) (Credential, error) {
	if err := checkAccount(account); err != nil || k.customers == nil {
		return Credential{}, ErrNotFound
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Credential{}, err
	}
	return k.adopt(ctx, f, strings.Clone(account))
}

// adopt makes a row for an account that only the shop knows yet, from the hash
// the shop has kept so far. ErrNotFound: there are no Customers.
//
// A row is adopted once. Whatever the shop's column says later is not read
// again, so that a changed password is never revived by the old column.
func (k *Keeper) adopt(ctx context.Context, f flow, account string) (Credential, error) {
	if k.customers == nil {
		return Credential{}, ErrNotFound
	}
	foreign, err := k.customers.Foreign(ctx, account)
	if err != nil {
		return Credential{}, err
	}
	c := Credential{
		Account: account, Group: strings.Clone(foreign.Group), Adopted: true,
		Created: foreign.Created.UTC().Truncate(time.Microsecond), Changed: foreign.Changed.UTC().Truncate(time.Microsecond),
	}
	if c.Group == "" {
		c.Group = k.group
	}
	if _, err := k.profile(c.Group); err != nil {
		return Credential{}, err
	}
	events := []Event{k.event(Adopted, account)}
	switch {
	case foreign.Encoded == "":
	case len(foreign.Encoded) > maxForeignBytes:
		events = append(events, k.event(Unreadable, account))
	default:
		if err := k.sealPassword(f.key, &c, strings.Clone(foreign.Encoded)); err != nil {
			return Credential{}, err
		}
	}
	err = k.store.Insert(ctx, c, events)
	if errors.Is(err, ErrExists) {
		return k.store.Load(ctx, account)
	}
	return c, err
}
