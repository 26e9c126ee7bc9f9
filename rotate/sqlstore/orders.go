package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
)

// Place implements [rotate.Orders]. It refuses an order with another sequence
// than fn was given. Where fn returns [rotate.ErrUnchanged], there is no order
// and the sequence is not used up.
func (s *Store) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	return s.runner.write(ctx, func(tx session) error {
		var seq int64
		found, err := tx.one(ctx, "SELECT value FROM tillkey_sequence WHERE name = 'orders'"+s.dialect.lock, nil, &seq)
		if err != nil {
			return err
		}
		if !found {
			return errors.New("sqlstore: the sequence of orders is missing")
		}
		seq++
		o, events, err := fn(seq)
		placed, err := outcome(ctx, err)
		if err != nil {
			return err
		}
		if placed {
			if err := s.place(ctx, tx, seq, o); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, events)
	})
}

// place writes an order and its sequence.
func (s *Store) place(ctx context.Context, tx session, seq int64, o rotate.Order) error {
	if o.Seq != seq {
		return fmt.Errorf("sqlstore: order has sequence %d, not %d", o.Seq, seq)
	}
	if err := checkKeys(string(o.ID), o.Group, o.Account); err != nil {
		return err
	}
	if err := checkTexts(string(o.Reason), string(o.Proof), o.Actor, o.Note, string(o.Withdraws)); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, s.text.insertOrder, values(orderFields(&o))...); err != nil {
		return err
	}
	_, err := tx.exec(ctx, "UPDATE tillkey_sequence SET value = ? WHERE name = 'orders'", seq)
	return err
}

// Orders implements [rotate.Orders].
func (s *Store) Orders(ctx context.Context, after int64) (log []rotate.Order, err error) {
	err = s.runner.read(ctx, func(db session) error {
		log = nil
		return db.each(ctx, s.text.selectOrder+" WHERE seq > ? ORDER BY seq", []any{after}, func(rows *sql.Rows) error {
			var o rotate.Order
			if err := rows.Scan(values(orderFields(&o))...); err != nil {
				return err
			}
			log = append(log, o)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return log, nil
}

// orderFields are the columns of tillkey_orders.
func orderFields(o *rotate.Order) []field {
	return []field{
		{"seq", &o.Seq},
		{"id", &o.ID},
		{"placed_at", micros{&o.At}},
		{"group_path", &o.Group},
		{"account", &o.Account},
		{"before_at", micros{&o.Before}},
		{"reason", &o.Reason},
		{"proof", &o.Proof},
		{"grace_ns", &o.Grace},
		{"end_sessions", &o.EndSessions},
		{"actor", &o.Actor},
		{"note", &o.Note},
		{"expect", &o.Expect},
		{"concerned", &o.Concerned},
		{"withdraws", &o.Withdraws},
	}
}
