package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// runner finds a connection for some work.
type runner interface {
	// read runs work that writes nothing.
	read(ctx context.Context, work func(session) error) error
	// write runs work in a transaction: all it writes becomes true, or nothing.
	write(ctx context.Context, work func(session) error) error
}

// turn lets one caller work at a time. A nil turn lets everybody.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// take waits for the turn. Who got it defers give.
func (t turn) take(ctx context.Context) error {
	// Asked first, because select takes any of two ready cases.
	if err := ctx.Err(); err != nil || t == nil {
		return err
	}
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() {
	if t != nil {
		<-t
	}
}

// pool is the runner of a Store of its own.
type pool struct {
	db      *sql.DB
	dialect *dialect
	texts   *texts
	wait    time.Duration
	limit   time.Duration
	begin   []string
	turn    turn // of those who write
}

// Bounds of the pause before another try. It doubles, and a random part keeps
// processes out of step.
const (
	firstPause = time.Millisecond
	maxPause   = 100 * time.Millisecond
)

func (p *pool) session(c Conn) session {
	return session{conn: c, dialect: p.dialect, texts: p.texts, limit: p.limit}
}

func (p *pool) read(ctx context.Context, work func(session) error) error {
	return p.persist(ctx, func() error { return work(p.session(p.db)) })
}

// write takes its turn before a connection, so that those who wait do not use
// up the pool.
func (p *pool) write(ctx context.Context, work func(session) error) error {
	if err := p.turn.take(ctx); err != nil {
		return err
	}
	defer p.turn.give()
	return own(p.persist(ctx, func() error { return p.transact(ctx, work) }))
}

// persist tries again what failed because others were busy.
func (p *pool) persist(ctx context.Context, try func() error) error {
	end := time.Now().Add(p.wait)
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := try()
		if err == nil || errors.As(err, new(undone)) || !errors.As(err, new(unbegun)) && !p.dialect.busy(err) {
			return err
		}
		if left := time.Until(end); left <= 0 {
			return err
		}
		timer := time.NewTimer(pause/2 + rand.N(pause/2))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// transact runs work in one transaction. However it ends, by a panic of an fn
// too, the connection goes back without one.
func (p *pool) transact(ctx context.Context, work func(session) error) error {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return failed(ctx, err)
	}
	defer conn.Close()
	done := false
	defer func() {
		if !done {
			_ = p.rollback(ctx, conn)
		}
	}()
	// A driver may report the end of the context for a BEGIN that took effect.
	for _, begin := range p.begin {
		if err := p.command(ctx, conn, begin); err != nil {
			if p.dialect.remote && ctx.Err() == nil {
				return unbegun{failed(ctx, err)}
			}
			return failed(ctx, err)
		}
	}
	if err := work(p.session(conn)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err = p.command(context.WithoutCancel(ctx), conn, "COMMIT")
	done = true
	if err == nil {
		return nil
	}
	err = failed(context.WithoutCancel(ctx), err)
	if gone := !p.rollback(ctx, conn); gone || errors.Is(err, context.DeadlineExceeded) {
		// A commit that is cut short leaves nobody knowing what is true. A driver
		// may also report the end of its time for one that took effect.
		err = fmt.Errorf("%w: %w", rotate.ErrUncertain, err)
	}
	return err
}

// command runs a statement that only a transaction needs.
func (p *pool) command(ctx context.Context, conn *sql.Conn, command string) error {
	limited, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	_, err := conn.ExecContext(limited, command)
	return err
}

// rollback ends the transaction of a connection, if there is one, or else the
// connection, and tells which: false means that it had to end the connection.
func (p *pool) rollback(ctx context.Context, conn *sql.Conn) bool {
	err := p.command(context.WithoutCancel(ctx), conn, "ROLLBACK")
	if err == nil || p.dialect.noTransaction(err) {
		return true
	}
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	return false
}

// within is the runner of a view inside a transaction of the shop.
type within struct {
	turn    turn
	session session
}

func (w *within) read(ctx context.Context, work func(session) error) error {
	return w.alone(ctx, func() error { return work(w.session) })
}

func (w *within) write(ctx context.Context, work func(session) error) error {
	return own(w.alone(ctx, func() error { return w.save(ctx, work) }))
}

// alone runs work when no other call of the view does.
func (w *within) alone(ctx context.Context, work func() error) error {
	if _, isPool := w.session.conn.(*sql.DB); isPool || w.session.conn == nil {
		return errors.New("sqlstore: On was given no transaction")
	}
	if err := w.turn.take(ctx); err != nil {
		return err
	}
	defer w.turn.give()
	return work()
}

// save runs work and takes back what it wrote if it fails.
func (w *within) save(ctx context.Context, work func(session) error) error {
	if _, err := w.session.exec(ctx, "SAVEPOINT tillkey_call"); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			ctx := context.WithoutCancel(ctx)
			if _, err := w.session.exec(ctx, "ROLLBACK TO SAVEPOINT tillkey_call"); err == nil {
				_, _ = w.session.exec(ctx, "RELEASE SAVEPOINT tillkey_call")
			}
		}
	}()
	if err := work(w.session); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := w.session.exec(context.WithoutCancel(ctx), "RELEASE SAVEPOINT tillkey_call"); err != nil {
		return err
	}
	done = true
	return nil
}
