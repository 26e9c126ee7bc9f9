package sqltest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// database is what another process needs to open the tables of a test.
type database struct {
	Dialect sqlstore.Dialect
	// Driver is the name that database/sql knows.
	Driver string
	DSN    string
}

// eachDatabase runs a test on empty tables of each kind of database.
func eachDatabase(t *testing.T, test func(t *testing.T, d database)) {
	t.Helper()
	each(t, func(t *testing.T, s server) {
		_, p := s.fresh(t)
		test(t, database{p.dialect, p.driver, p.dsn})
	})
}

// open makes a pool and a Store on it. The tap, if there is one, is asked at
// every statement.
func (d database) open(tb testing.TB, tap *tap) (*sqlstore.Store, *sql.DB) {
	tb.Helper()
	db, err := sql.Open(d.Driver, d.DSN)
	require.NoError(tb, err)
	if tap != nil {
		plain := db
		tb.Cleanup(func() { require.NoError(tb, plain.Close()) })
		db = sql.OpenDB(&tapped{from: plain.Driver(), dsn: d.DSN, tap: tap})
	}
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	// Several processes on one SQLite file may each wait long for their turn.
	s, err := sqlstore.New(db, sqlstore.Config{Dialect: d.Dialect, Wait: time.Minute})
	require.NoError(tb, err)
	require.NoError(tb, s.Migrate(context.Background()))
	return s, db
}

// tables lists the tables of a database.
func (d database) tables(tb testing.TB, db *sql.DB) []string {
	tb.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
	switch d.Dialect {
	case sqlstore.PostgreSQL:
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name"
	case sqlstore.MariaDB:
		query = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
	}
	var names []string
	for _, row := range everything(tb, db, query) {
		names = append(names, row[0])
	}
	require.Greater(tb, len(names), 5, "this is not the place to look at")
	return names
}

// dump reads every row of every table as text, with the name of the table in
// front, in no order that means anything but always in the same.
func (d database) dump(tb testing.TB, db *sql.DB) []string {
	tb.Helper()
	var rows []string
	for _, table := range d.tables(tb, db) {
		for _, row := range everything(tb, db, "SELECT * FROM "+table+" ORDER BY 1, 2") {
			rows = append(rows, table+": "+strings.Join(row, " | "))
		}
	}
	return rows
}

// everything reads all columns of all rows of a query as texts.
func everything(tb testing.TB, db *sql.DB, query string) (all [][]string) {
	tb.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	require.NoError(tb, err, query)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(tb, err)
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		require.NoError(tb, rows.Scan(pointers...))
		texts := make([]string, len(values))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			texts[i] = fmt.Sprint(v)
		}
		all = append(all, texts)
	}
	require.NoError(tb, rows.Err())
	return all
}

// seeded is a source of chance whose seed is printed and can be set, so that a
// failure can be repeated.
func seeded(t *testing.T) *mathrand.Rand {
	t.Helper()
	var b [4]byte
	rand.Read(b[:])
	seed := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16
	if text := os.Getenv("SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("to repeat: SEED=%d", seed)
	return mathrand.New(mathrand.NewPCG(seed, 0))
}

// times reads how often to do something from the environment.
func times(t *testing.T, variable string, usual int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, variable)
	return n
}
