package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// refused requires an error of the server with a code of PostgreSQL or a number
// of MariaDB.
func refused(t *testing.T, err error, state string, number uint16) {
	t.Helper()
	var pg *pgconn.PgError
	var maria *mysql.MySQLError
	switch {
	case errors.As(err, &pg):
		require.Equal(t, state, pg.Code)
	case errors.As(err, &maria):
		require.Equal(t, number, maria.Number)
	default:
		require.Fail(t, "no error of a server", "%v", err)
	}
}

// locked holds the row of an account on another connection, and returns what
// frees it.
func locked(t *testing.T, p place, account string) (free func()) {
	t.Helper()
	tx, err := p.pool(t, p.dsn).Begin()
	require.NoError(t, err)
	require.Equal(t, 1, number(t, tx, "SELECT 1 FROM tillkey_credentials WHERE account = '"+account+"' FOR UPDATE"))
	return func() { require.NoError(t, tx.Rollback()) }
}

// told is guess with an event.
func told(id string) func(*rotate.Credential) ([]rotate.Event, error) {
	return func(c *rotate.Credential) ([]rotate.Event, error) {
		c.PasswordGuesses.Total++
		return []rotate.Event{{ID: id, Account: c.Account}}, nil
	}
}

// TestDeadlockIsTriedAgain lets two calls lock two rows in different orders. The
// server undoes one of them (40P01 and 1213), which runs once more.
func TestDeadlockIsTriedAgain(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		other := map[string]string{"a": "b", "b": "a"}
		both := make(chan struct{}) // is closed when each holds its first row
		var runs, deadlocks atomic.Int64
		s := on.store(t, on.pool(t, p.dsn), sqlstore.Config{Wait: time.Minute, Enqueue: func(ctx context.Context, tx sqlstore.Conn, events []rotate.Event) error {
			if runs.Add(1) == 2 {
				close(both)
			}
			<-both
			_, err := tx.ExecContext(ctx, "UPDATE tillkey_credentials SET recheck = TRUE WHERE account = '"+other[events[0].Account]+"'")
			if err != nil {
				refused(t, err, "40P01", 1213)
				deadlocks.Add(1)
			}
			return err
		}})
		for account := range other {
			require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: account}, nil))
		}
		done := make(chan error)
		for account := range other {
			go func() { done <- s.Update(t.Context(), account, told(account)) }()
		}
		require.NoError(t, <-done)
		require.NoError(t, <-done)
		require.Positive(t, deadlocks.Load())
		require.Equal(t, 2+deadlocks.Load(), runs.Load())
		for account := range other {
			c, err := s.Load(t.Context(), account)
			require.NoError(t, err)
			require.Equal(t, 1, c.PasswordGuesses.Total)
			require.True(t, c.Recheck)
		}
	})
}

// TestSerializationFailureIsTriedAgain has the server report one (40001).
func TestSerializationFailureIsTriedAgain(t *testing.T) {
	on := postgresServer()
	_, p := on.fresh(t)
	runs := 0
	s := on.store(t, p.db, sqlstore.Config{Enqueue: func(ctx context.Context, tx sqlstore.Conn, _ []rotate.Event) error {
		if runs++; runs > 2 {
			return nil
		}
		_, err := tx.ExecContext(ctx, "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")
		require.Error(t, err)
		return err
	}})
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	require.NoError(t, s.Update(t.Context(), "a", told("1")))
	require.Equal(t, 3, runs)
	c, err := s.Load(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, 1, c.PasswordGuesses.Total)
}

// TestWaitForARowEnds at Config.Wait (55P03 and 1205).
func TestWaitForARowEnds(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		s := on.store(t, p.db, sqlstore.Config{Wait: time.Millisecond})
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		free := locked(t, p, "a")
		ran := false
		err := s.Update(t.Context(), "a", func(*rotate.Credential) ([]rotate.Event, error) {
			ran = true
			return nil, nil
		})
		refused(t, err, "55P03", 1205)
		require.False(t, ran)
		_, err = s.Load(t.Context(), "a")
		require.NoError(t, err, "readers do not wait")
		// A sweep goes past it.
		n, last, err := s.Batch(t.Context(), rotate.Query{}, guess)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Empty(t, last)
		free()
		require.NoError(t, s.Update(t.Context(), "a", guess))
	})
}

