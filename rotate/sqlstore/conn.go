package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"
)

// Conn is one connection with a transaction on it. *sql.Tx is one, and so is
// the ConnPool of a gorm transaction (tx.Statement.ConnPool). A *sql.Conn is
// one while a transaction is open on it, whoever began it: a shop that has a
// pgxpool alone takes one from stdlib.OpenDBFromPool and begins its pgx.Tx on the
// connection that lies beneath, which [sql.Conn.Raw] shows.
//
// A *sql.DB is none, although it has the methods: its statements may run on
// different connections.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// session runs the statements of this package on one connection. They are
// written with the default prefix and "?" for each value.
type session struct {
	conn    Conn
	dialect *dialect
	texts   *texts
	// limit bounds the time of each statement; 0 means none.
	limit time.Duration
	// shielded keeps the end of a context from a statement that runs.
	shielded bool
}

// exec runs a statement and returns how many rows it changed.
func (s session) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := plainArgs(args); err != nil {
		return 0, failed(ctx, err)
	}
	limited, cancel := s.limited(ctx)
	defer cancel()
	result, err := s.conn.ExecContext(limited, s.texts.of(query), args...)
	if err != nil {
		return 0, failed(ctx, err)
	}
	n, err := result.RowsAffected()
	return n, failed(ctx, err)
}

// each runs a query and calls scan for each of its rows. The connection is free
// again when it returns, not before.
func (s session) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := plainArgs(args); err != nil {
		return failed(ctx, err)
	}
	limited, cancel := s.limited(ctx)
	defer cancel()
	rows, err := s.conn.QueryContext(limited, s.texts.of(query), args...)
	if err != nil {
		return failed(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return failed(ctx, err)
		}
	}
	return failed(ctx, rows.Err())
}

// one reads the first row of a query, if there is one.
func (s session) one(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	err = s.each(ctx, query, args, func(rows *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return rows.Scan(dest...)
	})
	return found && err == nil, err
}

// inner is the context for what runs on the connection.
func (s session) inner(ctx context.Context) context.Context {
	if s.shielded {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// limited is the context of one statement.
func (s session) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.limit == 0 {
		return s.inner(ctx), func() {}
	}
	return context.WithTimeout(s.inner(ctx), s.limit)
}

// plainArgs replaces values by what every driver takes. Some have ideas of their
// own about pointers and named types.
func plainArgs(args []any) (err error) {
	for i, arg := range args {
		if args[i], err = plain(arg); err != nil {
			return fmt.Errorf("value %d: %w", i+1, err)
		}
	}
	return nil
}

// plain does so for one value. Those of most columns go the short way.
func plain(arg any) (driver.Value, error) {
	switch v := arg.(type) {
	case *string:
		return *v, nil
	case *bool:
		return *v, nil
	case *int64:
		return *v, nil
	case *int:
		return int64(*v), nil
	case driver.Valuer:
		return v.Value()
	}
	return driver.DefaultParameterConverter.ConvertValue(arg)
}
