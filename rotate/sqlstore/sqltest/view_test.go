package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// shop is a Store beside a table of the shop's own.
func shop(t *testing.T, s server) (*sqlstore.Store, place) {
	t.Helper()
	p := s.empty(t)
	store := s.store(t, p.db, sqlstore.Config{})
	_, err := p.db.Exec("CREATE TABLE customers (id VARCHAR(40) PRIMARY KEY)")
	require.NoError(t, err)
	return store, p
}

// signUp adds a customer and a credential in one transaction.
func signUp(t *testing.T, s *sqlstore.Store, tx *sql.Tx, account string) {
	t.Helper()
	_, err := tx.Exec("INSERT INTO customers (id) VALUES ('" + account + "')")
	require.NoError(t, err)
	events := []rotate.Event{{ID: "signed up " + account, Kind: rotate.SignedUp, Account: account}}
	require.NoError(t, s.On(tx).Insert(t.Context(), rotate.Credential{Account: account}, events))
}

func TestViewCommits(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := shop(t, on)
		tx, err := p.db.Begin()
		require.NoError(t, err)
		signUp(t, s, tx, "a")
		_, err = s.On(tx).Load(t.Context(), "a")
		require.NoError(t, err, "the transaction sees its own row")
		_, err = s.Load(t.Context(), "a")
		require.ErrorIs(t, err, rotate.ErrNotFound, "nobody else does")
		require.NoError(t, tx.Commit())
		_, err = s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM customers"))
		events, err := s.Events(t.Context(), "a", "", 10)
		require.NoError(t, err)
		require.Len(t, events, 1)
	})
}

func TestViewRollsBack(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := shop(t, on)
		tx, err := p.db.Begin()
		require.NoError(t, err)
		signUp(t, s, tx, "a")
		require.NoError(t, tx.Rollback())
		_, err = s.Load(t.Context(), "a")
		require.ErrorIs(t, err, rotate.ErrNotFound)
		require.Zero(t, number(t, p.db, "SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM tillkey_events)"))
		_, err = s.On(tx).Load(t.Context(), "a")
		require.ErrorIs(t, err, sql.ErrTxDone, "the view ends with the transaction")
	})
}

// TestViewTakesBackOneCall lets calls fail after they wrote something.
func TestViewTakesBackOneCall(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := shop(t, on)
		tx, err := p.db.Begin()
		require.NoError(t, err)
		signUp(t, s, tx, "a")
		twice := []rotate.Event{{ID: "e"}, {ID: "e"}}
		view := s.On(tx)
		require.Error(t, view.Insert(t.Context(), rotate.Credential{Account: "b"}, twice))
		require.ErrorIs(t, view.Insert(t.Context(), rotate.Credential{Account: "a"}, nil), rotate.ErrExists)
		require.Error(t, view.Update(t.Context(), "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Recheck = true
			return twice, nil
		}))
		require.Error(t, view.Rename(t.Context(), "a", "c", func(*rotate.Credential) ([]rotate.Event, error) { return twice, nil }))
		require.NoError(t, tx.Commit())

		c, err := s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.False(t, c.Recheck)
		require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM tillkey_credentials"))
		require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM customers"))
		require.Equal(t, 1, number(t, p.db, "SELECT COUNT(*) FROM tillkey_events"))
	})
}

// TestViewOutlivesItsContext ends a context inside a call. SQLite ends a whole
// transaction when it interrupts a statement that writes, and the shop would
// go on without one.
func TestViewOutlivesItsContext(t *testing.T) {
	s, p := shop(t, sqliteServer())
	tx, err := p.db.Begin()
	require.NoError(t, err)
	signUp(t, s, tx, "a")
	ctx, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, s.On(tx).Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.Recheck = true
		cancel()
		return nil, nil
	}), context.Canceled)
	require.ErrorIs(t, s.On(tx).Update(ctx, "a", guess), context.Canceled)
	ctx, cancel = context.WithCancel(t.Context())
	view := s.On(ending{tx, cancel, t})
	require.ErrorIs(t, view.Insert(ctx, rotate.Credential{Account: "c"}, nil), context.Canceled)
	_, err = s.On(tx).Load(t.Context(), "c")
	require.ErrorIs(t, err, rotate.ErrNotFound, "the statement that ran was taken back")
	signUp(t, s, tx, "b")
	require.NoError(t, tx.Rollback(), "the transaction was still there")
	require.Zero(t, number(t, p.db, "SELECT COUNT(*) FROM customers"))
}

// ending is a transaction under which the context of the caller ends as soon as
// something is written.
type ending struct {
	*sql.Tx
	cancel context.CancelFunc
	t      *testing.T
}

func (e ending) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if strings.HasPrefix(query, "INSERT") {
		e.cancel()
		require.Nil(e.t, ctx.Done(), "the statement could be interrupted")
	}
	return e.Tx.ExecContext(ctx, query, args...)
}

// TestViewNeedsOneConnection is given a pool, which has the same methods.
func TestViewNeedsOneConnection(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := shop(t, on)
		for _, conn := range []sqlstore.Conn{p.db, nil} {
			require.ErrorContains(t, s.On(conn).Insert(t.Context(), rotate.Credential{Account: "a"}, nil), "no transaction")
			_, err := s.On(conn).Load(t.Context(), "a")
			require.ErrorContains(t, err, "no transaction")
		}
		require.Zero(t, number(t, p.db, "SELECT COUNT(*) FROM tillkey_credentials"))
	})
}

