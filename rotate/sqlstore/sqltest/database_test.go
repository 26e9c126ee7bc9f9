package sqltest

import (
	"cmp"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// The servers to test on: a postgres:// URL with the right to create schemas, and
// a data source name of go-sql-driver/mysql with the right to create databases.
// Without one its tests are skipped, and fail where CI=true.
const (
	postgresVariable = "TEST_POSTGRES"
	mariadbVariable  = "TEST_MARIADB"
)

// server is a kind of database to test on.
type server struct {
	dialect sqlstore.Dialect
	// driver is the name of its driver, variable what names the server; "" for
	// SQLite, which has none.
	driver, variable string
}

func sqliteServer() server   { return server{sqlstore.SQLite, "sqlite", ""} }
func postgresServer() server { return server{sqlstore.PostgreSQL, "pgx", postgresVariable} }
func mariadbServer() server  { return server{sqlstore.MariaDB, "mysql", mariadbVariable} }

// each runs a test on every server at once, in subtests named after the dialect.
func each(t *testing.T, test func(t *testing.T, s server)) {
	t.Helper()
	for _, s := range []server{sqliteServer(), postgresServer(), mariadbServer()} {
		t.Run(string(s.dialect), func(t *testing.T) {
			t.Parallel()
			s.need(t)
			test(t, s)
		})
	}
}

// eachRemote leaves out SQLite.
func eachRemote(t *testing.T, test func(t *testing.T, s server)) {
	t.Helper()
	each(t, func(t *testing.T, s server) {
		if s.variable == "" {
			t.Skip("there is no server")
		}
		test(t, s)
	})
}

// need skips a test whose server is not there.
func (s server) need(tb testing.TB) {
	tb.Helper()
	if s.variable == "" || os.Getenv(s.variable) != "" {
		return
	}
	if os.Getenv("CI") == "true" {
		tb.Fatalf("%s names no server", s.variable)
	}
	tb.Skipf("%s names no server", s.variable)
}

// place is where a Store has its tables: a schema of PostgreSQL, a database of
// MariaDB, or a file. Other pools and processes reach it by its dsn.
type place struct {
	server
	name string // of the schema or database
	dsn  string
	db   *sql.DB
}

// empty makes a place without tables, which is gone after the test.
func (s server) empty(tb testing.TB) place {
	tb.Helper()
	s.need(tb)
	name := "sqltest_" + strings.ToLower(rand.Text())
	p := place{server: s}
	switch s.dialect {
	case sqlstore.SQLite:
		p.dsn = sqlstore.SQLiteDSN(file(tb))
	default:
		admin := s.pool(tb, os.Getenv(s.variable))
		_, err := admin.Exec("CREATE SCHEMA " + name) // the same as a database in MariaDB
		require.NoError(tb, err)
		p.name, p.dsn = name, s.at(tb, name)
		tb.Cleanup(func() {
			_, err := admin.Exec(p.drop())
			require.NoError(tb, err)
		})
	}
	p.db = s.pool(tb, p.dsn)
	return p
}

// drop is the statement that ends a place of a server.
func (p place) drop() string {
	if p.dialect == sqlstore.PostgreSQL {
		return "DROP SCHEMA " + p.name + " CASCADE"
	}
	return "DROP SCHEMA " + p.name
}

// apart is a database of PostgreSQL of its own, with further words of CREATE
// DATABASE.
func apart(tb testing.TB, words string) place {
	tb.Helper()
	on := postgresServer()
	admin := on.empty(tb)
	_, err := admin.db.Exec("CREATE DATABASE " + admin.name + " TEMPLATE template0 " + words)
	require.NoError(tb, err)
	p := place{server: on, name: "public", dsn: with(os.Getenv(on.variable), "dbname="+admin.name)}
	p.db, err = sql.Open(on.driver, p.dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		require.NoError(tb, p.db.Close())
		_, err := admin.db.Exec("DROP DATABASE " + admin.name + " WITH (FORCE)")
		require.NoError(tb, err)
	})
	return p
}

// at is the data source name of a schema or database.
func (s server) at(tb testing.TB, name string) string {
	tb.Helper()
	dsn := os.Getenv(s.variable)
	if s.dialect == sqlstore.PostgreSQL {
		u, err := url.Parse(dsn)
		require.NoError(tb, err)
		return with(u.String(), "search_path="+name)
	}
	slash := strings.LastIndexByte(dsn, '/')
	require.GreaterOrEqual(tb, slash, 0, "%s has no /database", s.variable)
	_, query, _ := strings.Cut(dsn[slash+1:], "?")
	return with(dsn[:slash+1]+name, query)
}

