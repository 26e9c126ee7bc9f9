package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// Place implements [rotate.Orders]. It refuses an order with another sequence
// than fn was given. Where fn returns [rotate.ErrUnchanged], there is no order
// and the sequence is not used up.
func (s *Store) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	seq := s.seq + 1
	o, events, err := fn(seq)
	placed, err := outcome(ctx, err)
	if err != nil {
		return err
	}
	if placed && o.Seq != seq {
		return fmt.Errorf("memstore: order has sequence %d, not %d", o.Seq, seq)
	}
	if err := s.admit(events); err != nil {
		return err
	}
	if placed {
		s.seq = seq
		s.orders = append(s.orders, ownOrder(o))
	}
	s.write(events)
	return nil
}

// Orders implements [rotate.Orders].
func (s *Store) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	from := len(s.orders)
	for from > 0 && s.orders[from-1].Seq > after {
		from--
	}
	return slices.Clone(s.orders[from:]), nil
}

// renameOrders makes the orders of one account those of another.
func (s *Store) renameOrders(from, to string) {
	for i := range s.orders {
		if s.orders[i].Account == from {
			s.orders[i].Account = to
		}
	}
}

// eraseOrders deletes the orders of one account. Their sequences never come
// back.
func (s *Store) eraseOrders(account string) {
	s.orders = slices.DeleteFunc(s.orders, func(o rotate.Order) bool { return o.Account == account })
}

// ownOrder returns an order as a database would give it back.
func ownOrder(o rotate.Order) rotate.Order {
	clone(&o.ID, &o.Withdraws)
	clone(&o.Group, &o.Account, &o.Actor, &o.Note)
	clone(&o.Reason)
	clone(&o.Proof)
	o.At, o.Before = kept(o.At), kept(o.Before)
	return o
}
