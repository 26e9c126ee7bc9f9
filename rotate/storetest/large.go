package storetest

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// Bounds of the memory that [RunLarge] allows, however many rows there are. They
// are some times what the Stores of this repository take.
const (
	// liveLimit is what a walk over all rows may keep alive.
	liveLimit = 32 << 20
	// pageLimit is what one call for 500 rows may allocate, countLimit one that
	// returns a number.
	pageLimit  = 16 << 20
	countLimit = 256 << 10
)

// RunLarge checks on a Store with n accounts that no call takes memory for all
// of them: not an import, a preview, a list, an export, a sweep with reminders
// and new seals, a delivery, a look through the audit trail. A few thousand
// accounts show a call that reads all rows at once; a million show the rest.
//
// open returns an empty Store. own is how many bytes the Store itself keeps in
// this process for one account or event, 0 for a database. Nothing else may run
// in the process meanwhile, as its memory would be counted too.
func RunLarge(t *testing.T, open Open, n int, own int) {
	t.Helper()
	w := &weighed{}
	r := newRealm(t, func(t *testing.T) rotate.Store {
		w.Store = open(t)
		return w
	}, func(c *rotate.Config) {
		c.Events = func(context.Context, rotate.Event) error { return nil }
	})
	w.start(t, n, uint64(2*n*own+liveLimit))
	l := &large{realm: r, w: w, n: n, workers: 4}
	if own > 0 {
		l.workers = 1 // in memory they only get in each other's way
	}
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"import", l.imports}, {"count", l.counts}, {"list", l.lists}, {"remind", l.reminds}, {"reseal", l.reseals},
		{"deliver", l.delivers}, {"trail", l.trail}, {"export", l.exports}, {"restore", l.restores},
	} {
		began := time.Now()
		step.do()
		w.weigh()
		t.Logf("%s of %d accounts: at most %.1f MiB alive, took %v", step.name, n, float64(w.most)/(1<<20), time.Since(began).Round(time.Millisecond))
	}
}

// weighed is a Store that looks at the heap at some of the calls that read rows.
type weighed struct {
	rotate.Store
	t *testing.T
	// every is after how many calls of one kind it looks.
	every          int64
	inserts, calls atomic.Int64
	mu             sync.Mutex
	// base is what was alive at first, limit how much more may be, most the most
	// that was.
	base, limit, most uint64
}

// live is what the heap holds after a collection.
func live() uint64 {
	runtime.GC()
	return metric("/memory/classes/heap/objects:bytes")
}

func metric(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// start begins with n accounts to come.
func (w *weighed) start(t *testing.T, n int, limit uint64) {
	w.t, w.every, w.base, w.limit = t, int64(max(16, n/1000)), live(), limit
}

// weigh fails the test if more is alive than may be.
func (w *weighed) weigh() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := live()
	w.most = max(w.most, now-min(w.base, now))
	require.Less(w.t, w.most, w.limit, "bytes that are alive")
}

// sometimes weighs, as a collection takes long where there is much.
func (w *weighed) sometimes() {
	if w.calls.Add(1)%w.every == 0 {
		w.weigh()
	}
}

func (w *weighed) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	if w.inserts.Add(1)%(256*w.every) == 0 {
		w.weigh()
	}
	return w.Store.Insert(ctx, c, events)
}

func (w *weighed) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (int, string, error) {
	w.sometimes()
	return w.Store.Batch(ctx, q, fn)
}

func (w *weighed) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	w.sometimes()
	return w.Store.Page(ctx, q)
}

func (w *weighed) Lease(ctx context.Context, limit int, now, until time.Time) ([]rotate.Event, error) {
	w.sometimes()
	return w.Store.Lease(ctx, limit, now, until)
}

func (w *weighed) Events(ctx context.Context, account, before string, limit int) ([]rotate.Event, error) {
	w.sometimes()
	return w.Store.Events(ctx, account, before, limit)
}

// takes requires that a call allocates no more than this.
func (w *weighed) takes(limit uint64, what string, call func()) {
	w.t.Helper()
	before := metric("/gc/heap/allocs:bytes")
	call()
	require.Less(w.t, metric("/gc/heap/allocs:bytes")-before, limit, "bytes that %s allocated", what)
}

// large is a realm with many accounts.
type large struct {
	*realm
	w          *weighed
	n, workers int
}

// customer names the i-th account.
func customer(i int) string { return fmt.Sprintf("c%07d", i) }