// with adds parameters to a data source name.
func with(dsn string, parameters ...string) string {
	for _, p := range parameters {
		switch {
		case p == "":
		case strings.Contains(dsn, "?"):
			dsn += "&" + p
		default:
			dsn += "?" + p
		}
	}
	return dsn
}

// pool opens a pool, which is closed after the test.
func (s server) pool(tb testing.TB, dsn string) *sql.DB {
	tb.Helper()
	db, err := sql.Open(s.driver, dsn)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	if s.variable != "" {
		bounded(db)
	}
	return db
}

// bounded keeps the connections of a pool, and leaves some to others.
func bounded(db *sql.DB) {
	db.SetMaxOpenConns(12)
	db.SetMaxIdleConns(12)
}

// store makes a Store on a pool, with its tables.
func (s server) store(tb testing.TB, db *sql.DB, c sqlstore.Config) *sqlstore.Store {
	tb.Helper()
	c.Dialect = s.dialect
	return open(tb, db, c)
}

// fresh makes a Store on empty tables. Places of servers are used again, since
// it takes long to make their tables: change nothing but rows there.
func (s server) fresh(tb testing.TB) (*sqlstore.Store, place) {
	tb.Helper()
	s.need(tb)
	if s.dialect == sqlstore.SQLite {
		p := s.empty(tb)
		return s.store(tb, p.db, sqlstore.Config{}), p
	}
	p := s.borrow(tb)
	return s.store(tb, p.db, sqlstore.Config{}), p
}

// rule is fresh as the suites of storetest want it.
func (s server) rule(t *testing.T) rotate.Store {
	store, _ := s.fresh(t)
	return store
}

// lent are the places of servers that no test uses just now.
var lent struct {
	sync.Mutex
	free map[sqlstore.Dialect][]place
	all  []place
}

// borrow takes a place with empty tables until the test is over.
func (s server) borrow(tb testing.TB) place {
	tb.Helper()
	p, ok := s.unused()
	if !ok {
		p = s.build(tb)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			return // who knows what is in there
		}
		for _, statement := range []string{
			"DELETE FROM tillkey_seals", "DELETE FROM tillkey_credentials", "DELETE FROM tillkey_orders", "DELETE FROM tillkey_guesses",
			"DELETE FROM tillkey_events", "DELETE FROM tillkey_keys", "UPDATE tillkey_sequence SET value = 0",
		} {
			_, err := p.db.Exec(statement)
			require.NoError(tb, err)
		}
		lent.Lock()
		defer lent.Unlock()
		lent.free[s.dialect] = append(lent.free[s.dialect], p)
	})
	return p
}

func (s server) unused() (place, bool) {
	lent.Lock()
	defer lent.Unlock()
	free := lent.free[s.dialect]
	if len(free) == 0 {
		return place{}, false
	}
	p := free[len(free)-1]
	lent.free[s.dialect] = free[:len(free)-1]
	return p, true
}

// build makes a place that is dropped after all tests.
func (s server) build(tb testing.TB) place {
	tb.Helper()
	name := "sqltest_" + strings.ToLower(rand.Text())
	p := place{server: s, name: name, dsn: s.at(tb, name)}
	admin, err := sql.Open(s.driver, os.Getenv(s.variable))
	require.NoError(tb, err)
	defer admin.Close()
	_, err = admin.Exec("CREATE SCHEMA " + name)
	require.NoError(tb, err)
	p.db, err = sql.Open(s.driver, p.dsn)
	require.NoError(tb, err)
	bounded(p.db)
	lent.Lock()
	defer lent.Unlock()
	if lent.free == nil {
		lent.free = make(map[sqlstore.Dialect][]place)
	}
	lent.all = append(lent.all, p)
	return p
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, p := range lent.all {
		if _, err := p.db.Exec(p.drop()); err != nil {
			_, _ = os.Stderr.WriteString("sqltest: " + err.Error() + "\n")
			code = cmp.Or(code, 1)
		}
		_ = p.db.Close()
	}
	os.Exit(code)
}
