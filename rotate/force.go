package rotate

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ExpectError says that an order would make another number of accounts due
// than its actor was told. Show the new number and ask again.
type ExpectError struct {
	Expect int
	Found  int
}

// Error names both numbers.
func (e *ExpectError) Error() string {
	return fmt.Sprintf("rotate: the order would concern %d accounts, not %d", e.Found, e.Expect)
}

// Progress is how far an order has come.
type Progress struct {
	Order Order
	// Concerned is how many accounts it made due when it was placed, Left how
	// many of those are due still, later imports included.
	Concerned, Left int
	// Withdrawn is the row that ended the order; nil if none did.
	Withdrawn *Order
}

// Force places an order: from this moment on every account it matches must
// change its password, after Grace at the latest. One row is written, whoever
// it concerns. Accounts that are adopted or imported later are concerned too.
//
// After a compromise, a second factor and an address count as proof if they
// were there before the order. Place it as soon as the leak is known, and look
// through the events since the leak for FactorEnrolled and changed addresses:
// what a thief set up before the order cannot be told from the customer's own.
//
// Errors: [ErrOrder], the order is incomplete or contradicts itself;
// [*ExpectError], it is off by more than 1 % from Expect: ask Preview first.
func (k *Keeper) Force(ctx context.Context, o Order) (ID, error) {
	o, err := o.clone().complete()
	if err != nil {
		return "", err
	}
	n, err := k.Preview(ctx, o)
	if err != nil {
		return "", err
	}
	if off := max(n-o.Expect, o.Expect-n); o.Expect < 0 || off > o.Expect/100 {
		return "", &ExpectError{Expect: o.Expect, Found: n}
	}
	o.ID, o.Concerned = ID(newID()), n
	e := k.event(OrderPlaced, o.Account)
	err = k.store.Place(ctx, func(seq int64) (Order, []Event, error) {
		o.Seq, o.At = seq, k.now()
		e.Order, e.Reason, e.By, e.Actor = o.ID, o.Reason, o.By(), o.Actor
		return o, []Event{e}, nil
	})
	if err != nil {
		return "", err
	}
	k.log.refresh()
	return o.ID, nil
}

// Preview counts the accounts an order would make due now, without placing it.
func (k *Keeper) Preview(ctx context.Context, o Order) (int, error) {
	o, err := o.clone().complete()
	if err != nil {
		return 0, err
	}
	return k.store.Count(ctx, o.concerns())
}

// Progress reports on an order. [ErrNotFound]: there is none of this id.
func (k *Keeper) Progress(ctx context.Context, id ID) (Progress, error) {
	all, err := k.store.Orders(ctx, 0)
	if err != nil {
		return Progress{}, err
	}
	i := slices.IndexFunc(all, func(o Order) bool { return o.ID == id && o.Withdraws == "" })
	if i < 0 {
		return Progress{}, ErrNotFound
	}
	p := Progress{Order: all[i], Concerned: all[i].Concerned}
	if w := slices.IndexFunc(all, func(o Order) bool { return o.Withdraws == id }); w >= 0 {
		p.Withdrawn = &all[w]
		return p, nil
	}
	p.Left, err = k.store.Count(ctx, p.Order.concerns())
	return p, err
}

// Orders returns every order and every withdrawal, oldest first.
func (k *Keeper) Orders(ctx context.Context) ([]Order, error) { return k.store.Orders(ctx, 0) }

// Withdraw ends an order that should not have been placed. Nobody has to
// change a password for it any more; sessions it ended stay ended only where
// the browser came by meanwhile, and passwords already changed stay changed.
//
// Errors: [ErrNotFound]; [ErrOrder], it has no actor or was withdrawn before.
func (k *Keeper) Withdraw(ctx context.Context, id ID, actor, note string) error {
	id = ID(strings.Clone(string(id)))
	w := Order{Withdraws: id, Actor: strings.Clone(actor), Note: strings.Clone(note)}
	if strings.TrimSpace(actor) == "" || len(actor) > maxNoteBytes || len(note) > maxNoteBytes {
		return fmt.Errorf("%w: actor and note are at most %d bytes each, and there is an actor", ErrOrder, maxNoteBytes)
	}
	p, err := k.Progress(ctx, id)
	if err != nil {
		return err
	}
	if p.Withdrawn != nil {
		return fmt.Errorf("%w: it was withdrawn before", ErrOrder)
	}
	w.ID, w.Account = ID(newID()), p.Order.Account
	e := k.event(OrderWithdrawn, w.Account)
	defer k.log.refresh()
	return k.store.Place(ctx, func(seq int64) (Order, []Event, error) {
		w.Seq, w.At = seq, k.now()
		e.Order, e.Actor = id, w.Actor
		return w, []Event{e}, nil
	})
}

// clone copies what outlives the call.
func (o Order) clone() Order {
	o.Group, o.Account = strings.Clone(o.Group), strings.Clone(o.Account)
	o.Actor, o.Note = strings.Clone(o.Actor), strings.Clone(o.Note)
	o.Reason, o.Proof = Reason(strings.Clone(string(o.Reason))), Proof(strings.Clone(string(o.Proof)))
	return o
}

// concerns selects the accounts an order makes due.
func (o Order) concerns() Query {
	q := o.Query()
	q.HasPassword = true
	return q
}
