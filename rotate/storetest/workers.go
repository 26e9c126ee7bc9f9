package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func workerLaws() []law {
	return []law{
		{"several sweep every row once", sweepTogether},
		{"a sweep beside updates loses neither", sweepBesideUpdates},
		{"a sweep beside deletions and inserts ends", sweepBesideErase},
	}
}

// sweep counts a row and takes it out of the selection, with one event.
func sweep(c *rotate.Credential) ([]rotate.Event, error) {
	c.PasswordGuesses.Total++
	c.ClearedSeq = 2
	return []rotate.Event{event(c.Account, 1)}, nil
}

// swept requires that each row was swept exactly once.
func swept(ctx context.Context, t *testing.T, s rotate.Store, names []string) {
	t.Helper()
	for _, account := range names {
		require.Equal(t, 1, load(ctx, t, s, account).PasswordGuesses.Total, "sweeps of %q", account)
		require.Len(t, trail(ctx, t, s, account), 1, "events of %q", account)
	}
}

func sweepTogether(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers = 4
	names := numbered(60)
	for _, account := range names {
		insert(ctx, t, s, bare(account))
	}
	var ran [workers]int
	parallel(t, workers, func(i int) (err error) {
		ran[i], err = loop(ctx, s, rotate.Query{ClearedBelow: 2, Limit: 7}, sweep)
		return err
	})
	// A row one worker left out was under the lock of another, which swept it.
	n, err := s.Count(ctx, rotate.Query{ClearedBelow: 2})
	require.NoError(t, err)
	require.Zero(t, n, "rows left")
	require.Equal(t, len(names), ran[0]+ran[1]+ran[2]+ran[3], "rows that the workers counted")
	swept(ctx, t, s, names)
}

func sweepBesideUpdates(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers, rounds = 3, 3
	names := numbered(40)
	for _, account := range names {
		insert(ctx, t, s, bare(account))
	}
	q := rotate.Query{ClearedBelow: 2, Limit: 6}
	parallel(t, 2*workers, func(i int) error {
		if i < workers {
			_, err := loop(ctx, s, q, sweep)
			return err
		}
		for range rounds {
			for _, account := range names {
				if err := s.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
					c.CodeGuesses.Total++
					return nil, nil
				}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	// Rows that an Update held were left out. Nobody holds any now.
	_, err := loop(ctx, s, q, sweep)
	require.NoError(t, err)
	n, err := s.Count(ctx, q)
	require.NoError(t, err)
	require.Zero(t, n, "rows left")
	swept(ctx, t, s, names)
	for _, account := range names {
		require.Equal(t, workers*rounds, load(ctx, t, s, account).CodeGuesses.Total, "updates of %q", account)
	}
}

func sweepBesideErase(ctx context.Context, t *testing.T, s rotate.Store) {
	names := numbered(40)
	for i, account := range names {
		if i%2 == 0 {
			insert(ctx, t, s, bare(account))
		}
	}
	parallel(t, 4, func(i int) error {
		if i < 2 {
			_, err := loop(ctx, s, rotate.Query{ClearedBelow: 2, Limit: 3}, sweep)
			return err
		}
		for k := range 10 {
			// The third worker erases each fourth row, the last one adds others.
			var err error
			if i == 2 {
				err = s.Erase(ctx, names[4*k], nil)
			} else {
				err = s.Insert(ctx, bare(names[4*k+1]), nil)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	_, err := loop(ctx, s, rotate.Query{ClearedBelow: 2, Limit: 3}, sweep)
	require.NoError(t, err)
	var left []string
	for i, account := range names {
		switch i % 4 {
		case 0:
			gone(ctx, t, s, account)
			require.Empty(t, trail(ctx, t, s, account))
		case 1, 2:
			left = append(left, account)
		}
	}
	swept(ctx, t, s, left)
}
