// Package sqlstore keeps credentials in an SQL database, by database/sql. It
// imports no driver: the shop opens the database with its own.
//
//	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN("shop.db")) // modernc.org/sqlite
//	...
//	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
//	...
//	err = store.Migrate(ctx)
//
// [New] makes a [rotate.Store] on a pool of connections. [Store.Migrate] makes
// its tables; the files that do so are also there for other migration tools, as
// [Migrations], and document each column. [Store.On] works inside a transaction
// of the shop, so that a customer and a credential come to be together.
//
// # Limits
//
// Texts are UTF-8 without NUL, as not every database keeps others; a list of one
// row takes at most 1 MiB. Moments are kept in microseconds. What breaks these
// is refused with an error and nothing is written. A row that was changed by
// hand into something that cannot be read is an error too, never a panic.
package sqlstore
