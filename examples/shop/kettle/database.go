package kettle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// database is where the shop keeps its rows: an SQLite file of this process
// alone, or PostgreSQL, which several instances share.
//
// Both read the same queries: parameters are $1 and so on, and the id of a new
// row comes by RETURNING. What differs is in sqlite.go and postgres.go, and in
// the two schemas.
type database struct {
	*sql.DB
	dialect sqlstore.Dialect
	schema  string
	// shared is true where other instances may use it, too.
	shared bool
	// alone waits until no other instance is at its start; end lets the next one.
	alone func(ctx context.Context) (end func(), err error)
	// lock keeps a second instance out; nil where it is shared.
	lock *sql.DB
}

// openDatabase opens the file or the server.
func openDatabase(ctx context.Context, place string, patience time.Duration) (*database, error) {
	if isPostgres(place) {
		return openPostgres(ctx, place, patience)
	}
	return openSQLite(ctx, place)
}

// isPostgres tells the URL of a server from the name of a file.
func isPostgres(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// nameOf is a place as it may be shown: of a URL without password and
// parameters.
func nameOf(place string) string {
	if !isPostgres(place) {
		return place
	}
	u, err := url.Parse(place)
	if err != nil {
		return "postgres://"
	}
	return (&url.URL{Scheme: u.Scheme, User: url.User(u.User.Username()), Host: u.Host, Path: u.Path}).String()
}

// tables makes the tables that are missing. One instance at a time calls it.
func (d *database) tables(ctx context.Context, patience time.Duration) (*sqlstore.Store, error) {
	if _, err := d.ExecContext(ctx, d.schema); err != nil {
		return nil, err
	}
	store, err := sqlstore.New(d.DB, sqlstore.Config{Dialect: d.dialect, Timeout: patience})
	if err != nil {
		return nil, err
	}
	return store, store.Migrate(ctx)
}

func (d *database) close() error {
	err := d.DB.Close()
	if d.lock != nil {
		err = errors.Join(err, d.lock.Close())
	}
	return err
}

// each runs a query and hands every row on.
func (d *database) each(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := d.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// inDatabase says of which database an error is.
func inDatabase(place string, err error) error {
	return fmt.Errorf("database %q: %w", nameOf(place), err)
}
