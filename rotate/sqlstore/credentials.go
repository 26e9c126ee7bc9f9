package sqlstore

import (
	"context"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
)

// Insert implements [rotate.Credentials].
func (s *Store) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	ids, err := c.KeyIDs()
	if err != nil {
		return err
	}
	r, err := newRow(&c)
	if err != nil {
		return err
	}
	return s.runner.write(ctx, func(tx session) error {
		n, err := tx.exec(ctx, s.text.insertRow, values(r.fields())...)
		if err != nil && s.dialect.taken(err) || err == nil && n == 0 {
			return rotate.ErrExists
		}
		if err != nil {
			return err
		}
		if err := writeSeals(ctx, tx, c.Account, ids); err != nil {
			return err
		}
		return s.tell(ctx, tx, events)
	})
}

// Load implements [rotate.Credentials].
func (s *Store) Load(ctx context.Context, account string) (rotate.Credential, error) {
	var c rotate.Credential
	err := s.runner.read(ctx, func(db session) (err error) {
		c, err = s.load(ctx, db, account, "")
		return err
	})
	if err != nil {
		return rotate.Credential{}, err
	}
	return c, nil
}

// Update implements [rotate.Credentials]. It refuses an fn that changes the
// account.
func (s *Store) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.runner.write(ctx, func(tx session) error {
		before, err := s.load(ctx, tx, account, s.dialect.lock)
		if err != nil {
			return err
		}
		after, changed, events, err := edit(ctx, &before, fn)
		if err != nil {
			return err
		}
		if changed {
			if err := s.rewrite(ctx, tx, &before, &after); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, events)
	})
}

// Rename implements [rotate.Credentials]. Events and orders of the account
// follow it, so that a later Erase finds them all. An fn that returns
// [rotate.ErrUnchanged] moves the row as it was.
func (s *Store) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.runner.write(ctx, func(tx session) error {
		before, err := s.load(ctx, tx, from, s.dialect.lock)
		if err != nil {
			return err
		}
		if taken, err := s.exists(ctx, tx, to); err != nil {
			return err
		} else if taken {
			return rotate.ErrExists
		}
		moved := before.Clone()
		moved.Account = to
		after, _, events, err := edit(ctx, &moved, fn)
		if err != nil {
			return err
		}
		// A row that holds what it cannot is refused before anything moves.
		if _, err := newRow(&after); err != nil {
			return err
		}
		if err := forgetSeals(ctx, tx, from); err != nil {
			return err
		}
		for _, update := range []string{
			"UPDATE tillkey_credentials SET account = ? WHERE account = ?",
			"UPDATE tillkey_events SET account = ? WHERE account = ?",
			"UPDATE tillkey_events SET moved_to = ? WHERE moved_to = ? AND moved_to <> ''",
			"UPDATE tillkey_orders SET account = ? WHERE account = ? AND account <> ''",
		} {
			if _, err := tx.exec(ctx, update, to, from); err != nil {
				if s.dialect.taken(err) {
					return rotate.ErrExists // somebody was faster
				}
				return err
			}
		}
		if err := s.rewrite(ctx, tx, &before, &after); err != nil {
			return err
		}
		return s.tell(ctx, tx, events)
	})
}

// Erase implements [rotate.Credentials]. It refuses events that name the
// account.
func (s *Store) Erase(ctx context.Context, account string, events []rotate.Event) error {
	for _, e := range events {
		if e.Account == account || e.To == account {
			return fmt.Errorf("sqlstore: event %q names the account that is erased", e.Kind)
		}
	}
	return s.runner.write(ctx, func(tx session) error {
		if err := forgetSeals(ctx, tx, account); err != nil {
			return err
		}
		n, err := tx.exec(ctx, "DELETE FROM tillkey_credentials WHERE account = ?", account)
		if err != nil {
			return err
		}
		if n == 0 {
			return rotate.ErrNotFound
		}
		for _, erase := range []string{
			"DELETE FROM tillkey_events WHERE account = ?",
			"DELETE FROM tillkey_events WHERE moved_to = ? AND moved_to <> ''",
			"DELETE FROM tillkey_orders WHERE account = ? AND account <> ''",
		} {
			if _, err := tx.exec(ctx, erase, account); err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, events)
	})
}

// exists tells whether an account has a row.
func (s *Store) exists(ctx context.Context, tx session, account string) (bool, error) {
	var one int
	return tx.one(ctx, "SELECT 1 FROM tillkey_credentials WHERE account = ?", []any{account}, &one)
}

// edit runs fn on a copy of a row and returns what it made of it.
func edit(ctx context.Context, row *rotate.Credential, fn func(*rotate.Credential) ([]rotate.Event, error)) (after rotate.Credential, changed bool, _ []rotate.Event, _ error) {
	draft := row.Clone()
	events, err := fn(&draft)
	changed, err = outcome(ctx, err)
	if err != nil || !changed {
		return *row, false, events, err
	}
	if draft.Account != row.Account {
		return *row, false, nil, fmt.Errorf("sqlstore: the account of %q was changed; use Rename", row.Account)
	}
	return draft, true, events, nil
}
