package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func twiceLaws() []law {
	return []law{
		{"a second run of fn changes nothing", secondRun},
		{"an error of the first run is forgotten", firstError},
	}
}

// secondRun does one thing with each method that takes an fn, on a Store that
// runs it twice.
func secondRun(ctx context.Context, t *testing.T, s rotate.Store) {
	s = Twice(s)
	e := []rotate.Event{event("a", 0), event("a", 1), event("a", 2), event("", 3), event("", 4)}
	insert(ctx, t, s, bare("a"))
	add := func(e rotate.Event) edit {
		return func(c *rotate.Credential) ([]rotate.Event, error) {
			c.PasswordGuesses.Total++
			c.Spent = append(c.Spent, rotate.Spent{Nonce: e.ID, Until: at(1)})
			return []rotate.Event{e}, nil
		}
	}
	require.NoError(t, s.Update(ctx, "a", add(e[0])))
	n, last, err := s.Batch(ctx, rotate.Query{}, add(e[1]))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, "a", last)
	require.NoError(t, s.Rename(ctx, "a", "b", add(e[2])))
	want := bare("b")
	want.PasswordGuesses.Total = 3
	for _, e := range e[:3] {
		want.Spent = append(want.Spent, rotate.Spent{Nonce: e.ID, Until: at(1)})
	}
	equalRow(t, want, load(ctx, t, s, "b"))

	require.Equal(t, int64(1), place(ctx, t, s, "", e[3]).Seq)
	require.Equal(t, int64(2), place(ctx, t, s, "").Seq)
	require.Equal(t, []int64{1, 2}, seqs(log(ctx, t, s)))
	require.NoError(t, count(ctx, s, guessKey(1), at(0), at(9)))
	require.Equal(t, 1, counter(ctx, t, s, guessKey(1), at(1)).Total)
	key := keyState(1)
	require.NoError(t, s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		return append(keys, key), []rotate.Event{e[4]}, nil
	}))
	require.Equal(t, []rotate.KeyState{key}, states(ctx, t, s))
	written(ctx, t, s, e...)
}

func firstError(ctx context.Context, t *testing.T, s rotate.Store) {
	s = Twice(s)
	insert(ctx, t, s, bare("a"))
	runs := 0
	e := event("a", 1)
	require.NoError(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.PasswordGuesses.Total++
		if runs++; runs == 1 {
			return []rotate.Event{event("a", 0)}, errBoom
		}
		return []rotate.Event{e}, nil
	}))
	require.GreaterOrEqual(t, runs, 2)
	require.Equal(t, 1, load(ctx, t, s, "a").PasswordGuesses.Total)
	written(ctx, t, s, e)
}

func panicLaws() []law {
	return []law{{"it leaves no change and no lock", afterPanic}}
}

// afterPanic checks that a Store survives a server that goes on after a panic.
func afterPanic(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	want := r.full("a")
	insert(ctx, t, s, want)
	key := keyState(1)
	setKeys(ctx, t, s, []rotate.KeyState{key})
	require.NoError(t, count(ctx, s, guessKey(1), at(0), at(100)))
	burst := func(c *rotate.Credential) ([]rotate.Event, error) {
		scribble(c)
		panic(errBoom)
	}
	for name, call := range map[string]func(){
		"Update": func() { _ = s.Update(ctx, "a", burst) },
		"Batch":  func() { _, _, _ = s.Batch(ctx, rotate.Query{}, burst) },
		"Rename": func() { _ = s.Rename(ctx, "a", "b", burst) },
		"Place": func() {
			_ = s.Place(ctx, func(int64) (rotate.Order, []rotate.Event, error) { panic(errBoom) })
		},
		"Guess": func() {
			_ = s.Guess(ctx, guessKey(1), at(0), at(100), func(c *rotate.Counter) error {
				c.Total = 100
				panic(errBoom)
			})
		},
		"UpdateKeys": func() {
			_ = s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				clear(keys)
				panic(errBoom)
			})
		},
	} {
		require.PanicsWithValue(t, errBoom, call, name)
		equalRow(t, want, load(ctx, t, s, "a"))
		gone(ctx, t, s, "b")
		require.Empty(t, log(ctx, t, s), name)
		require.Equal(t, []rotate.KeyState{key}, states(ctx, t, s), name)
		require.Equal(t, 1, counter(ctx, t, s, guessKey(1), at(1)).Total, name)
		written(ctx, t, s)
	}
	// Everything that was locked is free.
	require.NoError(t, s.Update(ctx, "a", guessed))
	require.Equal(t, int64(1), place(ctx, t, s, "").Seq)
	require.NoError(t, count(ctx, s, guessKey(1), at(0), at(100)))
	setKeys(ctx, t, s, nil)
	require.NoError(t, s.Rename(ctx, "a", "b", same))
	require.NoError(t, s.Erase(ctx, "b", nil))
}

// same is an fn that writes the row as it is.
func same(*rotate.Credential) ([]rotate.Event, error) { return nil, nil }
