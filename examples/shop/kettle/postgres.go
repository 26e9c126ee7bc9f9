package kettle

import (
	"context"
	"database/sql/driver"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/tillkey/tillkey/rotate/sqlstore"
)

//go:embed schema_postgres.sql
var postgresSchema string

const (
	// postgresConns are few enough for several instances: a server takes 100 by
	// default.
	postgresConns = 16
	// startPause is between two looks whether another instance has started.
	startPause = 50 * time.Millisecond
)

// openPostgres makes a pool on a server. It does not connect yet.
func openPostgres(_ context.Context, place string, patience time.Duration) (*database, error) {
	c, err := pgx.ParseConfig(place)
	if err != nil {
		var parse *pgconn.ParseConfigError
		if errors.As(err, &parse) {
			err = parse.Unwrap() // without the URL, which may hold a password
		}
		return nil, inDatabase(place, err)
	}
	// The server ends what takes too long, and locks of an instance that hangs,
	// before the shop gives up the connection.
	limit := strconv.FormatInt(patience.Milliseconds(), 10)
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
		if _, set := c.RuntimeParams[name]; !set {
			c.RuntimeParams[name] = limit
		}
	}
	c.ConnectTimeout = patience
	dialer := &net.Dialer{Timeout: patience}
	c.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &patient{Conn: conn, limit: patience + patience/4}, nil
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(time.Minute)
	d := &database{DB: db, dialect: sqlstore.PostgreSQL, schema: postgresSchema, shared: true}
	d.alone = d.waitAlone
	return d, nil
}

// patient is a connection on which an answer is not waited for without end. A
// commit is not cut short by its context, so a server that hangs would hold it.
type patient struct {
	net.Conn
	limit time.Duration

	mu sync.Mutex
	// set is true while pgx has a deadline of its own, which ends a query.
	set bool
}

func (p *patient) SetDeadline(t time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set = !t.IsZero()
	return p.Conn.SetDeadline(t)
}

func (p *patient) Read(b []byte) (int, error) {
	p.mu.Lock()
	var err error
	if !p.set {
		err = p.SetReadDeadline(time.Now().Add(p.limit))
	}
	p.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

// startLock is for one schema of a database: two shops may share a server.
const startLock = "(hashtext('copper kettle'), hashtext(coalesce(current_schema(), '')))"

// waitAlone holds an advisory lock, which ends with the connection.
func (d *database) waitAlone(ctx context.Context) (end func(), err error) {
	conn, err := d.Conn(ctx)
	if err != nil {
		return nil, err
	}
	for {
		var got bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock"+startLock).Scan(&got); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		if got {
			break
		}
		select {
		case <-time.After(startPause):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("another instance is starting: %w", ctx.Err()), conn.Close())
		}
	}
	return func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock"+startLock); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		_ = conn.Close()
	}, nil
}

// checkURL refuses a URL with a password in it: everybody on the machine can
// read the arguments of a program.
func checkURL(place string) error {
	u, err := url.Parse(place)
	if err != nil {
		return errors.New("-db is not a valid postgres:// URL")
	}
	query := u.Query()
	if _, set := u.User.Password(); set || query.Has("password") || query.Has("sslpassword") {
		return errors.New("-db holds a password, which everybody on this machine can read: leave it out,\nand put it into a file that PGPASSFILE names (or ~/.pgpass), or into PGPASSWORD")
	}
	return nil
}

var _ net.Conn = (*patient)(nil)
