package kettle

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

//go:embed schema_sqlite.sql
var sqliteSchema string

// sqliteBusy is the result code SQLITE_BUSY.
const sqliteBusy = 5

// openSQLite opens the file, and keeps a second instance out.
func openSQLite(ctx context.Context, path string) (*database, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("directory of the database: %w", err)
	}
	lock, err := holdLock(ctx, path+".lock")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", sqlstore.SQLiteDSN(path))
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &database{
		DB: db, dialect: sqlstore.SQLite, schema: sqliteSchema, lock: lock,
		alone: func(context.Context) (func(), error) { return func() {}, nil }, // the lock sees to it
	}, nil
}

// holdLock keeps a lock that ends with the process, however it ends. One process
// at a time writes an SQLite file, and two would wait for each other.
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
			return nil, fmt.Errorf("another instance of the shop uses %q: stop it, choose another -db, or share PostgreSQL", path)
		}
		return nil, fmt.Errorf("cannot write %q: %w", path, err)
	}
	return lock, nil
}
