package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Dialect names a database.
type Dialect string

// The databases this package knows.
const (
	// SQLite 3.38 and later.
	SQLite Dialect = "sqlite"
)

const (
	defaultPrefix = "tillkey_"
	maxPrefix     = 32
	defaultWait   = 5 * time.Second
)

// Config says how a Store works.
type Config struct {
	// Dialect is the database behind the pool; it has no default.
	Dialect Dialect
	// Prefix begins the names of all tables and indexes: 1 to 32 characters of
	// a-z, 0-9 and _, the first no digit. "" means "tillkey_".
	Prefix string
	// Wait is how long a call goes on trying while another process holds the
	// lock it needs; 0 means 5 s. The wait of the database itself, such as
	// SQLite's busy_timeout, may come on top.
	Wait time.Duration
	// Enqueue hands events to the shop's own job queue, in the transaction that
	// makes them true; tx is that transaction. If it is nil, events wait in the
	// Store until they were leased and delivered. Otherwise they are kept as the
	// audit trail alone, and Lease returns none.
	//
	// It may run twice for one event, where the first transaction was undone. An
	// error of it undoes everything. It must not call the Store and not wait for
	// anything but the database.
	Enqueue func(ctx context.Context, tx Conn, events []rotate.Event) error
}

// Store is a [rotate.Store] in an SQL database. Make one with [New]. It is safe
// for concurrent use by any number of goroutines and processes.
//
// An fn that calls the Store waits for itself until its context ends, and so
// does a call from inside a transaction of the shop that writes: use [Store.On]
// there.
type Store struct {
	runner  runner
	dialect *dialect
	prefix  string
	enqueue func(context.Context, Conn, []rotate.Event) error
	text    statements
}

var _ rotate.Store = (*Store)(nil)

// New returns a Store on a pool. It does not use the database yet: call
// [Store.Migrate] next. The pool stays the caller's, who closes it.
func New(db *sql.DB, c Config) (*Store, error) {
	if db == nil {
		return nil, errors.New("sqlstore: no database")
	}
	d, err := c.Dialect.known()
	if err != nil {
		return nil, err
	}
	prefix, err := checkPrefix(c.Prefix)
	if err != nil {
		return nil, err
	}
	wait := c.Wait
	switch {
	case wait < 0:
		return nil, fmt.Errorf("sqlstore: wait %v is negative", wait)
	case wait == 0:
		wait = defaultWait
	}
	p := &pool{db: db, dialect: d, prefix: prefix, wait: wait}
	if d.serial {
		p.turn = newTurn()
	}
	return &Store{runner: p, dialect: d, prefix: prefix, enqueue: c.Enqueue, text: newStatements(d)}, nil
}

// On returns a view of the Store inside a transaction of the shop, which the
// shop begins, commits or rolls back. What a call of the view writes becomes
// true when the shop commits.
//
// The view begins no transaction and tries nothing again: after an error that
// is not ErrNotFound, ErrExists or one of an fn, roll back and run the whole
// transaction again if it was a conflict. A call that fails leaves none of its
// own changes behind. Calls of one view wait for each other; do not use the
// transaction elsewhere while one runs. The view ends with the transaction.
//
// In SQLite, begin with the write lock, as [SQLiteDSN] does.
func (s *Store) On(tx Conn) rotate.Store {
	v := *s
	v.runner = &within{turn: newTurn(), session: session{conn: tx, dialect: s.dialect, prefix: s.prefix, shielded: s.dialect.shielded}}
	return &v
}

// known returns the dialect of a name.
func (d Dialect) known() (*dialect, error) {
	switch d {
	case SQLite:
		return sqlite(), nil
	}
	return nil, fmt.Errorf("sqlstore: dialect %q is not %q", string(d), string(SQLite))
}

func checkPrefix(prefix string) (string, error) {
	if prefix == "" {
		return defaultPrefix, nil
	}
	strange := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }
	if len(prefix) > maxPrefix || strings.ContainsFunc(prefix, strange) || prefix[0] <= '9' {
		return "", fmt.Errorf("sqlstore: prefix %q is not 1 to %d characters of a-z, 0-9 and _, the first no digit", prefix, maxPrefix)
	}
	for _, reserved := range []string{"sqlite_", "pg_"} {
		if strings.HasPrefix(prefix, reserved) {
			return "", fmt.Errorf("sqlstore: prefix %q belongs to the database", prefix)
		}
	}
	return strings.Clone(prefix), nil
}

// prefixed writes a statement with another prefix. No statement holds a value.
func prefixed(query, prefix string) string {
	if prefix == defaultPrefix {
		return query
	}
	return strings.ReplaceAll(query, defaultPrefix, prefix)
}