// TestContextEndsAWait for a row that somebody else holds.
func TestContextEndsAWait(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		s := on.store(t, p.db, sqlstore.Config{Wait: time.Hour, Timeout: time.Hour})
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		free := locked(t, p, "a")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Update(ctx, "a", guess) }()
		waits(t, p)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		free()
		require.NoError(t, s.Update(t.Context(), "a", guess))
		c, err := s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, 1, c.PasswordGuesses.Total)
		require.Zero(t, p.db.Stats().InUse)
	})
}

// waits returns when a statement on the credentials of a place waits for a lock.
func waits(t *testing.T, p place) {
	t.Helper()
	query := "SELECT COUNT(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND query LIKE '%tillkey_credentials%' AND pid IN" +
		" (SELECT pid FROM pg_locks WHERE relation = '" + p.name + ".tillkey_credentials'::regclass)"
	if p.dialect == sqlstore.MariaDB {
		// innodb_trx is not renewed while somebody keeps asking.
		query = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + p.name + "' AND info LIKE '%FOR UPDATE%' AND time_ms > 100 AND id <> CONNECTION_ID()"
	}
	for number(t, p.db, query) == 0 {
		time.Sleep(time.Millisecond)
	}
}

// TestStatementEndsAtItsTimeout when the whole table is locked. The server ends
// it too, and does not go on for nobody.
func TestStatementEndsAtItsTimeout(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		s := on.store(t, p.db, sqlstore.Config{Wait: time.Hour, Timeout: 100 * time.Millisecond})
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		conn, err := p.pool(t, p.dsn).Conn(t.Context())
		require.NoError(t, err)
		for _, lock := range map[sqlstore.Dialect][]string{
			sqlstore.PostgreSQL: {"BEGIN", "LOCK TABLE tillkey_credentials IN ACCESS EXCLUSIVE MODE"},
			sqlstore.MariaDB:    {"LOCK TABLES tillkey_credentials WRITE"},
		}[on.dialect] {
			_, err := conn.ExecContext(t.Context(), lock)
			require.NoError(t, err)
		}
		for name, call := range map[string]func() error{
			"Load":   func() error { _, err := s.Load(t.Context(), "a"); return err },
			"Update": func() error { return s.Update(t.Context(), "a", guess) },
			"Erase":  func() error { return s.Erase(t.Context(), "a", nil) },
		} {
			err := call()
			require.ErrorContains(t, err, "sqlstore: ", name)
			require.NotErrorIs(t, err, rotate.ErrNotFound, name)
		}
		query := "SELECT COUNT(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND query LIKE '%tillkey_credentials%' AND relation = '" +
			p.name + ".tillkey_credentials'::regclass"
		if on.dialect == sqlstore.MariaDB {
			query = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = '" + p.name + "' AND info LIKE '%tillkey_credentials%' AND id <> CONNECTION_ID()"
		}
		for number(t, p.db, query) > 0 {
			time.Sleep(time.Millisecond)
		}
		end := map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "ROLLBACK", sqlstore.MariaDB: "UNLOCK TABLES"}[on.dialect]
		_, err = conn.ExecContext(t.Context(), end)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
		require.NoError(t, s.Update(t.Context(), "a", guess))
	})
}

