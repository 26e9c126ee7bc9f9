package sqltest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// behind is a Store behind a proxy, and the same tables without one.
type behind struct {
	place  place
	x      *proxy
	db     *sql.DB
	s      *sqlstore.Store
	direct *sqlstore.Store
}

// behindProxy runs a test behind a proxy to each server, one after the other: it
// counts goroutines and connections.
func behindProxy(t *testing.T, test func(t *testing.T, b behind, random *mathrand.Rand)) {
	for _, server := range []server{postgresServer(), mariadbServer()} {
		t.Run(string(server.dialect), func(t *testing.T) {
			server.need(t)
			before := runtime.NumGoroutine()
			direct, p := server.fresh(t)
			random := seeded(t)
			x, dsn := newProxy(t, p, random)
			db := silent(t, p, dsn)
			db.SetMaxOpenConns(6)
			s, err := sqlstore.New(db, sqlstore.Config{Dialect: p.dialect})
			require.NoError(t, err)
			test(t, behind{p, x, db, s, direct}, random)

			// Nothing leaks: no connection of the pool, none at the server, no
			// goroutine.
			require.Zero(t, db.Stats().InUse)
			require.NoError(t, db.Close())
			x.close()
			require.Positive(t, x.cuts, "the proxy cut nothing")
			p.db.SetMaxIdleConns(1)
			for alone := false; !alone; runtime.Gosched() {
				alone = p.sessions(t) <= 1 && runtime.NumGoroutine() <= before+8
			}
			p.db.SetMaxIdleConns(8)
			t.Logf("%d connections were cut, %d of them between COMMIT and its answer", x.cuts, x.lost)
		})
	}
}

// silent opens a pool whose driver does not log what it also returns.
func silent(t *testing.T, p place, dsn string) *sql.DB {
	t.Helper()
	if p.dialect != sqlstore.MariaDB {
		db, err := sql.Open(p.driver, dsn)
		require.NoError(t, err)
		return db
	}
	c, err := mysql.ParseDSN(dsn)
	require.NoError(t, err)
	c.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(c)
	require.NoError(t, err)
	return sql.OpenDB(connector)
}

// sessions counts the connections that the server has to the place.
func (p place) sessions(t *testing.T) int {
	t.Helper()
	if p.dialect == sqlstore.PostgreSQL {
		return number(t, p.db, "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = $1", p.name)
	}
	return number(t, p.db, "SELECT COUNT(*) FROM information_schema.processlist WHERE db = ?", p.name)
}

// tally is what calls said of themselves: by the id of the event that each
// writes, the error or nil.
type tally struct {
	mu   sync.Mutex
	said map[string]error
}

func newTally() *tally { return &tally{said: map[string]error{}} }

func (y *tally) note(id string, err error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.said[id] = err
}

