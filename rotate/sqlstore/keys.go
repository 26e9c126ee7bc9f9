package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// Keys implements [rotate.Keys].
func (s *Store) Keys(ctx context.Context) (keys []rotate.KeyState, err error) {
	err = s.runner.read(ctx, func(db session) (err error) {
		keys, err = s.readKeys(ctx, db, "")
		return err
	})
	return keys, err
}

// UpdateKeys implements [rotate.Keys]. It refuses two states of one key.
func (s *Store) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	return s.runner.write(ctx, func(tx session) error {
		// The rows of an empty table cannot be locked; that of the sequence can.
		var seq int64
		if _, err := tx.one(ctx, "SELECT value FROM tillkey_sequence WHERE name = 'orders'"+s.dialect.lock, nil, &seq); err != nil {
			return err
		}
		keys, err := s.readKeys(ctx, tx, s.dialect.lock)
		if err != nil {
			return err
		}
		keys, events, err := fn(keys)
		changed, err := outcome(ctx, err)
		if err != nil {
			return err
		}
		if changed {
			if err := s.writeKeys(ctx, tx, keys); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, events)
	})
}

// KeyUse implements [rotate.Keys].
func (s *Store) KeyUse(ctx context.Context, id string) (n int, err error) {
	err = s.runner.read(ctx, func(db session) error {
		_, err := db.one(ctx, "SELECT COUNT(*) FROM tillkey_seals WHERE key_id = ?", []any{id}, &n)
		return err
	})
	return n, err
}

// readKeys reads all key states, oldest first.
func (s *Store) readKeys(ctx context.Context, db session, suffix string) ([]rotate.KeyState, error) {
	var keys []rotate.KeyState
	err := db.each(ctx, s.text.selectKeys+suffix, nil, func(rows *sql.Rows) error {
		var k rotate.KeyState
		if err := rows.Scan(values(keyFields(&k))...); err != nil {
			return err
		}
		keys = append(keys, k)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(keys, func(a, b rotate.KeyState) int {
		return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.ID, b.ID))
	})
	return keys, nil
}

// writeKeys replaces all key states.
func (s *Store) writeKeys(ctx context.Context, tx session, keys []rotate.KeyState) error {
	if _, err := tx.exec(ctx, "DELETE FROM tillkey_keys"); err != nil {
		return err
	}
	seen := make(map[string]bool, len(keys))
	for _, k := range keys {
		if seen[k.ID] {
			return fmt.Errorf("sqlstore: key %q has two states", k.ID)
		}
		seen[k.ID] = true
		if err := errors.Join(checkKeys(k.ID), checkTexts(k.Canary)); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, s.text.insertKey, values(keyFields(&k))...); err != nil {
			return err
		}
	}
	return nil
}

// keyFields are the columns of tillkey_keys.
func keyFields(k *rotate.KeyState) []field {
	return []field{
		{"id", &k.ID},
		{"canary", &k.Canary},
		{"is_primary", &k.Primary},
		{"added_at", micros{&k.Added}},
		{"unused_at", micros{&k.Unused}},
		{"dropped_at", micros{&k.Dropped}},
	}
}
