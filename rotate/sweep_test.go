package rotate_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// lockingStore counts the batches, each of which locks rows, and lets something
// happen before one.
type lockingStore struct {
	rotate.Store
	batches int
	before  func()
}

func (s *lockingStore) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (int, string, error) {
	s.batches++
	if s.before != nil {
		s.before()
	}
	return s.Store.Batch(ctx, q, fn)
}

// TestQuietSweepLocksNothing: a sweep of rows for which nothing is due only reads
// them, and one that finds something reads it again under a lock.
func TestQuietSweepLocksNothing(t *testing.T) {
	const rows = 3*rotate.MaxBatch + 50
	ctx := t.Context()
	s := &lockingStore{Store: memstore.New()}
	ring := newRing(t, keyring.NewKey(), keyring.NewKey())
	realm := newRealm(t, rotate.Config{Store: s, Ring: ring})
	account := func(i int) string { return fmt.Sprintf("c-%04d", i) }
	for i := range rows {
		group := "customers"
		if i == 7 {
			group = "unknown"
		}
		require.NoError(t, s.Insert(ctx, rotate.Credential{Account: account(i), Group: group}, nil))
	}
	for range 2 {
		report, err := realm.Keeper.Sweep(ctx, 0)
		require.NoError(t, err)
		require.Equal(t, rotate.Report{Rows: rows, NoProfile: 1, Done: true}, report)
		require.Zero(t, s.batches)
	}

	// In steps it covers the same rows.
	swept := 0
	for done := false; !done; {
		report, err := realm.Keeper.Sweep(ctx, 120)
		require.NoError(t, err)
		swept += report.Rows
		done = report.Done
	}
	require.Equal(t, rows, swept)
	require.Zero(t, s.batches)

	// One row with something to forget, in the third batch: that batch and the
	// next one lock.
	spend := func(i int) {
		require.NoError(t, s.Update(ctx, account(i), func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Spent = []rotate.Spent{{Nonce: "n", Until: realm.Clock.Now()}}
			return nil, nil
		}))
	}
	spend(1200)
	report, err := realm.Keeper.Sweep(ctx, 0)
	require.NoError(t, err)
	require.Equal(t, rotate.Report{Rows: rows, Changed: 1, NoProfile: 1, Done: true}, report)
	require.Equal(t, 2, s.batches)

	// What was seen without a lock is not what is written.
	spend(1200)
	s.before = func() {
		s.before = nil
		require.NoError(t, s.Update(ctx, account(1200), func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Spent = nil
			return nil, nil
		}))
	}
	report, err = realm.Keeper.Sweep(ctx, 0)
	require.NoError(t, err)
	require.Equal(t, rotate.Report{Rows: rows, NoProfile: 1, Done: true}, report)
}

// TestSweepThatResealsReadsOnce: where every row is to be written, each is read
// under its lock alone.
func TestSweepThatResealsReadsOnce(t *testing.T) {
	const batches = 3
	ctx := t.Context()
	s := &lockingStore{Store: memstore.New()}
	ring := newRing(t, keyring.NewKey(), keyring.NewKey())
	realm := newRealm(t, rotate.Config{Store: s, Ring: ring})
	for i := range batches * rotate.MaxBatch {
		account := fmt.Sprintf("c-%04d", i)
		sealed, err := ring.Seal(ring.IDs()[0], keyring.Context{Purpose: "password", Account: account}, []byte("hash"))
		require.NoError(t, err)
		require.NoError(t, s.Insert(ctx, rotate.Credential{Account: account, Group: "customers", Password: sealed}, nil))
	}
	require.NoError(t, realm.Keeper.AddKey(ctx, ring.IDs()[1], "staff-1"))
	require.NoError(t, realm.Keeper.PromoteKey(ctx, ring.IDs()[1], "staff-1"))
	report, err := realm.Keeper.Sweep(ctx, 0)
	require.NoError(t, err)
	require.Equal(t, batches*rotate.MaxBatch, report.Resealed)
	require.Equal(t, batches+1, s.batches, "and the one that finds the end")
}
