package storetest

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// guessKey is a key that ends in n. No byte of it is text.
func guessKey(n byte) (key [32]byte) {
	for i := range key {
		key[i] = byte(255 - i)
	}
	key[0], key[31] = 0, n
	return key
}

// counter reads what is stored under a key at a time.
func counter(ctx context.Context, t *testing.T, s rotate.Store, key [32]byte, now time.Time) (seen rotate.Counter) {
	t.Helper()
	require.NoError(t, s.Guess(ctx, key, now, now, func(c *rotate.Counter) error {
		seen = *c
		return rotate.ErrUnchanged
	}))
	return seen
}

// count adds one to a counter that expires at a time.
func count(ctx context.Context, s rotate.Store, key [32]byte, now, expires time.Time) error {
	return s.Guess(ctx, key, now, expires, func(c *rotate.Counter) error {
		c.Total++
		return nil
	})
}

func guessLaws() []law {
	return []law{
		{"a counter comes back as it was", guessFields},
		{"keys are independent", guessKeys},
		{"no guess is lost", guessParallel},
		{"an error undoes it", guessUndone},
		{"an expired counter starts from zero", guessExpired},
		{"each guess sets when it expires", guessProlonged},
	}
}

func guessFields(ctx context.Context, t *testing.T, s rotate.Store) {
	key := guessKey(1)
	require.Zero(t, counter(ctx, t, s, key, at(0)))
	for _, want := range []rotate.Counter{
		{Total: 1, Recent: 2, Until: at(3)},
		{Total: math.MaxInt32, Recent: math.MaxInt32, Until: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)},
		{Recent: 1},
		{Until: time.Unix(0, 0).UTC()},
		{},
	} {
		require.NoError(t, s.Guess(ctx, key, at(0), at(1000), func(c *rotate.Counter) error {
			*c = want
			return nil
		}))
		require.Equal(t, want, counter(ctx, t, s, key, at(1)))
	}
}

func guessKeys(ctx context.Context, t *testing.T, s rotate.Store) {
	first := guessKey(1)
	other := first
	other[0] = 1 // a key that is cut at a zero byte would be equal
	last := guessKey(2)
	require.NoError(t, count(ctx, s, first, at(0), at(1000)))
	require.NoError(t, count(ctx, s, first, at(0), at(1000)))
	require.NoError(t, count(ctx, s, other, at(0), at(1000)))
	require.Equal(t, 2, counter(ctx, t, s, first, at(1)).Total)
	require.Equal(t, 1, counter(ctx, t, s, other, at(1)).Total)
	require.Zero(t, counter(ctx, t, s, last, at(1)))
}

func guessParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers, rounds = 8, 15
	parallel(t, workers, func(int) error {
		for range rounds {
			for n := range byte(2) {
				if err := count(ctx, s, guessKey(n), at(0), at(1000)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for n := range byte(2) {
		require.Equal(t, workers*rounds, counter(ctx, t, s, guessKey(n), at(1)).Total)
	}
}

func guessUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	key := guessKey(1)
	fail := func(c *rotate.Counter) error {
		c.Total += 100
		return errBoom
	}
	require.True(t, s.Guess(ctx, key, at(0), at(1000), fail) == errBoom, "the error is not what fn returned")
	require.Zero(t, counter(ctx, t, s, key, at(1)))
	require.NoError(t, count(ctx, s, key, at(1), at(1000)))
	require.True(t, s.Guess(ctx, key, at(2), at(9000), fail) == errBoom, "the error is not what fn returned")
	require.Equal(t, 1, counter(ctx, t, s, key, at(3)).Total)
	require.Zero(t, counter(ctx, t, s, key, at(1001)), "a failed guess prolonged the counter")

	require.NoError(t, s.Guess(ctx, key, at(2), at(9000), func(c *rotate.Counter) error {
		c.Total += 100
		return rotate.ErrUnchanged
	}))
	require.Equal(t, 1, counter(ctx, t, s, key, at(3)).Total)
}

func guessExpired(ctx context.Context, t *testing.T, s rotate.Store) {
	key := guessKey(1)
	require.NoError(t, count(ctx, s, key, at(0), at(10)))
	require.Equal(t, 1, counter(ctx, t, s, key, at(9)).Total)
	require.Equal(t, 1, counter(ctx, t, s, key, at(10)).Total, "it expires after this moment")
	require.Zero(t, counter(ctx, t, s, key, at(11)))
	require.NoError(t, count(ctx, s, key, at(11), at(20)))
	require.Equal(t, 1, counter(ctx, t, s, key, at(20)).Total)
}

func guessProlonged(ctx context.Context, t *testing.T, s rotate.Store) {
	key := guessKey(1)
	require.NoError(t, count(ctx, s, key, at(0), at(10)))
	require.NoError(t, count(ctx, s, key, at(5), at(100)))
	require.Equal(t, 2, counter(ctx, t, s, key, at(99)).Total)
	require.NoError(t, count(ctx, s, key, at(6), at(50)))
	require.Equal(t, 3, counter(ctx, t, s, key, at(50)).Total)
	require.Zero(t, counter(ctx, t, s, key, at(51)))
}

func pruneLaws() []law {
	return []law{
		{"it deletes what expired", pruneExpired},
		{"above keep it deletes what expires soonest", pruneKeep},
	}
}

func pruneExpired(ctx context.Context, t *testing.T, s rotate.Store) {
	for n := range byte(10) {
		require.NoError(t, count(ctx, s, guessKey(n), at(0), at(int(n))))
	}
	pruned(ctx, t, s, at(4), 1000, 4)
	pruned(ctx, t, s, at(4), 1000, 0)
	for n := range byte(10) {
		want := 0
		if n >= 4 {
			want = 1
		}
		require.Equal(t, want, counter(ctx, t, s, guessKey(n), at(0)).Total, "counter that expires at %d", n)
	}
}

func pruneKeep(ctx context.Context, t *testing.T, s rotate.Store) {
	for i := range byte(10) {
		// Written in another order than they expire in.
		n := i * 7 % 10
		require.NoError(t, count(ctx, s, guessKey(n), at(0), at(100+int(n))))
	}
	pruned(ctx, t, s, at(0), 10, 0)
	pruned(ctx, t, s, at(0), 3, 7)
	for n := range byte(10) {
		want := 0
		if n >= 7 {
			want = 1
		}
		require.Equal(t, want, counter(ctx, t, s, guessKey(n), at(0)).Total, "counter that expires at %d", 100+n)
	}
	// Both at once: one expired, and one above keep.
	pruned(ctx, t, s, at(108), 1, 2)
	require.Equal(t, 1, counter(ctx, t, s, guessKey(9), at(0)).Total)
	pruned(ctx, t, s, at(0), 0, 1)
	pruned(ctx, t, s, at(0), 0, 0)
}

func pruned(ctx context.Context, t *testing.T, s rotate.Store, now time.Time, keep, want int) {
	t.Helper()
	n, err := s.Prune(ctx, now, keep)
	require.NoError(t, err)
	require.Equal(t, want, n, "counters deleted")
}