// TestViewOnConn works on a connection whose transaction the shop began by hand.
func TestViewOnConn(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := shop(t, on)
		for _, end := range []string{"ROLLBACK", "COMMIT"} {
			conn, err := p.db.Conn(t.Context())
			require.NoError(t, err)
			_, err = conn.ExecContext(t.Context(), map[bool]string{true: "BEGIN IMMEDIATE", false: "BEGIN"}[on.variable == ""])
			require.NoError(t, err)
			require.NoError(t, s.On(conn).Insert(t.Context(), rotate.Credential{Account: end}, nil))
			_, err = conn.ExecContext(t.Context(), end)
			require.NoError(t, err)
			require.NoError(t, conn.Close())
		}
		_, err := s.Load(t.Context(), "COMMIT")
		require.NoError(t, err)
		_, err = s.Load(t.Context(), "ROLLBACK")
		require.ErrorIs(t, err, rotate.ErrNotFound)
	})
}

// TestViewTriesNothingAgain meets a conflict that only a new transaction solves.
func TestViewTriesNothingAgain(t *testing.T) {
	dsn := "file:" + file(t) + "?_pragma=journal_mode(WAL)"
	db := pool(t, dsn)
	s := open(t, db, sqlstore.Config{})
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	tx, err := db.Begin()
	require.NoError(t, err)
	view := s.On(tx)
	_, err = view.Load(t.Context(), "a")
	require.NoError(t, err)
	require.NoError(t, s.Update(t.Context(), "a", guess))
	runs := 0
	err = view.Update(t.Context(), "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		runs++
		return guess(c)
	})
	require.ErrorContains(t, err, "locked", "it wrote over what it had not seen")
	require.Equal(t, 1, runs)
	require.NoError(t, tx.Rollback())
	require.NoError(t, s.Update(t.Context(), "a", guess))
	c, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 2, c.PasswordGuesses.Total)
}

// TestHandedEventsAreAtomicWithTheRow hands them to a queue of the shop, which then
// delivers them, and to a table of the shop, beside the delivery.
func TestHandedEventsAreAtomicWithTheRow(t *testing.T) {
	for name, c := range map[string]struct {
		config  func(func(context.Context, sqlstore.Conn, []rotate.Event) error) sqlstore.Config
		waiting int
	}{
		"Enqueue": {func(hand func(context.Context, sqlstore.Conn, []rotate.Event) error) sqlstore.Config {
			return sqlstore.Config{Enqueue: hand}
		}, 0},
		"Join": {func(hand func(context.Context, sqlstore.Conn, []rotate.Event) error) sqlstore.Config {
			return sqlstore.Config{Join: hand}
		}, 1},
	} {
		t.Run(name, func(t *testing.T) { handedEvents(t, c.config, c.waiting) })
	}
}

func handedEvents(t *testing.T, config func(func(context.Context, sqlstore.Conn, []rotate.Event) error) sqlstore.Config, waiting int) {
	each(t, func(t *testing.T, on server) {
		db := on.empty(t).db
		_, err := db.Exec("CREATE TABLE jobs (event VARCHAR(40) PRIMARY KEY)")
		require.NoError(t, err)
		full := errors.New("the queue is full")
		s := on.store(t, db, config(func(ctx context.Context, tx sqlstore.Conn, events []rotate.Event) error {
			for _, e := range events {
				if _, err := tx.ExecContext(ctx, "INSERT INTO jobs (event) VALUES ('"+e.ID+"')"); err != nil {
					return err
				}
				if e.Kind == rotate.Locked {
					return full
				}
			}
			return nil
		}))
		jobs := func() int { return number(t, db, "SELECT COUNT(*) FROM jobs") }
		told := func(id string, kind rotate.Kind) func(*rotate.Credential) ([]rotate.Event, error) {
			return func(c *rotate.Credential) ([]rotate.Event, error) {
				c.PasswordGuesses.Total++
				return []rotate.Event{{ID: id, Kind: kind, Account: "a"}}, nil
			}
		}
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		require.NoError(t, s.Update(t.Context(), "a", told("1", rotate.Unlocked)))
		require.Equal(t, 1, jobs())
		require.ErrorIs(t, s.Update(t.Context(), "a", told("2", rotate.Locked)), full)
		require.Equal(t, 1, jobs())
		c, err := s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, 1, c.PasswordGuesses.Total)

		tx, err := db.Begin()
		require.NoError(t, err)
		require.NoError(t, s.On(tx).Update(t.Context(), "a", told("3", rotate.Unlocked)))
		require.NoError(t, tx.Rollback())
		require.Equal(t, 1, jobs())

		events, err := s.Lease(t.Context(), 10, c.Created, c.Created)
		require.NoError(t, err)
		require.Len(t, events, waiting, "who delivers it")
		events, err = s.Events(t.Context(), "a", "", 10)
		require.NoError(t, err)
		require.Len(t, events, 1, "it is in the audit trail")
		require.Equal(t, "1", events[0].ID)
	})
}
