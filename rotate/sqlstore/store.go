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

const (
	defaultPrefix = "tillkey_"
	maxPrefix     = 32
	defaultWait   = 5 * time.Second
	defaultLimit  = 30 * time.Second
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
	// SQLite's busy_timeout, may come on top. MariaDB counts in whole seconds, and
	// MySQL waits as long as its innodb_lock_wait_timeout says.
	Wait time.Duration
	// Timeout is how long one statement may take, and how long PostgreSQL lets a
	// transaction of the Store sit idle before it ends it, so that an instance
	// that hangs or is cut off keeps no lock; 0 means 30 s, more than a count of
	// some million rows takes. The server ends the statement, too, but for MySQL.
	// Views and migrations have no such limit.
	Timeout time.Duration
	// Enqueue hands events to the shop's own job queue, in the transaction that
	// makes them true; tx is that transaction. If it is nil, events wait in the
	// Store until they were leased and delivered. Otherwise they are kept as the
	// audit trail alone, and Lease returns none.
	//
	// It may run twice for one event, where the first transaction was undone. An
	// error of it undoes everything. It must not call the Store and not wait for
	// anything but the database.
	Enqueue func(ctx context.Context, tx Conn, events []rotate.Event) error
	// Join writes what belongs to the events into the shop's own tables, in the
	// transaction that makes them true: as long as the code of the time before
	// still runs, it empties the old column when a password is changed. Events
	// wait for their delivery as ever. Else it is as Enqueue is; nil writes
	// nothing.
	Join func(ctx context.Context, tx Conn, events []rotate.Event) error
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
	plain   *texts // without limits
	enqueue func(context.Context, Conn, []rotate.Event) error
	join    func(context.Context, Conn, []rotate.Event) error
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
	wait, err := orDefault("wait", c.Wait, defaultWait)
	if err != nil {
		return nil, err
	}
	limit, err := orDefault("timeout", c.Timeout, defaultLimit)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: d, prefix: prefix, plain: newTexts(d, prefix, ""), enqueue: c.Enqueue, join: c.Join, text: newStatements(d)}
	p := &pool{db: db, dialect: d, texts: s.plain, wait: wait, limit: limit, begin: d.begin(limit, wait)}
	if d.bounded != nil {
		p.texts = newTexts(d, prefix, d.bounded(limit, wait))
	}
	if d.serial {
		p.turn = newTurn()
	}
	s.runner = p
	return s, nil
}

// orDefault takes the default for 0.
func orDefault(name string, d, otherwise time.Duration) (time.Duration, error) {
	switch {
	case d < 0:
		return 0, fmt.Errorf("sqlstore: %s %v is negative", name, d)
	case d == 0:
		return otherwise, nil
	}
	return d, nil
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
// In SQLite, begin with the write lock, as [SQLiteDSN] does. Elsewhere READ
// COMMITTED is the isolation to begin with: a higher one meets conflicts more
// often. A context that ends while a statement runs ends the whole transaction
// there, and its commit fails. MariaDB rolls back all of it after a deadlock, and
// would commit each statement that still comes by itself: do not go on.
func (s *Store) On(tx Conn) rotate.Store {
	v := *s
	v.runner = &within{turn: newTurn(), session: session{conn: tx, dialect: s.dialect, texts: s.plain, shielded: s.dialect.shielded}}
	return &v
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
