package sqltest

import (
	"context"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// point is where a child is killed.
type point struct {
	// At is "row": under the lock of a batch, "leased": between a lease and its
	// first event, "event": in the receiver, "noted": between the last event of a
	// lease and its note. Step counts them from 1.
	At   string
	Step int
	// Hold makes the child stay there until it is killed. Otherwise it goes on,
	// and the kill meets it wherever it is by then.
	Hold bool
}

// points are where a sweep is killed: within the first half of the rows, and
// within the first leases of 100 events. Of two kills one holds.
func points(random *mathrand.Rand, n, rows int) point {
	p := point{Hold: n%2 == 0}
	switch n % 5 {
	case 0, 3:
		p.At, p.Step = "row", 1+random.IntN(rows/2)
	case 1:
		p.At, p.Step = "event", 1+random.IntN(300)
	case 2:
		p.At, p.Step = "noted", 1+random.IntN(3)
	default:
		p.At, p.Step = "leased", 1+random.IntN(3)
	}
	return p
}

// marked is the Store of a child that tells where it is.
type marked struct {
	*sqlstore.Store
	boss  *boss
	point point
	rows  atomic.Int64
	steps atomic.Int64
	near  atomic.Bool
}

// comes tells that the point is within the next n steps, once. What leads there
// is under a lock or a lease by then: others cannot take it away.
func (m *marked) comes(at string, done, n int64) {
	if m.point.At == at && done+n >= int64(m.point.Step) && m.near.CompareAndSwap(false, true) {
		m.boss.say("near")
	}
}

// reach takes a step, and is killed at the one that was asked for.
func (m *marked) reach(at string) {
	if m.point.At != at || m.steps.Add(1) != int64(m.point.Step) {
		return
	}
	m.boss.say("here")
	if m.point.Hold {
		select {}
	}
}

func (m *marked) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (int, string, error) {
	n, last, err := m.Store.Batch(ctx, q, func(c *rotate.Credential) ([]rotate.Event, error) {
		m.comes("row", m.rows.Load(), int64(q.Size()))
		m.reach("row")
		return fn(c)
	})
	m.rows.Add(int64(n))
	return n, last, err
}

func (m *marked) Lease(ctx context.Context, limit int, now, until time.Time) ([]rotate.Event, error) {
	events, err := m.Store.Lease(ctx, limit, now, until)
	if n := int64(len(events)); n > 0 {
		m.comes("leased", m.steps.Load(), 1)
		m.comes("noted", m.steps.Load(), 1)
		m.comes("event", m.steps.Load(), n)
		m.reach("leased")
	}
	return events, err
}

func (m *marked) Delivered(ctx context.Context, ids []string) error {
	if len(ids) > 0 {
		m.reach("noted")
	}
	return m.Store.Delivered(ctx, ids)
}

// sweepInChild is one instance of a shop: it runs until its parent says no more,
// and goes once more over everything.
func sweepInChild(t *testing.T, b *boss, j job) {
	s, _ := j.Database.open(t, nil)
	m := &marked{Store: s, boss: b, point: j.Point}
	k := j.keeper(t, s, func(c *rotate.Config) {
		c.Store = m
		c.Every = 10 * time.Millisecond
		c.Failed = func(err error) { b.say("failed: " + err.Error()) }
		c.Events = func(_ context.Context, e rotate.Event) error {
			m.reach("event")
			text, err := json.Marshal(delivery{e.ID, e.Kind, e.Account})
			b.say("event " + string(text))
			return err
		}
	})
	b.say("ready")
	require.Equal(t, "go", b.hear())
	if j.Point.At == "" {
		// One round at once, which finds what others leave to it.
		_, err := k.Sweep(t.Context(), 0)
		require.NoError(t, err)
		b.say("swept")
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		b.hear()
		cancel()
	}()
	require.ErrorIs(t, k.Run(ctx), context.Canceled)
	_, err := k.Sweep(t.Context(), 0)
	require.NoError(t, err)
	_, err = k.Deliver(t.Context())
	require.NoError(t, err)
}

// fleet is a shop of many customers on one database, whose instances are
// processes of their own.
type fleet struct {
	t    *testing.T
	job  job
	n    int
	s    *sqlstore.Store
	keys []keyring.Key
	// delivered is how often each event was, since the last time all was due.
	delivered map[string]int
}

// newFleet signs up n customers.
func newFleet(t *testing.T, d database, n int) *fleet {
	t.Helper()
	f := &fleet{t: t, n: n, job: job{Database: d, Now: noon(), Work: "sweep"}, delivered: map[string]int{}}
	f.s, _ = d.open(t, nil)
	f.newKey()
	encoded, err := cheapHasher(t, 2).Hash(t.Context(), "plum kettle orbit 92 fjord")
	require.NoError(t, err)
	report, err := f.keeper().Import(t.Context(), func(yield func(rotate.Imported, error) bool) {
		for i := range n {
			if !yield(rotate.Imported{Account: fmt.Sprintf("c-%06d", i), Encoded: encoded}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	require.Equal(t, n, report.Inserted)
	_, err = f.keeper().Deliver(t.Context())
	require.NoError(t, err)
	return f
}

// newKey makes another key that all processes to come hold.
func (f *fleet) newKey() keyring.Key {
	key := keyring.NewKey()
	f.keys = append(f.keys, key)
	f.job.Keys = append(f.job.Keys, key.Reveal())
	return key
}

// keeper is an instance in this process, whose receiver notes what it gets.
func (f *fleet) keeper() *rotate.Keeper {
	f.t.Helper()
	return f.job.keeper(f.t, f.s, func(c *rotate.Config) {
		c.Events = func(_ context.Context, e rotate.Event) error {
			f.take(delivery{e.ID, e.Kind, e.Account})
			return nil
		}
	})
}

func (f *fleet) take(d delivery) { f.delivered[d.ID]++ }

// due makes every credential due: for a reminder, and to be sealed anew.
func (f *fleet) due() (order rotate.ID, key string) {
	f.t.Helper()
	f.job.Now = f.job.Now.Add(30 * 24 * time.Hour)
	f.delivered = map[string]int{}
	fresh := f.newKey()
	k := f.keeper()
	require.NoError(f.t, k.AddKey(f.t.Context(), fresh.ID, "staff-1"))
	require.NoError(f.t, k.PromoteKey(f.t.Context(), fresh.ID, "staff-1"))
	orders, err := k.Orders(f.t.Context())
	require.NoError(f.t, err)
	if len(orders) > 0 {
		require.NoError(f.t, k.Withdraw(f.t.Context(), orders[len(orders)-1].ID, "staff-1", ""))
	}
	order, err = k.Force(f.t.Context(), rotate.Order{
		Reason: rotate.PolicyRaised, Grace: 10 * 24 * time.Hour, Actor: "staff-1", Expect: f.n,
	})
	require.NoError(f.t, err)
	_, err = k.Deliver(f.t.Context())
	require.NoError(f.t, err)
	return order, fresh.ID
}

// TestKilledSweeps runs three instances of a shop, each a process with
// Keeper.Run, on one database. One is killed by kill -9 in the middle of a sweep
// or of a delivery, again and again. Each credential is reminded once and sealed
// anew, each reminder is delivered at least once, with one id, no lease outlives
// its time, and nothing is lost.
//
// Repeat it at length with
//
//	KILLS=20 go test -run TestKilledSweeps -timeout 30m ./rotate/sqlstore/sqltest
func TestKilledSweeps(t *testing.T) {
	const customers = 1200
	eachDatabase(t, func(t *testing.T, d database) {
		random := seeded(t)
		f := newFleet(t, d, customers)
		first := random.IntN(5)
		for n := range times(t, "KILLS", 3) {
			p := points(random, first+n, customers)
			t.Logf("kill %d: %+v", n+1, p)
			f.killOne(p)
		}
	})
}

// killOne lets three processes sweep what is due, of which one is killed.
func (f *fleet) killOne(p point) {
	t := f.t
	order, key := f.due()
	doomed := f.job
	doomed.Point = p
	victim, others := doomed.start(t), []*process{f.job.start(t), f.job.start(t)}
	for _, p := range append(others, victim) {
		p.await("ready")
	}
	victim.tell("go")
	victim.await("near")
	for _, p := range others {
		p.tell("go")
	}
	victim.await("here")
	if p.Hold && f.job.Database.Dialect != sqlstore.SQLite {
		// A database that locks rows lets the others go past them.
		for _, p := range others {
			p.await("swept")
		}
	}
	victim.kill()
	for _, p := range others {
		p.finish()
	}
	f.noteDeliveries(victim, others)
	f.sweepRest(key)
	f.checkLeases(victim)
	f.check(order, key)
}

// noteDeliveries requires that within its lease no event went to two instances,
// nor to one twice.
func (f *fleet) noteDeliveries(victim *process, others []*process) {
	for _, p := range append(others, victim) {
		for _, d := range p.events {
			require.Zero(f.t, f.delivered[d.ID], "%+v was delivered twice within its lease", d)
			f.take(d)
		}
	}
}

// sweepRest sweeps what the living ones had to leave to the dead one until its
// database noticed.
func (f *fleet) sweepRest(key string) {
	k := f.keeper()
	for {
		_, err := k.Sweep(f.t.Context(), 0)
		require.NoError(f.t, err)
		left, err := f.s.Count(f.t.Context(), rotate.Query{KeyOtherThan: key})
		require.NoError(f.t, err)
		if left == 0 {
			break
		}
	}
	_, err := k.Deliver(f.t.Context())
	require.NoError(f.t, err)
}

// checkLeases requires that what the dead one had leased comes again when its
// lease is over, to the microsecond, and nothing else.
func (f *fleet) checkLeases(victim *process) {
	t := f.t
	ctx := t.Context()
	end := f.job.Now.Add(time.Minute)
	early, err := f.s.Lease(ctx, 10_000, end.Add(-time.Microsecond), end.Add(-time.Microsecond))
	require.NoError(t, err)
	require.Empty(t, early, "the lease was not kept")
	f.job.Now = end
	before := len(f.delivered)
	n, err := f.keeper().Deliver(ctx)
	require.NoError(t, err)
	require.LessOrEqual(t, n, 100, "more than one lease was left")
	again := 0
	for _, d := range victim.events {
		if f.delivered[d.ID] > 1 {
			again++
		}
	}
	require.Equal(t, n, again+len(f.delivered)-before, "other events than those of the dead one came again")
	late, err := f.s.Lease(ctx, 10_000, end.Add(24*time.Hour), end)
	require.NoError(t, err)
	require.Empty(t, late, "something was never delivered")
	t.Logf("%d events were under the lease of the killed process, which had handed out %d of them", n, again)
}

// check reads what came of it all.
func (f *fleet) check(order rotate.ID, key string) {
	t := f.t
	ctx := t.Context()
	reminders := map[string]string{} // by account
	before := ""
	for {
		events, err := f.s.Events(ctx, "", before, 500)
		require.NoError(t, err)
		for _, e := range events {
			if e.Kind != rotate.ChangeReminder || e.Order != order {
				continue
			}
			require.Empty(t, reminders[e.Account], "%q was reminded twice", e.Account)
			reminders[e.Account] = e.ID
			require.Positive(t, f.delivered[e.ID], "the reminder of %q was never delivered", e.Account)
			require.LessOrEqual(t, f.delivered[e.ID], 2)
			delete(f.delivered, e.ID)
		}
		if len(events) == 0 || slices.ContainsFunc(events, func(e rotate.Event) bool { return e.Kind == rotate.OrderPlaced && e.Order == order }) {
			break
		}
		before = events[len(events)-1].ID
	}
	for id := range f.delivered {
		page, err := f.s.Events(ctx, "", id, 1)
		require.NoError(t, err, "%q was delivered and is not in the audit trail", id)
		require.NotEmpty(t, page)
	}
	require.Len(t, reminders, f.n)

	rows := 0
	q := rotate.Query{Limit: rotate.MaxBatch}
	for {
		page, err := f.s.Page(ctx, q)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			require.Equal(t, rotate.Reminded{By: f.job.Now.Add(10*24*time.Hour - time.Minute), Before: 14 * 24 * time.Hour}, c.Reminded, c.Account)
			ids, err := c.KeyIDs()
			require.NoError(t, err)
			require.Equal(t, []string{key}, ids)
			require.NotEmpty(t, reminders[c.Account])
			rows++
		}
		q.After = page[len(page)-1].Account
	}
	require.Equal(t, f.n, rows)
	// Each seal opens, and holds what it held.
	hashes := map[string]int{}
	require.NoError(t, f.keeper().Export(ctx, rotate.Query{}, func(_, encoded string) error {
		hashes[encoded]++
		return nil
	}))
	require.Len(t, hashes, 1)
	for _, k := range f.keys[:len(f.keys)-1] {
		n, err := f.s.KeyUse(ctx, k.ID)
		require.NoError(t, err)
		require.Zero(t, n, "key %s still seals something", k.ID)
	}
}
