package sqltest

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
)

// tap is asked before and after each statement of a pool. An error of it cuts
// the connection: before, the statement never reached the database; after, it
// took effect and nobody was told.
type tap struct {
	mu sync.Mutex
	at func(query string, after bool) error
}

// set says what is done from the next statement on; nil lets everything pass.
func (t *tap) set(at func(query string, after bool) error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at = at
}

// nth does something at the n-th statement from now on, before or after it. The
// statement is found where the result points to, once it came.
func (t *tap) nth(n int, after bool, do func() error) *string {
	struck := new(string)
	t.set(func(query string, late bool) error {
		if late == after {
			n--
		}
		if late != after || n != 0 {
			return nil
		}
		*struck = query
		return do()
	})
	return struck
}

func (t *tap) ask(query string, after bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.at == nil {
		return nil
	}
	return t.at(query, after)
}

// errCut is how a driver tells of a connection that ended while it waited.
var errCut = errors.New("sqltest: the connection was cut")

// tapped opens connections that a tap looks at. It is a [driver.Connector].
type tapped struct {
	from driver.Driver
	dsn  string
	tap  *tap
}

func (d *tapped) Driver() driver.Driver { return d.from }

func (d *tapped) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	return &tappedConn{Conn: conn, tap: d.tap}, nil
}

func (d *tapped) connect(ctx context.Context) (driver.Conn, error) {
	if own, ok := d.from.(driver.DriverContext); ok {
		connector, err := own.OpenConnector(d.dsn)
		if err != nil {
			return nil, err
		}
		return connector.Connect(ctx)
	}
	return d.from.Open(d.dsn)
}

// tappedConn is one connection. All drivers of these tests have the optional
// methods that it passes on; where one has not, there is a usual answer.
type tappedConn struct {
	driver.Conn
	tap *tap
	cut bool
}

// end ends the connection, unless the tap only ended a context.
func (c *tappedConn) end(err error) error {
	if errors.Is(err, errCut) {
		c.cut = true
		_ = c.Conn.Close()
	}
	return err
}

func (c *tappedConn) Close() error {
	if c.cut {
		return nil
	}
	return c.Conn.Close()
}

// before asks the tap before a statement.
func (c *tappedConn) before(query string) error {
	if c.cut {
		return driver.ErrBadConn
	}
	if err := c.tap.ask(query, false); err != nil {
		return c.end(err)
	}
	return nil
}

// executed asks the tap after a statement.
func (c *tappedConn) executed(query string, result driver.Result, err error) (driver.Result, error) {
	if err != nil {
		return nil, err
	}
	if err := c.tap.ask(query, true); err != nil {
		return nil, c.end(err)
	}
	return result, nil
}

// queried asks the tap after a query, whose rows may still be on their way.
func (c *tappedConn) queried(query string, rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	if err := c.tap.ask(query, true); err != nil {
		_ = rows.Close()
		return nil, c.end(err)
	}
	return rows, nil
}

func (c *tappedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.before(query); err != nil {
		return nil, err
	}
	result, err := c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
	return c.executed(query, result, err)
}

func (c *tappedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.before(query); err != nil {
		return nil, err
	}
	rows, err := c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
	return c.queried(query, rows, err)
}

// PrepareContext is called after the driver skipped a statement
// ([driver.ErrSkip]), before which the tap was asked already.
func (c *tappedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.cut {
		return nil, driver.ErrBadConn
	}
	stmt, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &tappedStmt{Stmt: stmt, conn: c, query: query}, nil
}

func (c *tappedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if c.cut {
		return nil, driver.ErrBadConn
	}
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, opts)
}

func (c *tappedConn) ResetSession(ctx context.Context) error {
	if c.cut {
		return driver.ErrBadConn
	}
	if r, ok := c.Conn.(driver.SessionResetter); ok {
		return r.ResetSession(ctx)
	}
	return nil
}

func (c *tappedConn) IsValid() bool {
	v, ok := c.Conn.(driver.Validator)
	return !c.cut && (!ok || v.IsValid())
}

func (c *tappedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// tappedStmt is a statement of a connection, prepared.
type tappedStmt struct {
	driver.Stmt
	conn  *tappedConn
	query string
}

func (s *tappedStmt) Close() error {
	if s.conn.cut {
		return nil
	}
	return s.Stmt.Close()
}

func (s *tappedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if s.conn.cut {
		return nil, driver.ErrBadConn
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
	return s.conn.executed(s.query, result, err)
}

func (s *tappedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if s.conn.cut {
		return nil, driver.ErrBadConn
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	return s.conn.queried(s.query, rows, err)
}

func (s *tappedStmt) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := s.Stmt.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return s.conn.CheckNamedValue(v)
}
