package sqlstore

import (
	"context"
	"fmt"
	"time"
)

// Dialect names a database.
type Dialect string

// The databases this package knows.
const (
	// SQLite 3.38 and later.
	SQLite Dialect = "sqlite"
	// PostgreSQL 13 and later, in a database of UTF-8.
	PostgreSQL Dialect = "postgres"
	// MariaDB 10.6 and later. The data source name must not choose a character
	// set other than utf8mb4.
	MariaDB Dialect = "mariadb"
	// MySQL 8.0.19 and later. It is written after the manual and was never run on
	// MySQL itself: the tests have MariaDB alone.
	MySQL Dialect = "mysql"
)

// known returns the dialect of a name.
func (d Dialect) known() (*dialect, error) {
	switch d {
	case SQLite:
		return sqlite(), nil
	case PostgreSQL:
		return postgres(), nil
	case MariaDB:
		return mariadb(), nil
	case MySQL:
		return mysql(), nil
	}
	return nil, fmt.Errorf("sqlstore: dialect %q is not %q, %q, %q or %q", string(d),
		string(SQLite), string(PostgreSQL), string(MariaDB), string(MySQL))
}

// dialect is all that differs from one database to another.
type dialect struct {
	name string
	// dir is where its migrations lie.
	dir string
	// numbered is true where places for values are $1, $2 and so on, not "?".
	numbered bool
	// begin starts a transaction that may write. In it, a statement takes no
	// longer than limit, and waits no longer than wait for a lock.
	begin func(limit, wait time.Duration) []string
	// bounded begins each statement with the same limits, where begin cannot set
	// them; nil where it can.
	bounded func(limit, wait time.Duration) string
	// lock and skip are added to a query for rows that will be written; skip
	// leaves out rows that others have locked.
	lock, skip string
	// sorted follows a table that is read in the order of its primary key, so
	// that no more rows are locked than are wanted.
	sorted string
	// serial is true where the database has one writer at a time: those of one
	// process then wait for each other here, where it is fair and fast.
	serial bool
	// shielded is true where a statement that is cut short ends the whole
	// transaction around it without a sign, and that may belong to the shop.
	shielded bool
	// remote is true where a connection may be gone before it is used.
	remote bool
	// hasTable counts the tables of a name.
	hasTable string
	// waiting is the condition of events that are not delivered.
	waiting string
	// insertNew ends an INSERT so that it does nothing if the account is there.
	// Where it is empty, taken tells.
	insertNew string
	// replaceGuess ends an INSERT so that it replaces the counter of a name,
	// lockGuess so that it locks the counter and leaves it as it is.
	replaceGuess, lockGuess string
	// pruneGuesses deletes a number of counters, those that expire soonest.
	pruneGuesses string
	// watch and alive run before and after what the shop does in a transaction.
	// alive fails if the transaction was undone meanwhile or is bound to be; ""
	// where COMMIT fails then.
	watch, alive string
	// fits reports a database that cannot keep the tables.
	fits func(context.Context, session) error
	// alone keeps other instances from migrating until release is called.
	alone func(context.Context, session) (release func() error, err error)
	// piecemeal is true where each statement of a migration is committed by
	// itself.
	piecemeal bool
	// ran tells whether a statement of a migration failed because it was run
	// before; nil where it cannot have been.
	ran func(error) bool
	// bulk writes many rows at once; nil where one by one is as fast.
	bulk bulk
	// busy tells whether a transaction may work when it is tried again.
	busy func(error) bool
	// taken tells whether a row was refused because its key is there.
	taken func(error) bool
	// noTransaction tells whether a ROLLBACK failed for want of a transaction.
	noTransaction func(error) bool
}

// bulk writes many rows by few statements.
type bulk interface {
	// insert adds rows to a table in their order.
	insert(ctx context.Context, tx session, table string, columns []field, rows [][]any) error
	// update writes the chosen columns of tillkey_credentials. Rows hold a value
	// for each column, the account first.
	update(ctx context.Context, tx session, columns []field, chosen []int, rows [][]any) error
	// swapSeals does the swaps of some changes, and leaves the rest of them.
	swapSeals(ctx context.Context, tx session, c *sealChanges) error
}

func never(error) bool { return false }
