package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// entry is an event as its columns.
type entry struct {
	rotate.Event
	delivered bool
	leased    time.Time // until when
}

// fields are the columns of tillkey_events but for seq.
func (e *entry) fields() []field {
	return []field{
		{"id", &e.ID},
		{"happened_at", micros{&e.At}},
		{"kind", &e.Kind},
		{"account", &e.Account},
		{"reason", &e.Reason},
		{"due_by", micros{&e.By}},
		{"order_id", &e.Order},
		{"actor", &e.Actor},
		{"codes_left", &e.Left},
		{"key_id", &e.Key},
		{"moved_to", &e.To},
		{"delivered", &e.delivered},
		{"leased_until", micros{&e.leased}},
	}
}

// tell writes events in the transaction that makes them true, and hands them to
// the shop where it wants them there.
func (s *Store) tell(ctx context.Context, tx session, events []rotate.Event) error {
	rows := make([][]any, len(events))
	for i := range events {
		e := entry{Event: events[i], delivered: s.enqueue != nil}
		if e.ID == "" {
			return errors.New("sqlstore: an event has no id")
		}
		if err := checkTexts(string(e.Kind), string(e.Reason), string(e.Order), e.Actor, e.Key); err != nil {
			return err
		}
		if err := checkKeys(e.ID, e.Account, e.To); err != nil {
			return err
		}
		rows[i] = values(e.fields())
		if err := plainArgs(rows[i]); err != nil {
			return failed(ctx, err)
		}
	}
	if err := s.insertAll(ctx, tx, "tillkey_events", s.text.insertEvent, new(entry).fields(), rows); err != nil {
		return err
	}
	if s.enqueue == nil && s.join == nil || len(events) == 0 {
		return nil
	}
	if s.dialect.watch != "" {
		if _, err := tx.exec(ctx, s.dialect.watch); err != nil {
			return err
		}
	}
	for _, hand := range []func(context.Context, Conn, []rotate.Event) error{s.join, s.enqueue} {
		if hand == nil {
			continue
		}
		if err := hand(tx.inner(ctx), tx.conn, slices.Clone(events)); err != nil {
			return err
		}
	}
	if s.dialect.alive == "" {
		return nil
	}
	// A statement of the shop's that failed without a word would undo it all.
	_, err := tx.exec(ctx, s.dialect.alive)
	return err
}

// Lease implements [rotate.Outbox]. A limit below 1 leases nothing.
func (s *Store) Lease(ctx context.Context, limit int, now, until time.Time) (events []rotate.Event, err error) {
	if limit < 1 {
		return nil, ctx.Err()
	}
	err = s.runner.write(ctx, func(tx session) error {
		var seqs []any
		query := s.text.selectEvent + " WHERE " + s.dialect.waiting + " AND (leased_until IS NULL OR leased_until <= ?) ORDER BY seq LIMIT ?" + s.dialect.skip
		events, seqs, err = readEvents(ctx, tx, query, micros{&now}, limit)
		if err != nil {
			return err
		}
		return eachIn(ctx, tx, "UPDATE tillkey_events SET leased_until = ? WHERE seq IN ", seqs, micros{&until})
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// maxMarks bounds the values of a list in one statement. It is a power of two.
const maxMarks = 512

// Delivered implements [rotate.Outbox].
func (s *Store) Delivered(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return ctx.Err()
	}
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return s.runner.write(ctx, func(tx session) error {
		return eachIn(ctx, tx, "UPDATE tillkey_events SET delivered = TRUE WHERE id IN ", list)
	})
}

// Events implements [rotate.Outbox]. A limit below 1 reads nothing. The error
// is [rotate.ErrNotFound] if there is no event named before: the caller starts
// again with the newest.
func (s *Store) Events(ctx context.Context, account, before string, limit int) (events []rotate.Event, err error) {
	// No event has such a text, and not every database can be asked for it.
	if checkTexts(before) != nil {
		return nil, rotate.ErrNotFound
	}
	if checkTexts(account) != nil {
		return nil, ctx.Err()
	}
	err = s.runner.read(ctx, func(db session) error {
		where, args := " WHERE TRUE", []any(nil)
		if before != "" {
			var seq int64
			found, err := db.one(ctx, "SELECT seq FROM tillkey_events WHERE id = ?", []any{before}, &seq)
			if err != nil {
				return err
			}
			if !found {
				return rotate.ErrNotFound
			}
			where, args = where+" AND seq < ?", append(args, seq)
		}
		if account != "" {
			where, args = where+" AND account = ?", append(args, account)
		}
		query := s.text.selectEvent + where + " ORDER BY seq DESC LIMIT ?"
		events, _, err = readEvents(ctx, db, query, append(args, max(0, limit))...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// readEvents reads events and their numbers.
func readEvents(ctx context.Context, db session, query string, args ...any) (events []rotate.Event, seqs []any, err error) {
	err = db.each(ctx, query, args, func(rows *sql.Rows) error {
		var e entry
		var seq int64
		if err := rows.Scan(append([]any{&seq}, values(e.fields())...)...); err != nil {
			return err
		}
		events, seqs = append(events, e.Event), append(seqs, seq)
		return nil
	})
	return events, seqs, err
}