// imports fills the Store from several connections.
func (l *large) imports() {
	parallel(l.t, l.workers, func(worker int) error {
		report, err := l.Import(l.ctx, func(yield func(rotate.Imported, error) bool) {
			for i := worker; i < l.n; i += l.workers {
				if !yield(rotate.Imported{Account: customer(i), Encoded: countingPrefix + customer(i)}, nil) {
					return
				}
			}
		})
		if err == nil && report.Refused > 0 {
			err = report.Problems[0].Err
		}
		return err
	})
}

// counts asks for numbers.
func (l *large) counts() {
	o := rotate.Order{Reason: rotate.PolicyRaised, Grace: 10 * day, Actor: "staff-1"}
	l.w.takes(countLimit, "Preview", func() {
		n, err := l.Preview(l.ctx, o)
		require.NoError(l.t, err)
		require.Equal(l.t, l.n, n)
	})
	o.Expect = l.n
	var id rotate.ID
	l.w.takes(countLimit, "Force", func() {
		var err error
		id, err = l.Force(l.ctx, o)
		require.NoError(l.t, err)
	})
	l.w.takes(countLimit, "Progress", func() {
		p, err := l.Progress(l.ctx, id)
		require.NoError(l.t, err)
		require.Equal(l.t, l.n, p.Left)
	})
	n, err := l.store.KeyUse(l.ctx, l.keys[0].ID)
	require.NoError(l.t, err)
	require.Equal(l.t, l.n, n)
}

// lists goes through all accounts page by page.
func (l *large) lists() {
	q, n := rotate.Query{Limit: rotate.MaxBatch}, 0
	for {
		var page []rotate.Status
		l.w.takes(pageLimit, "List", func() {
			var err error
			page, err = l.List(l.ctx, q)
			require.NoError(l.t, err)
		})
		if len(page) == 0 {
			break
		}
		require.True(l.t, page[0].Due.Open())
		n, q.After = n+len(page), page[len(page)-1].Account
	}
	require.Equal(l.t, l.n, n)
}

func (l *large) reminds() {
	report, err := l.Sweep(l.ctx, 0)
	require.NoError(l.t, err)
	require.Equal(l.t, rotate.Report{Rows: l.n, Changed: l.n, Reminded: l.n, Done: true}, report)
}

func (l *large) reseals() {
	id := l.newKey()
	require.NoError(l.t, l.AddKey(l.ctx, id, "staff-1"))
	require.NoError(l.t, l.PromoteKey(l.ctx, id, "staff-1"))
	report, err := l.Sweep(l.ctx, 0)
	require.NoError(l.t, err)
	require.Equal(l.t, rotate.Report{Rows: l.n, Changed: l.n, Resealed: l.n, Done: true}, report)
}

func (l *large) delivers() {
	n, err := l.Deliver(l.ctx)
	require.NoError(l.t, err)
	require.GreaterOrEqual(l.t, n, 2*l.n, "an import and a reminder each")
}

// trail reads the audit trail from end to end.
func (l *large) trail() {
	before, n := "", 0
	for {
		var page []rotate.Event
		l.w.takes(pageLimit, "Events", func() {
			var err error
			page, err = l.Events(l.ctx, "", before, 1000)
			require.NoError(l.t, err)
		})
		if len(page) == 0 {
			break
		}
		n, before = n+len(page), page[len(page)-1].ID
	}
	require.GreaterOrEqual(l.t, n, 2*l.n)
}

// exports erases and moves rows under its own cursor.
func (l *large) exports() {
	last, next := customer(rotate.MaxBatch-1), customer(rotate.MaxBatch)
	var got []string
	n := 0
	require.NoError(l.t, l.Export(l.ctx, rotate.Query{}, func(account, encoded string) error {
		require.Equal(l.t, countingPrefix+account, encoded)
		if n++; n <= 2*rotate.MaxBatch {
			got = append(got, account)
		}
		if account == last {
			require.NoError(l.t, l.Erase(l.ctx, last, "staff-1"))
			return l.Move(l.ctx, next, "b", "staff-1")
		}
		return nil
	}))
	require.Equal(l.t, l.n-1, n, "all but the one that moved behind the cursor")
	require.False(l.t, slices.Contains(got, next))
	l.n-- // the erased one
}

// restores takes a transaction for each account, and is left out where there are
// very many.
func (l *large) restores() {
	if l.n > 10_000 {
		return
	}
	_, err := l.Restored(l.ctx, l.clock.Now(), "staff-1")
	require.NoError(l.t, err)
	require.NotZero(l.t, l.row(customer(0)).Epoch)
}