// TestTransactionHasItsSettings, and leaves nothing behind in the connection.
func TestTransactionHasItsSettings(t *testing.T) {
	settings := map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: "SELECT concat_ws(' ', current_setting('transaction_isolation'), current_setting('lock_timeout')," +
			" current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'))",
		sqlstore.MariaDB: "SELECT CONCAT_WS(' ', @@innodb_lock_wait_timeout, @@max_statement_time)",
	}
	inside := map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: "read committed 3s 7s 7s",
		sqlstore.MariaDB:    "50 0.000000", // the limits are those of each statement
	}
	outside := map[sqlstore.Dialect]string{
		sqlstore.PostgreSQL: settings[sqlstore.PostgreSQL],
		sqlstore.MariaDB:    "SELECT CONCAT_WS(' ', @@tx_isolation, @@innodb_lock_wait_timeout, @@max_statement_time, @@in_transaction)",
	}
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		db := on.pool(t, p.dsn)
		db.SetMaxOpenConns(1)
		read := func(c sqlstore.Conn, query string) string {
			rows, err := c.QueryContext(t.Context(), query)
			require.NoError(t, err)
			defer rows.Close()
			require.True(t, rows.Next())
			var text string
			require.NoError(t, rows.Scan(&text))
			return text
		}
		before := read(db, outside[on.dialect])
		seen := ""
		s := on.store(t, db, sqlstore.Config{Wait: 3 * time.Second, Timeout: 7 * time.Second, Enqueue: func(_ context.Context, tx sqlstore.Conn, _ []rotate.Event) error {
			seen = read(tx, settings[on.dialect])
			return nil
		}})
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "1"}}))
		require.Equal(t, inside[on.dialect], seen)
		require.Equal(t, before, read(db, outside[on.dialect]))
	})
}

// TestTransactionReadsWhatIsCommitted meanwhile, whatever isolation the connection
// has by default.
func TestTransactionReadsWhatIsCommitted(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		defaults := map[sqlstore.Dialect]string{
			sqlstore.PostgreSQL: "default_transaction_isolation=serializable", sqlstore.MariaDB: "tx_isolation=%27REPEATABLE-READ%27",
		}[on.dialect]
		var seen [2]int
		queued := on.store(t, on.pool(t, with(p.dsn, defaults)), sqlstore.Config{Enqueue: func(_ context.Context, tx sqlstore.Conn, _ []rotate.Event) error {
			for i, account := range []string{"b", "c"} {
				if err := s.Insert(t.Context(), rotate.Credential{Account: account}, nil); err != nil {
					return err
				}
				seen[i] = number(t, tx, "SELECT COUNT(*) FROM tillkey_credentials")
			}
			return nil
		}})
		require.NoError(t, queued.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "1"}}))
		require.Equal(t, [2]int{2, 3}, seen)
	})
}

// TestEnqueueThatHidesAnError leaves PostgreSQL in a transaction that is bound to
// be undone, whose COMMIT succeeds all the same.
func TestEnqueueThatHidesAnError(t *testing.T) {
	on := postgresServer()
	_, p := on.fresh(t)
	s := on.store(t, p.db, sqlstore.Config{Enqueue: func(ctx context.Context, tx sqlstore.Conn, _ []rotate.Event) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO jobs VALUES (1)")
		require.Error(t, err)
		return nil
	}})
	err := s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "1"}})
	refused(t, err, "25P02", 0)
	_, err = s.Load(t.Context(), "a")
	require.ErrorIs(t, err, rotate.ErrNotFound)
}

// TestEnqueueThatHidesADeadlock leaves MariaDB without a transaction: what was
// written is gone, and a COMMIT of nothing succeeds.
func TestEnqueueThatHidesADeadlock(t *testing.T) {
	on := mariadbServer()
	store, p := on.fresh(t)
	for _, account := range []string{"b", "c"} {
		require.NoError(t, store.Insert(t.Context(), rotate.Credential{Account: account}, nil))
	}
	const touch = "UPDATE tillkey_credentials SET recheck = TRUE WHERE account = ?"
	other, err := p.db.Begin()
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Rollback()) }()
	_, err = other.Exec(touch, "c")
	require.NoError(t, err)
	for i := range 200 { // of two in a deadlock, the one that wrote less is undone
		_, err = other.Exec("INSERT INTO tillkey_guesses (name_key, total, recent, expires_at) VALUES (?, 0, 0, 0)", fmt.Sprintf("%032d", i))
		require.NoError(t, err)
	}
	done := make(chan error, 1)
	s := on.store(t, p.db, sqlstore.Config{Enqueue: func(ctx context.Context, tx sqlstore.Conn, _ []rotate.Event) error {
		_, err := tx.ExecContext(ctx, touch, "b")
		require.NoError(t, err)
		go func() {
			_, err := other.Exec(touch, "b")
			done <- err
		}()
		_, err = tx.ExecContext(ctx, touch, "c")
		refused(t, err, "", 1213)
		return nil
	}})
	err = s.Insert(t.Context(), rotate.Credential{Account: "a"}, []rotate.Event{{ID: "1"}})
	refused(t, err, "", 1305)
	require.NoError(t, <-done)
	_, err = s.Load(t.Context(), "a")
	require.ErrorIs(t, err, rotate.ErrNotFound)
}

