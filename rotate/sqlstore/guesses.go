package sqlstore

import (
	"context"
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
		_, err := tx.one(ctx, "SELECT total, recent, wait_until, expires_at FROM tillkey_guesses WHERE name_key = ?"+s.dialect.lock,
			[]any{key[:]}, &c.Total, &c.Recent, micros{&c.Until}, &until)
		if err != nil {
			return err
		}
		if until < nowMicros {
			c = rotate.Counter{}
		}
		changed, err := outcome(ctx, fn(&c))
		if err != nil || !changed {
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
		n, err := tx.exec(ctx, "DELETE FROM tillkey_guesses WHERE name_key IN (SELECT name_key FROM tillkey_guesses ORDER BY expires_at, name_key LIMIT ?)", over)
		pruned += n
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(pruned), nil
}
