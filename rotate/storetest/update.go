package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func updateLaws() []law {
	return []law{
		{"without a row fn does not run", updateMissing},
		{"fn sees what Load returns", updateSees},
		{"it changes one row", updateOne},
		{"no increment is lost", updateParallel},
		{"an error undoes row and events", updateUndone},
		{"ErrUnchanged writes events alone", updateUnchanged},
		{"an event is there when and only when its change is", updateAtomic},
		{"what fn was handed is a copy", updateCopies},
		{"the account stays", updateAccount},
	}
}

func updateMissing(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"))
	ran := false
	err := s.Update(ctx, "b", func(*rotate.Credential) ([]rotate.Event, error) {
		ran = true
		return []rotate.Event{event("b", 1)}, nil
	})
	require.ErrorIs(t, err, rotate.ErrNotFound)
	require.False(t, ran)
	gone(ctx, t, s, "b")
	written(ctx, t, s)
}

func updateSees(ctx context.Context, t *testing.T, s rotate.Store) {
	want := newRing(t, 1).full("a")
	insert(ctx, t, s, want)
	var seen rotate.Credential
	require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		seen = c.Clone()
		return nil, nil
	}))
	equalRow(t, want, seen)
	equalRow(t, want, load(ctx, t, s, "a"))
}

func updateOne(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"), bare("b"), bare("c"))
	require.NoError(t, s.Update(ctx, "b", guessed))
	for account, want := range map[string]int{"a": 0, "b": 1, "c": 0} {
		require.Equal(t, want, load(ctx, t, s, account).PasswordGuesses.Total, account)
	}
}

func updateParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers, rounds = 8, 25
	insert(ctx, t, s, bare("a"), bare("b"))
	parallel(t, workers, func(i int) error {
		for n := range rounds {
			account := [2]string{"a", "b"}[(i+n)%2]
			if err := s.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
				c.PasswordGuesses.Total++
				return []rotate.Event{event(account, n)}, nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, account := range []string{"a", "b"} {
		require.Equal(t, workers*rounds/2, load(ctx, t, s, account).PasswordGuesses.Total)
		require.Len(t, trail(ctx, t, s, account), workers*rounds/2)
	}
}

func updateUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	want := r.full("a")
	insert(ctx, t, s, want)
	err := s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		*c = bare("a")
		c.Password = r.seal(1, "a", 1)
		return []rotate.Event{event("a", 1)}, errBoom
	})
	require.True(t, err == errBoom, "the error is %v, not what fn returned", err)
	equalRow(t, want, load(ctx, t, s, "a"))
	written(ctx, t, s)
	used(ctx, t, s, r, 1, 0)
}

func updateUnchanged(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	want := r.full("a")
	insert(ctx, t, s, want)
	e := event("a", 1)
	require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		*c = bare("a")
		c.Password = r.seal(1, "a", 1)
		return []rotate.Event{e}, rotate.ErrUnchanged
	}))
	equalRow(t, want, load(ctx, t, s, "a"))
	written(ctx, t, s, e)
	used(ctx, t, s, r, 1, 0)
}

// updateAtomic reads events while others write them. Each event says which
// state of the row it belongs to, and that state must be there to load.
func updateAtomic(ctx context.Context, t *testing.T, s rotate.Store) {
	const rounds = 60
	insert(ctx, t, s, bare("a"))
	done := make(chan struct{})
	parallel(t, 2, func(i int) error {
		if i == 0 {
			defer close(done)
			for range rounds {
				if err := s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
					c.PasswordGuesses.Total++
					e := event("a", c.PasswordGuesses.Total)
					e.Left = c.PasswordGuesses.Total
					return []rotate.Event{e}, nil
				}); err != nil {
					return err
				}
			}
			return nil
		}
		for {
			select {
			case <-done:
				return nil
			default:
			}
			if err := ahead(ctx, s); err != nil {
				return err
			}
		}
	})
	require.Equal(t, rounds, load(ctx, t, s, "a").PasswordGuesses.Total)
	require.Len(t, waiting(ctx, t, s), rounds)
	require.NoError(t, ahead(ctx, s))
}

func updateCopies(ctx context.Context, t *testing.T, s rotate.Store) {
	want := newRing(t, 1).full("a")
	insert(ctx, t, s, bare("a"))
	var kept *rotate.Credential
	e := event("a", 1)
	events := []rotate.Event{e}
	require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		*c = want.Clone()
		kept = c
		return events, nil
	}))
	scribble(kept)
	*kept = bare("b")
	events[0] = rotate.Event{}
	equalRow(t, want, load(ctx, t, s, "a"))
	written(ctx, t, s, e)

	// Nor does an fn reach the row after it returned an error.
	_ = s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		kept = c
		scribble(c)
		return nil, errBoom
	})
	*kept = bare("b")
	equalRow(t, want, load(ctx, t, s, "a"))
}

// updateAccount gives a Store the choice: it may refuse an fn that breaks the
// rule, or not look at the account that comes back.
func updateAccount(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"), bare("b"))
	for _, to := range []string{"b", "c"} {
		_ = s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Account = to
			return nil, nil
		})
		_, _, _ = s.Batch(ctx, rotate.Query{Account: "a"}, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Account = to
			return nil, nil
		})
	}
	equalRow(t, bare("a"), load(ctx, t, s, "a"))
	equalRow(t, bare("b"), load(ctx, t, s, "b"))
	gone(ctx, t, s, "c")
}
