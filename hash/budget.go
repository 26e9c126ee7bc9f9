package hash

import (
	"cmp"
	"container/list"
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
	// The heap of the process can grow to about twice the value, since memory
	// of ended hashes stays until the garbage collector runs.
	Bytes int64

	// Slots is the most hashes computed at once, however small, 1 to 65536. It
	// is what limits formats that need time but no memory, such as bcrypt. Zero
	// means GOMAXPROCS at the time of NewBudget: more hashes than processors
	// finish no sooner, they only all finish late.
	Slots int

	// Queue is the most calls that wait for their turn, up to 1048576. A call
	// beyond it fails at once with *OverloadedError. Zero means 64 for each
	// slot, some seconds of work; a negative value means that no call waits.
	Queue int
}

// Budget bounds the memory and the processors that password hashing takes, for
// every Hasher that shares it. Make one for each process: a burst of logins
// then waits its turn instead of taking 19 MiB each at the same moment.
//
// Calls are served in order of arrival. A call that needs much memory is not
// overtaken by small ones, so it cannot starve. A Budget is safe for use by many
// goroutines at once.
type Budget struct {
	bytes int64
	slots int
	queue int

	mu      sync.Mutex
	waiting list.List // of *waiter, in order of arrival
	stats   BudgetStats
	hold    time.Duration // moving average of how long a permit is held
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
	Hashes    uint64 // hashes computed so far; one permit may cover up to four
}

type waiter struct {
	bytes int64
	ready chan struct{} // closed when the permit is given
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
	queue := max(cmp.Or(config.Queue, queuePerSlot*slots), 0)
	if config.Queue > maxQueue {
		return nil, fmt.Errorf("hash: budget queue is %d, allowed are at most %d", config.Queue, maxQueue)
	}
	return &Budget{bytes: bytes, slots: slots, queue: queue}, nil
}

// Stats returns what the budget holds now and has done so far.
func (b *Budget) Stats() BudgetStats {
	b.mu.Lock()
	defer b.mu.Unlock()
	stats := b.stats
	stats.Bytes, stats.Slots = b.bytes, b.slots
	stats.Waiting = b.waiting.Len()
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
	b.mu.Lock()
	if b.waiting.Len() == 0 && b.fits(bytes) {
		b.grant(bytes)
		b.mu.Unlock()
		return nil
	}
	if waiting := b.waiting.Len(); waiting >= b.queue {
		b.stats.Refused++
		err := &OverloadedError{Wait: b.estimate(), Waiting: waiting}
		b.mu.Unlock()
		return err
	}
	w := &waiter{bytes: bytes, ready: make(chan struct{})}
	place := b.waiting.PushBack(w)
	b.mu.Unlock()

	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		b.abandon(w, place)
		return contextError(ctx.Err())
	}
}

// abandon takes a waiter out of the queue, or gives its permit back if it was
// given at the same moment.
func (b *Budget) abandon(w *waiter, place *list.Element) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.Abandoned++
	select {
	case <-w.ready:
		b.takeBack(w.bytes)
	default:
		b.waiting.Remove(place)
	}
	b.serve()
}

// release gives a permit back that was held for the given time.
func (b *Budget) release(bytes int64, held time.Duration, hashes int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hold == 0 {
		b.hold = held
	} else {
		b.hold += (held - b.hold) / 8
	}
	b.stats.Hashes += uint64(hashes)
	b.takeBack(bytes)
	b.serve()
}

// serve gives permits to the head of the queue while they fit.
func (b *Budget) serve() {
	for head := b.waiting.Front(); head != nil; head = b.waiting.Front() {
		w := head.Value.(*waiter)
		if !b.fits(w.bytes) {
			return
		}
		b.waiting.Remove(head)
		b.grant(w.bytes)
		close(w.ready)
	}
}

func (b *Budget) fits(bytes int64) bool {
	return b.stats.Running < b.slots && b.stats.InUse <= b.bytes-bytes
}

func (b *Budget) grant(bytes int64) {
	b.stats.InUse += bytes
	b.stats.Running++
	b.stats.Granted++
	b.stats.Peak = max(b.stats.Peak, b.stats.InUse)
	b.stats.PeakRunning = max(b.stats.PeakRunning, b.stats.Running)
}

func (b *Budget) takeBack(bytes int64) {
	b.stats.InUse -= bytes
	b.stats.Running--
}

// estimate returns how long the calls now running and waiting will take, if as
// many run at once as do now.
func (b *Budget) estimate() time.Duration {
	calls := b.waiting.Len() + b.stats.Running
	wait := cmp.Or(b.hold, firstHold) * time.Duration(calls) / time.Duration(max(b.stats.Running, 1))
	return max(wait, time.Millisecond)
}

func contextError(err error) error { return fmt.Errorf("hash: %w", err) }
