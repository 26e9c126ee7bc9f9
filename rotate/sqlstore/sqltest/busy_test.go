package sqltest

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// hold takes the write lock of a file on another pool, and returns what frees it.
func hold(t *testing.T, path string) (free func()) {
	t.Helper()
	conn, err := pool(t, "file:"+path).Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
}

// impatient is a file whose database does not wait itself.
func impatient(t *testing.T, wait time.Duration) (*sqlstore.Store, *sql.DB, string) {
	t.Helper()
	path := file(t)
	db := pool(t, "file:"+path+"?_pragma=journal_mode(WAL)")
	s := open(t, db, sqlstore.Config{Wait: wait})
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	return s, db, path
}

func TestWaitsForAnotherProcess(t *testing.T) {
	s, _, path := impatient(t, time.Hour)
	free := hold(t, path)
	done := make(chan error)
	go func() { done <- s.Update(t.Context(), "a", guess) }()
	_, err := s.Load(t.Context(), "a")
	require.NoError(t, err, "readers do not wait")
	free()
	require.NoError(t, <-done)
}

func TestWaitsNoLongerThanItsContext(t *testing.T) {
	s, db, path := impatient(t, time.Hour)
	defer hold(t, path)()
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	// One waits for the other process, the second for the first.
	for range 2 {
		go func() { waited <- s.Update(ctx, "a", guess) }()
	}
	cancel()
	for range 2 {
		require.ErrorIs(t, <-waited, context.Canceled)
	}
	require.Zero(t, db.Stats().InUse)
}

func TestWaitEnds(t *testing.T) {
	s, _, path := impatient(t, time.Millisecond)
	free := hold(t, path)
	ran := false
	err := s.Update(t.Context(), "a", func(*rotate.Credential) ([]rotate.Event, error) {
		ran = true
		return nil, nil
	})
	require.ErrorContains(t, err, "locked")
	require.False(t, ran)
	free()
	require.NoError(t, s.Update(t.Context(), "a", guess))
}

// TestCancelledLeavesNoTransaction cancels inside an fn, and asks another
// process that does not wait for the lock.
func TestCancelledLeavesNoTransaction(t *testing.T) {
	s, db, path := impatient(t, time.Millisecond)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, s.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			cancel()
			return guess(c)
		}), context.Canceled)
		hold(t, path)()
	}
	require.Zero(t, db.Stats().InUse)
	c, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Zero(t, c.PasswordGuesses.Total)
}

// TestErrorOfFnIsNoConflict returns from an fn what looks like one.
func TestErrorOfFnIsNoConflict(t *testing.T) {
	s, _, path := impatient(t, time.Hour)
	_, locked := pool(t, "file:"+path).Exec("SELECT * FROM missing")
	require.Error(t, locked)
	free := hold(t, path)
	_, locked = pool(t, "file:"+path).Exec("DELETE FROM tillkey_credentials")
	require.ErrorContains(t, locked, "locked")
	free()
	runs := 0
	err := s.Update(t.Context(), "a", func(*rotate.Credential) ([]rotate.Event, error) {
		runs++
		return nil, locked
	})
	require.True(t, err == locked, "the error is %v, not what fn returned", err)
	require.Equal(t, 1, runs)
}
