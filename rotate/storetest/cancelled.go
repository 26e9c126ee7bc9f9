package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func contextLaws() []law {
	return []law{
		{"a cancelled one ends every call without a change", cancelled},
		{"one cancelled in fn leaves all or nothing", cancelledInside},
	}
}

func cancelled(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	want := r.full("a")
	e := event("a", 1)
	require.NoError(t, s.Insert(ctx, want, []rotate.Event{e}))
	placed := place(ctx, t, s, "")
	key := keyState(1)
	setKeys(ctx, t, s, []rotate.KeyState{key})
	require.NoError(t, count(ctx, s, guessKey(1), at(0), at(100)))

	dead, cancel := context.WithCancel(ctx)
	cancel()
	ran := false
	fn := func(c *rotate.Credential) ([]rotate.Event, error) {
		ran = true
		scribble(c)
		return []rotate.Event{event(c.Account, 2)}, nil
	}
	for name, call := range map[string]func() error{
		"Insert": func() error { return s.Insert(dead, bare("b"), []rotate.Event{event("b", 2)}) },
		"Load": func() error {
			_, err := s.Load(dead, "a")
			return err
		},
		"Update": func() error { return s.Update(dead, "a", fn) },
		"Batch": func() error {
			_, _, err := s.Batch(dead, rotate.Query{}, fn)
			return err
		},
		"Page": func() error {
			_, err := s.Page(dead, rotate.Query{})
			return err
		},
		"Count": func() error {
			_, err := s.Count(dead, rotate.Query{})
			return err
		},
		"Rename": func() error { return s.Rename(dead, "a", "b", fn) },
		"Erase":  func() error { return s.Erase(dead, "a", []rotate.Event{event("", 2)}) },
		"Place": func() error {
			return s.Place(dead, func(seq int64) (rotate.Order, []rotate.Event, error) {
				ran = true
				return order(seq, ""), []rotate.Event{event("", 2)}, nil
			})
		},
		"Orders": func() error {
			_, err := s.Orders(dead, 0)
			return err
		},
		"Guess": func() error {
			return s.Guess(dead, guessKey(1), at(0), at(100), func(c *rotate.Counter) error {
				ran = true
				c.Total = 100
				return nil
			})
		},
		"Prune": func() error {
			_, err := s.Prune(dead, at(1000), 0)
			return err
		},
		"Lease": func() error {
			_, err := s.Lease(dead, 10, at(0), at(100))
			return err
		},
		"Delivered": func() error { return s.Delivered(dead, []string{e.ID}) },
		"Events": func() error {
			_, err := s.Events(dead, "", "", 10)
			return err
		},
		"Keys": func() error {
			_, err := s.Keys(dead)
			return err
		},
		"UpdateKeys": func() error {
			return s.UpdateKeys(dead, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				ran = true
				return nil, []rotate.Event{event("", 2)}, nil
			})
		},
		"KeyUse": func() error {
			_, err := s.KeyUse(dead, r.ids[0])
			return err
		},
	} {
		require.ErrorIs(t, call(), context.Canceled, name)
		require.False(t, ran, "%s ran fn", name)
		equalRow(t, want, load(ctx, t, s, "a"))
		gone(ctx, t, s, "b")
		require.Equal(t, []rotate.Order{placed}, log(ctx, t, s), name)
		require.Equal(t, []rotate.KeyState{key}, states(ctx, t, s), name)
		require.Equal(t, 1, counter(ctx, t, s, guessKey(1), at(1)).Total, name)
		leased(ctx, t, s, 10, at(50), at(-1), e)
		written(ctx, t, s, e)
	}
}

// cancelledInside asks only that the answer is true: a Store may notice before
// it commits, or too late.
func cancelledInside(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"), bare("b"))
	for name, call := range map[string]func(context.Context, edit) error{
		"Update": func(ctx context.Context, fn edit) error { return s.Update(ctx, "a", fn) },
		"Batch": func(ctx context.Context, fn edit) error {
			_, _, err := s.Batch(ctx, rotate.Query{Account: "a"}, fn)
			return err
		},
	} {
		before, told := load(ctx, t, s, "a").PasswordGuesses.Total, len(trail(ctx, t, s, ""))
		ending, cancel := context.WithCancel(ctx)
		err := call(ending, func(c *rotate.Credential) ([]rotate.Event, error) {
			cancel()
			c.PasswordGuesses.Total++
			return []rotate.Event{event("a", 1)}, nil
		})
		cancel()
		done := 1
		if err != nil {
			require.ErrorIs(t, err, context.Canceled, name)
			done = 0
		}
		require.Equal(t, before+done, load(ctx, t, s, "a").PasswordGuesses.Total, "%s: row after %v", name, err)
		require.Len(t, trail(ctx, t, s, ""), told+done, "%s: events after %v", name, err)
	}
}
