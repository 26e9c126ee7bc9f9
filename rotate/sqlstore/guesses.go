package sqlstore

import (
	"context"
	"math"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Guess implements [rotate.Guesses].
func (s *Store) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	nowMicros, err := toMicros(now)
	if err != nil {
		return failed(ctx, err)
	}
	expiresMicros, err := toMicros(expires)
	if err != nil {
		return failed(ctx, err)
	}
	return s.runner.write(ctx, func(tx session) error {
		var c rotate.Counter
		var until int64
		find := func() (bool, error) {
			return tx.one(ctx, "SELECT total, recent, wait_until, expires_at FROM tillkey_guesses WHERE name_key = ?"+s.dialect.lock,
				[]any{key[:]}, &c.Total, &c.Recent, micros{&c.Until}, &until)
		}
		found, err := find()
		if err != nil {
			return err
		}
		reserved := !found && !s.dialect.serial
		if reserved {
			// What is not there cannot be locked, and two first guesses would both
			// count from zero. This row means nothing, as it has long expired.
			if _, err := tx.exec(ctx, "INSERT INTO tillkey_guesses (name_key, total, recent, expires_at) VALUES (?, 0, 0, ?)"+s.dialect.lockGuess,
				key[:], int64(math.MinInt64)); err != nil {
				return err
			}
			if _, err := find(); err != nil {
				return err
			}
		}
		if until < nowMicros {
			c = rotate.Counter{}
		}
		changed, err := outcome(ctx, fn(&c))
		if err != nil {
			return err
		}
		if !changed {
			if reserved {
				_, err = tx.exec(ctx, "DELETE FROM tillkey_guesses WHERE name_key = ? AND expires_at = ?", key[:], int64(math.MinInt64))
			}
			return err
		}
		_, err = tx.exec(ctx, "INSERT INTO tillkey_guesses (name_key, total, recent, wait_until, expires_at) VALUES (?, ?, ?, ?, ?)"+s.dialect.replaceGuess,
			key[:], c.Total, c.Recent, micros{&c.Until}, expiresMicros)
		return err
	})
}

// Prune implements [rotate.Guesses]. A negative keep counts as 0.
func (s *Store) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	nowMicros, err := toMicros(now)
	if err != nil {
		return 0, failed(ctx, err)
	}
	var pruned int64
	err = s.runner.write(ctx, func(tx session) (err error) {
		if pruned, err = tx.exec(ctx, "DELETE FROM tillkey_guesses WHERE expires_at < ?", nowMicros); err != nil {
			return err
		}
		var left int
		if _, err := tx.one(ctx, "SELECT COUNT(*) FROM tillkey_guesses", nil, &left); err != nil {
			return err
		}
		over := left - max(0, keep)
		if over <= 0 {
			return nil
		}
		n, err := tx.exec(ctx, s.dialect.pruneGuesses, over)
		pruned += n
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(pruned), nil
}