// TestCallsThroughACuttingProxy makes calls from several goroutines while
// connections are cut at random. A call that reports success has had its effect,
// once; one that fails has had none, but for those whose COMMIT went over and
// whose answer did not come back. When the cuts end, the pool works again by
// itself.
//
// Repeat it at length with
//
//	ROUNDS=20 go test -run ThroughACuttingProxy -timeout 30m ./rotate/sqlstore/sqltest
func TestCallsThroughACuttingProxy(t *testing.T) {
	const workers, accounts = 4, 3
	behindProxy(t, func(t *testing.T, b behind, random *mathrand.Rand) {
		ctx := t.Context()
		for i := range accounts {
			require.NoError(t, b.direct.Insert(ctx, rotate.Credential{Account: fmt.Sprint("a", i)}, nil))
		}
		y, guessed, guesses := newTally(), newTally(), 0
		for round := range times(t, "ROUNDS", 2) {
			// From one message to many calls for each connection.
			b.x.cutting([]int{20_000, 3_000, 60_000}[round%3])
			var group sync.WaitGroup
			for range workers {
				seed := random.Uint64()
				group.Go(func() {
					own := mathrand.New(mathrand.NewPCG(seed, 0))
					for range 60 {
						id := rand.Text()
						account := fmt.Sprint("a", own.IntN(accounts))
						switch own.IntN(5) {
						case 0:
							err := b.s.Insert(ctx, rotate.Credential{Account: id}, []rotate.Event{{ID: id, Account: id}})
							y.note(id, err)
						case 1:
							err := b.s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
								return rotate.Order{ID: rotate.ID(id), Seq: seq}, []rotate.Event{{ID: id, Order: rotate.ID(id)}}, nil
							})
							y.note(id, err)
						case 2:
							err := b.s.Guess(ctx, [32]byte{1}, noon(), noon().Add(time.Hour), func(c *rotate.Counter) error {
								c.Total++
								return nil
							})
							guessed.note(id, err)
						default:
							err := b.s.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
								c.PasswordGuesses.Total++
								return []rotate.Event{{ID: id, Account: c.Account}}, nil
							})
							y.note(id, err)
						}
					}
				})
			}
			group.Wait()
			b.x.cutting(0)
			for i := range 20 {
				require.NoError(t, b.s.Update(ctx, "a0", func(*rotate.Credential) ([]rotate.Event, error) { return nil, rotate.ErrUnchanged }), "call %d after the cuts", i)
				_, err := b.s.Load(ctx, "a0")
				require.NoError(t, err, "call %d after the cuts", i)
			}
		}
		failed, unknown := b.check(t, y)
		for _, err := range guessed.said {
			if err == nil {
				guesses++
			}
		}
		var c rotate.Counter
		require.NoError(t, b.direct.Guess(ctx, [32]byte{1}, noon(), noon().Add(time.Hour), func(now *rotate.Counter) error {
			c = *now
			return rotate.ErrUnchanged
		}))
		require.GreaterOrEqual(t, c.Total, guesses, "a counted guess was lost")
		unknown += c.Total - guesses
		require.LessOrEqual(t, unknown, b.x.lost, "more failed calls had an effect than answers to COMMIT got lost")
		t.Logf("of %d calls %d failed, %d of them with an effect", len(y.said)+len(guessed.said), failed, unknown)
	})
}

// check compares what calls said with what there is. It returns how many failed,
// and how many of these had an effect all the same.
func (b behind) check(t *testing.T, y *tally) (failed, unknown int) {
	ctx := t.Context()
	events, err := b.direct.Events(ctx, "", "", 1_000_000)
	require.NoError(t, err)
	there := map[string]bool{}
	updates := map[string]int{}
	var placed []string
	for _, e := range slices.Backward(events) {
		there[e.ID] = true
		switch {
		case e.Order != "":
			placed = append(placed, e.ID)
		case e.Account != e.ID:
			updates[e.Account]++
		default:
			_, err := b.direct.Load(ctx, e.Account)
			require.NoError(t, err, "an event without its row")
		}
	}
	for account, n := range updates {
		c, err := b.direct.Load(ctx, account)
		require.NoError(t, err)
		require.Equal(t, n, c.PasswordGuesses.Total, "updates of %q", account)
	}
	orders, err := b.direct.Orders(ctx, 0)
	require.NoError(t, err)
	require.Len(t, orders, len(placed), "orders without their events")
	for i, o := range orders {
		require.EqualValues(t, i+1, o.Seq, "the log has a gap")
		require.True(t, there[string(o.ID)], "an order without its event")
	}
	rows, err := b.direct.Count(ctx, rotate.Query{})
	require.NoError(t, err)
	require.Equal(t, len(events)-len(placed), rows-3+sum(updates), "rows without their events")
	for id, err := range y.said {
		switch {
		case err == nil:
			require.True(t, there[id], "a call reported success and had no effect")
		case there[id]:
			require.ErrorIs(t, err, rotate.ErrUncertain, "it had an effect")
			unknown++
			fallthrough
		default:
			failed++
			require.False(t, errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded), "%v: no context ended", err)
		}
	}
	return failed, unknown
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}
