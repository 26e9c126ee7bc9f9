package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func keyLaws() []law {
	return []law{
		{"a state comes back as it was", keyFields},
		{"they are read oldest first", keyOrder},
		{"all of them are replaced", keyReplace},
		{"no update is lost", keyParallel},
		{"an error undoes states and events", keyUndone},
		{"what fn was handed is a copy", keyCopies},
	}
}

// states reads the key states.
func states(ctx context.Context, t *testing.T, s rotate.Store) []rotate.KeyState {
	t.Helper()
	keys, err := s.Keys(ctx)
	require.NoError(t, err)
	return keys
}

// setKeys replaces the key states.
func setKeys(ctx context.Context, t *testing.T, s rotate.Store, keys []rotate.KeyState, events ...rotate.Event) {
	t.Helper()
	require.NoError(t, s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		return slices.Clone(keys), events, nil
	}))
}

// fullKey is a state in which every field has a value.
func fullKey(r ring) rotate.KeyState {
	return rotate.KeyState{
		ID: r.ids[0], Canary: r.seal(0, "", 32), Primary: true,
		Added: time.Unix(0, 0).UTC(), Unused: at(1), Dropped: at(2),
	}
}

func keyFields(ctx context.Context, t *testing.T, s rotate.Store) {
	full := fullKey(newRing(t, 1))
	want := []rotate.KeyState{full, keyState(1)}
	setKeys(ctx, t, s, want)
	require.Equal(t, want, states(ctx, t, s))

	given := start().Add(789 * time.Nanosecond).In(time.FixedZone("Kathmandu", (5*60+45)*60))
	full.Added, full.Unused, full.Dropped = given, given, given
	setKeys(ctx, t, s, []rotate.KeyState{full})
	got := states(ctx, t, s)[0]
	for _, when := range []time.Time{got.Added, got.Unused, got.Dropped} {
		require.Equal(t, time.UTC, when.Location())
		require.Zero(t, when.Nanosecond()%1000)
		require.Less(t, when.Sub(given).Abs(), time.Microsecond)
	}
}

func keyOrder(ctx context.Context, t *testing.T, s rotate.Store) {
	want := []rotate.KeyState{keyState(0), keyState(1), keyState(2), keyState(3), keyState(4)}
	setKeys(ctx, t, s, []rotate.KeyState{want[3], want[0], want[4], want[2], want[1]})
	require.Equal(t, want, states(ctx, t, s))
	var seen []rotate.KeyState
	require.NoError(t, s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		seen = slices.Clone(keys)
		return keys, nil, nil
	}))
	require.Equal(t, want, seen)
}

func keyReplace(ctx context.Context, t *testing.T, s rotate.Store) {
	a, b, c := keyState(0), keyState(1), keyState(2)
	e := event("", 1)
	setKeys(ctx, t, s, []rotate.KeyState{a, b}, e)
	b.Primary, b.Unused = true, at(9)
	setKeys(ctx, t, s, []rotate.KeyState{b, c})
	require.Equal(t, []rotate.KeyState{b, c}, states(ctx, t, s))
	written(ctx, t, s, e)
	setKeys(ctx, t, s, nil)
	require.Empty(t, states(ctx, t, s))
}

func keyParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers, rounds = 6, 4
	own := make([]rotate.KeyState, workers*rounds)
	for i := range own {
		own[i] = keyState(i)
	}
	parallel(t, workers, func(i int) error {
		for n := range rounds {
			if err := s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				return append(keys, own[i*rounds+n]), []rotate.Event{event("", n)}, nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, own, states(ctx, t, s))
	require.Len(t, trail(ctx, t, s, ""), workers*rounds)
}

func keyUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	want := []rotate.KeyState{keyState(0), keyState(1)}
	setKeys(ctx, t, s, want)
	err := s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		keys[0].Primary = true
		return keys[:1], []rotate.Event{event("", 1)}, errBoom
	})
	require.True(t, err == errBoom, "the error is %v, not what fn returned", err)
	require.Equal(t, want, states(ctx, t, s))
	written(ctx, t, s)

	e := event("", 2)
	require.NoError(t, s.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		keys[0].Primary = true
		return keys[:1], []rotate.Event{e}, rotate.ErrUnchanged
	}))
	require.Equal(t, want, states(ctx, t, s))
	written(ctx, t, s, e)
}

func keyCopies(ctx context.Context, t *testing.T, s rotate.Store) {
	want := []rotate.KeyState{keyState(0), keyState(1)}
	kept := slices.Clone(want)
	require.NoError(t, s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		return kept, nil, nil
	}))
	clear(kept)
	got := states(ctx, t, s)
	require.Equal(t, want, got)
	clear(got)
	require.Equal(t, want, states(ctx, t, s))
}
