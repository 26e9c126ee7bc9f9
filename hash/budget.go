package hash

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

const (
	queuePerSlot = 64
	maxSlots     = 1 << 16
	maxQueue     = 1 << 20

	// firstHold is the guess for the duration of a hash before the first one
	// has ended. A hash with the default costs takes some 30 to 80 ms.
	firstHold = 100 * time.Millisecond
)

// BudgetConfig sizes a Budget. Each zero field means its default.
type BudgetConfig struct {
	// Bytes is the working memory that all hashes together may hold at once.
	// Zero means 256 MiB, or one default hash for each slot if that is more.
	//
	// The memory lies outside the Go heap where the system allows (Linux), is
	// kept for the next hash, one piece for each slot, and each piece is given
	// back when no hash has used it for 30 seconds. Each lane of a hash takes 4
	// KiB more, up to 1 MiB for each slot. Elsewhere it is of the heap, which can
	// grow to about twice the value.
	//
	// What lies outside the heap is invisible to the garbage collector and to
	// GOMEMLIMIT (runtime/debug.SetMemoryLimit), which then limits the rest of
	// the process alone. Where a container allows 1 GiB and Bytes is 256 MiB,
	// set GOMEMLIMIT to what is left, and some less: 700MiB.
	Bytes int64

	// Slots is the most hashes computed at once, however small, 1 to 65536. It
	// is what limits formats that need time but no memory, such as bcrypt. Zero
	// means GOMAXPROCS at the time of NewBudget: more hashes than processors
	// finish no sooner, they only all finish late.
	Slots int

	// Queue is the most calls of each Class that wait for their turn, up to
	// 1048576. A call beyond it fails at once with *OverloadedError. Each class
	// has a queue of its own, so that strangers cannot fill that of others.
	// Zero means 64 for each slot, some seconds of work, and no more than that
	// maximum; a negative value means that no call waits.
	Queue int

	// UnsafeKeepMemory leaves in the kept memory what a hash was computed from,
	// until the next hash overwrites it. By default it is wiped at the end of
	// each hash. Who reads that memory, from a core dump or through another
	// fault, can test passwords against it without any cost; it saves about a
	// tenth of the time.
	UnsafeKeepMemory bool
}

// Budget bounds the memory and the processors that password hashing takes, for
// every Hasher that shares it. Make one for each process: a burst of logins
// then waits its turn instead of taking 19 MiB each at the same moment.
//
// Calls of one Class are served in order of arrival. Where several classes
// wait, staff is served before known callers and these before strangers, but
// none is passed over more than three times in a row. So a flood of strangers
// delays a known caller by what is computed at that moment and by one stranger
// for every three others, and no class starves. The call that is first of its
// class, however much memory it needs, is overtaken by three calls of other
// classes at most. A Budget is safe for use by many goroutines at once.
type Budget struct {
	bytes  int64
	slots  int
	queued int // most calls of one class that wait
	engine engine

	mu    sync.Mutex
	queue queue
	stats BudgetStats
	hold  time.Duration // moving average of how long a permit is held
}

// BudgetStats is a snapshot of a Budget.
type BudgetStats struct {
	Bytes   int64 // size of the budget in bytes
	Slots   int   // size of the budget in hashes at once
	InUse   int64 // bytes held now
	Running int   // permits held now
	Waiting int   // calls waiting now

	Peak        int64 // most bytes ever held at once
	PeakRunning int   // most permits ever held at once

	Granted   uint64 // permits given so far
	Refused   uint64 // calls that failed with *OverloadedError so far
	Abandoned uint64 // calls whose context ended while they waited
	Hashes    uint64 // hashes computed so far; a permit covers up to two, with Authenticate up to four

	Classes [classes]ClassStats // the same by Class, such as Classes[hash.Staff]
}

// ClassStats is the part of BudgetStats that one Class has.
type ClassStats struct {
	Waiting                     int
	Granted, Refused, Abandoned uint64
}

// NewBudget returns a budget of the given size. It returns an error if a size is
// negative or absurd.
func NewBudget(config BudgetConfig) (*Budget, error) {
	slots := cmp.Or(config.Slots, runtime.GOMAXPROCS(0))
	if slots < 1 || slots > maxSlots {
		return nil, fmt.Errorf("hash: budget slots are %d, allowed are 1 to %d", config.Slots, maxSlots)
	}
	bytes := cmp.Or(config.Bytes, max(defaultMaxMemory<<10, int64(slots)*DefaultParams().bytes()))
	if bytes < 1 {
		return nil, fmt.Errorf("hash: budget of %d bytes holds no hash", config.Bytes)
	}
	queue := max(cmp.Or(config.Queue, min(queuePerSlot*slots, maxQueue)), 0)
	if config.Queue > maxQueue {
		return nil, fmt.Errorf("hash: budget queue is %d, allowed are at most %d", config.Queue, maxQueue)
	}
	return &Budget{bytes: bytes, slots: slots, queued: queue, engine: newEngine(bytes, slots, config.UnsafeKeepMemory)}, nil
}