// TestLostConnections ends every idle connection of a pool, as a restart of the
// server does. The next calls find others.
func TestLostConnections(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		_, p := on.fresh(t)
		db := on.pool(t, with(p.dsn, map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "application_name=" + p.name}[on.dialect]))
		s := on.store(t, db, sqlstore.Config{})
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		const connections = 8
		held := make([]*sql.Conn, connections)
		ids := make([]string, connections)
		for i := range held {
			var err error
			held[i], err = db.Conn(t.Context())
			require.NoError(t, err)
			id := map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "SELECT pg_backend_pid()::text", sqlstore.MariaDB: "SELECT CONNECTION_ID()"}[on.dialect]
			require.NoError(t, held[i].QueryRowContext(t.Context(), id).Scan(&ids[i]))
		}
		for _, conn := range held {
			require.NoError(t, conn.Close())
		}
		for _, id := range ids {
			end := map[sqlstore.Dialect]string{sqlstore.PostgreSQL: "SELECT pg_terminate_backend(" + id + ")", sqlstore.MariaDB: "KILL " + id}[on.dialect]
			_, err := p.db.Exec(end)
			require.NoError(t, err)
		}
		for range 3 {
			require.NoError(t, s.Update(t.Context(), "a", guess))
		}
		c, err := s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, 3, c.PasswordGuesses.Total)
	})
}

// TestViewMeetsAConflict that only a new transaction of the shop solves.
func TestViewMeetsAConflict(t *testing.T) {
	on := postgresServer()
	s, p := on.fresh(t)
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	tx, err := p.db.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
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
	refused(t, err, "40001", 0)
	require.Zero(t, runs)
	require.NoError(t, tx.Rollback())
}

// TestViewEndsWithItsContext while a statement waits for a row: the driver gives
// the connection up, and the shop's transaction with it.
func TestViewEndsWithItsContext(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		free := locked(t, p, "a")
		tx, err := p.db.Begin()
		require.NoError(t, err)
		view := s.On(tx)
		require.NoError(t, view.Insert(t.Context(), rotate.Credential{Account: "b"}, nil))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- view.Update(ctx, "a", guess) }()
		waits(t, p)
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
		free()
		require.Error(t, tx.Commit())
		_, err = s.Load(t.Context(), "b")
		require.ErrorIs(t, err, rotate.ErrNotFound)
		require.Zero(t, p.db.Stats().InUse)
	})
}

// TestViewOutlivesACancelledFn ends a context between two statements. What the
// shop did stays, what the call did is taken back.
func TestViewOutlivesACancelledFn(t *testing.T) {
	each(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		tx, err := p.db.Begin()
		require.NoError(t, err)
		view := s.On(tx)
		require.NoError(t, view.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		ctx, cancel := context.WithCancel(t.Context())
		require.ErrorIs(t, view.Update(ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			cancel()
			return guess(c)
		}), context.Canceled)
		require.NoError(t, tx.Commit())
		c, err := s.Load(t.Context(), "a")
		require.NoError(t, err)
		require.Zero(t, c.PasswordGuesses.Total)
	})
}

// TestErrorOfFnIsNoConflictElsewhere returns from an fn what looks like one.
func TestErrorOfFnIsNoConflictElsewhere(t *testing.T) {
	eachRemote(t, func(t *testing.T, on server) {
		s, p := on.fresh(t)
		require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
		conflict := map[sqlstore.Dialect]error{
			sqlstore.PostgreSQL: &pgconn.PgError{Code: "40001"}, sqlstore.MariaDB: &mysql.MySQLError{Number: 1213},
		}[on.dialect]
		runs := 0
		err := s.Update(t.Context(), "a", func(*rotate.Credential) ([]rotate.Event, error) {
			runs++
			return nil, conflict
		})
		require.True(t, err == conflict, "the error is %v, not what fn returned", err)
		require.Equal(t, 1, runs)
		require.Zero(t, p.db.Stats().InUse)
	})
}
