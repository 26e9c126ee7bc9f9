package sqlstore

import (
	"context"
	"database/sql"
)

// Conn is one connection with a transaction on it. *sql.Tx is one, and so is
// the ConnPool of a gorm transaction (tx.Statement.ConnPool). A *sql.Conn is
// one while a transaction is open on it, whoever began it: a shop on pgx takes
// one from stdlib.OpenDBFromPool and begins its pgx.Tx on the connection that
// lies beneath, which [sql.Conn.Raw] shows.
//
// A *sql.DB is none, although it has the methods: its statements may run on
// different connections.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// session runs the statements of this package on one connection. They are
// written with the default prefix.
type session struct {
	conn    Conn
	dialect *dialect
	prefix  string
	// shielded keeps the end of a context from a statement that runs.
	shielded bool
}

// exec runs a statement and returns how many rows it changed.
func (s session) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	result, err := s.conn.ExecContext(s.inner(ctx), prefixed(query, s.prefix), args...)
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
	rows, err := s.conn.QueryContext(s.inner(ctx), prefixed(query, s.prefix), args...)
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

func (s session) inner(ctx context.Context) context.Context {
	if s.shielded {
		return context.WithoutCancel(ctx)
	}
	return ctx
}
