package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// unreachable is a pool of a server that is down.
type unreachable struct{}

var errDown = errors.New("connection refused")

func (unreachable) Connect(context.Context) (driver.Conn, error) { return nil, errDown }
func (unreachable) Driver() driver.Driver                        { return nil }

func TestNewRefuses(t *testing.T) {
	db := sql.OpenDB(unreachable{})
	defer db.Close()
	for name, c := range map[string]Config{
		"no dialect":        {},
		"unknown dialect":   {Dialect: "oracle"},
		"negative wait":     {Dialect: SQLite, Wait: -time.Second},
		"negative timeout":  {Dialect: SQLite, Timeout: -time.Second},
		"capital":           {Dialect: SQLite, Prefix: "Shop_"},
		"digit first":       {Dialect: SQLite, Prefix: "1_"},
		"long prefix":       {Dialect: SQLite, Prefix: strings.Repeat("a", 33)},
		"quote":             {Dialect: SQLite, Prefix: `a"`},
		"statement":         {Dialect: SQLite, Prefix: "a;b"},
		"schema and prefix": {Dialect: SQLite, Prefix: "main.a"},
		"letters alike":     {Dialect: SQLite, Prefix: "ſ_"},
		"reserved":          {Dialect: SQLite, Prefix: "sqlite_"},
	} {
		_, err := New(db, c)
		require.ErrorContains(t, err, "sqlstore: ", name)
	}
	_, err := New(nil, Config{Dialect: SQLite})
	require.ErrorContains(t, err, "no database")
	for _, prefix := range []string{"", "_", "a", "shop_2_", strings.Repeat("a", 32)} {
		_, err := New(db, Config{Dialect: SQLite, Prefix: prefix})
		require.NoError(t, err, prefix)
	}
}

// TestDatabaseThatIsDown is no reason to wait or to try again.
func TestDatabaseThatIsDown(t *testing.T) {
	db := sql.OpenDB(unreachable{})
	defer db.Close()
	for _, d := range []Dialect{SQLite, PostgreSQL, MariaDB, MySQL} {
		s, err := New(db, Config{Dialect: d, Wait: time.Hour})
		require.NoError(t, err)
		require.ErrorIs(t, s.Migrate(t.Context()), errDown)
		_, err = s.Load(t.Context(), "a")
		require.ErrorIs(t, err, errDown)
		require.ErrorIs(t, s.Erase(t.Context(), "a", nil), errDown)
	}
}

// stale is a pool of a server that was started again: of its connections, the
// first ones fail at their first statement, as the driver did not know.
type stale struct{ left *int }

func (s stale) Connect(context.Context) (driver.Conn, error) {
	*s.left--
	return staleConn{*s.left >= 0}, nil
}
func (stale) Driver() driver.Driver { return nil }

type staleConn struct{ broken bool }

func (staleConn) Prepare(string) (driver.Stmt, error) { return nil, errDown }
func (staleConn) Close() error                        { return nil }
func (staleConn) Begin() (driver.Tx, error)           { return nil, errDown }
func (c staleConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	if c.broken {
		return nil, errDown
	}
	return driver.RowsAffected(1), nil
}

// TestStaleConnections begins again where nothing was begun.
func TestStaleConnections(t *testing.T) {
	for _, d := range []Dialect{PostgreSQL, MariaDB, MySQL} {
		left := 5
		db := sql.OpenDB(stale{&left})
		s, err := New(db, Config{Dialect: d})
		require.NoError(t, err)
		require.NoError(t, s.Erase(t.Context(), "a", nil))
		require.Equal(t, -1, left)
		require.NoError(t, db.Close())
	}
}

// codeError is an error that shows a code of SQLite.
type codeError int

func (codeError) Error() string { return "some text" }
func (c codeError) Code() int   { return int(c) }

func TestSQLiteBusy(t *testing.T) {
	// Codes of https://www.sqlite.org/rescode.html: BUSY, LOCKED, BUSY_RECOVERY,
	// BUSY_SNAPSHOT, LOCKED_SHAREDCACHE.
	for _, code := range []codeError{5, 6, 261, 517, 262} {
		require.True(t, sqliteBusy(code), "%d", int(code))
		require.True(t, sqliteBusy(failed(t.Context(), code)), "%d", int(code))
	}
	// OK, ERROR, FULL, IOERR_LOCK, CONSTRAINT_UNIQUE.
	for _, code := range []codeError{0, 1, 13, 3850, 2067} {
		require.False(t, sqliteBusy(code), "%d", int(code))
	}
	// Texts of sqlite3_errstr, for drivers that keep the code elsewhere.
	require.True(t, sqliteBusy(errors.New("database is locked")))
	require.True(t, sqliteBusy(errors.New("sqlite3: database table is locked: events")))
	require.False(t, sqliteBusy(errors.New("no such table: locked")))
	require.False(t, sqliteBusy(nil))
}

func TestSQLiteDSN(t *testing.T) {
	dsn := SQLiteDSN("/srv/50% off?/shop#1.db")
	name, query, _ := strings.Cut(dsn, "?")
	require.Equal(t, "file:/srv/50%25 off%3f/shop%231.db", name)
	for _, set := range []string{"busy_timeout", "journal_mode", "synchronous", "foreign_keys"} {
		require.Equal(t, 2, strings.Count(query, set), "%s for either driver", set)
	}
}