// Stats returns what the budget holds now and has done so far.
func (b *Budget) Stats() BudgetStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	stats := b.stats
	stats.Bytes, stats.Slots = b.bytes, b.slots
	stats.Waiting = b.queue.len()
	for c := range stats.Classes {
		stats.Classes[c].Waiting = b.queue.lines[c].waiting.Len()
	}
	return stats
}

// checkFits returns a *BoundsError if a hash of this many bytes could never run.
func (b *Budget) checkFits(bytes int64) error {
	if bytes > b.bytes {
		return verdict.Within(ParamMemory, "KiB", uint64(bytes+1023)>>10, 0, uint64(b.bytes)>>10)
	}
	return nil
}

// acquire waits for bytes of memory and one slot. It returns nil, *BoundsError,
// *OverloadedError or the error of the context; only after nil must the caller
// call release.
func (b *Budget) acquire(ctx context.Context, bytes int64) error {
	if err := b.checkFits(bytes); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return contextError(err)
	}
	w, err := b.enter(ClassOf(ctx), bytes)
	if w == nil {
		return err
	}
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		b.abandon(w)
		return contextError(ctx.Err())
	}
}

// enter gives a permit if there is one for the call, or else puts it into the
// queue and returns its waiter, which may have been served meanwhile.
func (b *Budget) enter(class Class, bytes int64) (*waiter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.queue.len() == 0 && b.fits(bytes) {
		b.grant(class, bytes)
		return nil, nil
	}
	if waiting := b.queue.lines[class].waiting.Len(); waiting >= b.queued {
		b.stats.Refused++
		b.stats.Classes[class].Refused++
		return nil, &OverloadedError{Wait: b.estimate(class), Waiting: waiting}
	}
	w := &waiter{class: class, bytes: bytes, ready: make(chan struct{})}
	b.queue.push(w)
	b.serve()
	return w, nil
}

// abandon takes a waiter out of the queue, or gives its permit back if it was
// given at the same moment.
func (b *Budget) abandon(w *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.Abandoned++
	b.stats.Classes[w.class].Abandoned++
	select {
	case <-w.ready:
		b.takeBack(w.bytes)
	default:
		b.queue.remove(w)
	}
	b.serve()
}

// release gives a permit back that was held for the given time.
func (b *Budget) release(bytes int64, held time.Duration, hashes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case hashes == 0: // the context ended at the same moment
	case b.hold == 0:
		b.hold = held
	default:
		b.hold += (held - b.hold) / 8
	}
	b.stats.Hashes += uint64(hashes)
	b.takeBack(bytes)
	b.serve()
}

// serve gives permits for as long as the next call fits.
func (b *Budget) serve() {
	for w := b.queue.next(); w != nil && b.fits(w.bytes); w = b.queue.next() {
		b.queue.serve(w)
		b.grant(w.class, w.bytes)
		close(w.ready)
	}
}

func (b *Budget) fits(bytes int64) bool {
	return b.stats.Running < b.slots && b.stats.InUse <= b.bytes-bytes
}

func (b *Budget) grant(class Class, bytes int64) {
	b.stats.InUse += bytes
	b.stats.Running++
	b.stats.Granted++
	b.stats.Classes[class].Granted++
	b.stats.Peak = max(b.stats.Peak, b.stats.InUse)
	b.stats.PeakRunning = max(b.stats.PeakRunning, b.stats.Running)
}

func (b *Budget) takeBack(bytes int64) {
	b.stats.InUse -= bytes
	b.stats.Running--
}

// estimate returns how long the calls now running, and those waiting that come
// before one of the class, will take if as many run at once as do now.
func (b *Budget) estimate(class Class) time.Duration {
	calls := b.queue.ahead(class) + b.stats.Running
	wait := cmp.Or(b.hold, firstHold) * time.Duration(calls) / time.Duration(max(b.stats.Running, 1))
	return max(wait, time.Millisecond)
}

func contextError(err error) error { return fmt.Errorf("hash: %w", err) }
