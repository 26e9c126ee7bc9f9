package sqltest

import (
	"cmp"
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// file is the path of a new database.
func file(tb testing.TB) string { return filepath.Join(tb.TempDir(), "shop.db") }

// pool opens a database with a data source name.
func pool(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	return db
}

// open makes a Store on a pool, with its tables. It is of SQLite unless said.
func open(tb testing.TB, db *sql.DB, c sqlstore.Config) *sqlstore.Store {
	tb.Helper()
	c.Dialect = cmp.Or(c.Dialect, sqlstore.SQLite)
	s, err := sqlstore.New(db, c)
	require.NoError(tb, err)
	require.NoError(tb, s.Migrate(tb.Context()))
	return s
}

// fresh makes a Store on a new file.
func fresh(tb testing.TB) (*sqlstore.Store, *sql.DB) {
	tb.Helper()
	db := pool(tb, sqlstore.SQLiteDSN(file(tb)))
	return open(tb, db, sqlstore.Config{}), db
}

// sealer seals under one key.
type sealer struct {
	tb   testing.TB
	ring *keyring.Ring
	id   string
}

func newSealer(tb testing.TB) sealer {
	tb.Helper()
	key := keyring.NewKey()
	ring, err := keyring.New("sqltest", key)
	require.NoError(tb, err)
	return sealer{tb, ring, key.ID}
}

func (s sealer) seal(account, plain string) string {
	s.tb.Helper()
	sealed, err := s.ring.Seal(s.id, keyring.Context{Purpose: "test", Account: account}, []byte(plain))
	require.NoError(s.tb, err)
	return sealed
}

// number reads one number.
func number(tb testing.TB, db sqlstore.Conn, query string, args ...any) (n int) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	require.NoError(tb, err)
	defer rows.Close()
	require.True(tb, rows.Next(), query)
	require.NoError(tb, rows.Scan(&n))
	require.NoError(tb, rows.Err())
	return n
}

func guess(c *rotate.Credential) ([]rotate.Event, error) {
	c.PasswordGuesses.Total++
	return nil, nil
}
