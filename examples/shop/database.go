package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tillkey/tillkey/rotate/sqlstore"
	_ "modernc.org/sqlite"
)

//go:embed schema.sql
var schema string

// sqliteBusy is the result code SQLITE_BUSY.
const sqliteBusy = 5

// database is the SQLite file of the shop, held by this process alone.
type database struct {
	*sql.DB
	lock *sql.DB
}

// openDatabase opens the file, makes the tables that are missing, and keeps a
// second instance out.
func openDatabase(ctx context.Context, path string) (*database, *sqlstore.Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("directory of the database: %w", err)
	}
	lock, err := holdLock(ctx, path+".lock")
	if err != nil {
		return nil, nil, err
	}
	d := &database{lock: lock}
	if d.DB, err = sql.Open("sqlite", sqlstore.SQLiteDSN(path)); err != nil {
		return nil, nil, errors.Join(err, d.close())
	}
	if _, err := d.ExecContext(ctx, schema); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("database %q: %w", path, err), d.close())
	}
	store, err := sqlstore.New(d.DB, sqlstore.Config{Dialect: sqlstore.SQLite})
	if err == nil {
		err = store.Migrate(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("database %q: %w", path, err), d.close())
	}
	return d, store, nil
}

// holdLock keeps a lock that ends with the process, however it ends. Mails are
// in the memory of one process, so two on one database would each miss some.
func holdLock(ctx context.Context, path string) (*sql.DB, error) {
	lock, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	lock.SetMaxOpenConns(1)
	// The transaction stays open, and with it the lock.
	if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		err = errors.Join(err, lock.Close())
		var coded interface{ Code() int }
		if errors.As(err, &coded) && coded.Code()&0xff == sqliteBusy {
			return nil, fmt.Errorf("another instance of the shop uses %q: stop it, or choose another -db", path)
		}
		return nil, fmt.Errorf("cannot write %q: %w", path, err)
	}
	return lock, nil
}

func (d *database) close() error {
	var err error
	if d.DB != nil {
		err = d.DB.Close()
	}
	return errors.Join(err, d.lock.Close())
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
