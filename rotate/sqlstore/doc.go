// Package sqlstore keeps credentials in an SQL database, by database/sql:
// SQLite, PostgreSQL or MariaDB. It imports no driver: the shop opens the
// database with its own.
//
//	db, err := sql.Open("pgx", "postgres://shop@127.0.0.1/shop") // github.com/jackc/pgx/v5/stdlib
//	...
//	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.PostgreSQL})
//	...
//	err = store.Migrate(ctx)
//
// [New] makes a [rotate.Store] on a pool of connections. [Store.Migrate] makes
// its tables; the files that do so are also there for other migration tools, as
// [Migrations], and document each column. [Store.On] works inside a transaction
// of the shop, so that a customer and a credential come to be together.
//
// # Databases
//
// SQLite: modernc.org/sqlite or github.com/mattn/go-sqlite3, with [SQLiteDSN].
//
// PostgreSQL: pgx by its stdlib package, in each of its modes, those for poolers
// too; or lib/pq, which was not tried. A transaction of the Store ends with all
// its settings, so transaction pooling will do.
//
// MariaDB: github.com/go-sql-driver/mysql. interpolateParams=true saves a message
// for each statement. A server keeps the locks of an instance that is cut off
// without a word until its wait_timeout, 8 hours by default: set
// idle_write_transaction_timeout=60 in the data source name or in the server.
// What MySQL does differently was written after its manual, and run on MariaDB
// alone.
//
// The pool is the shop's: bound it with [sql.DB.SetMaxOpenConns], since a server
// refuses connections above its own limit. Each call takes one connection.
//
// Another isolation, encoding of the driver or mode of the server than usual is
// no trouble: a transaction sets what it relies on, and Migrate refuses what
// would keep texts in other bytes. A transaction that meets a deadlock, a
// serialization failure or a lock is run again for Config.Wait.
//
// # Limits
//
// Texts are UTF-8 without NUL, as not every database keeps others: of at most
// 255 bytes where they are looked up, 16 KiB elsewhere; a list of one row takes
// at most 1 MiB. Moments are kept in microseconds. What breaks these is refused
// with an error and nothing is written. A row that was changed by hand into
// something that cannot be read is an error too, never a panic.
package sqlstore
