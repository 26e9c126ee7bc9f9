package rotate

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxOrderAge is how old the copy of the order log may be that Valid reads.
const maxOrderAge = time.Second

// orderLog is a copy of the order log. As the log is only ever added to, it is
// read in full once and then by its new end.
type orderLog struct {
	mu       sync.Mutex
	log      []Order
	standing []Order
	read     time.Time
}

// orders returns the standing orders and the last sequence, at most maxAge old;
// 0 reads the Store.
func (k *Keeper) orders(ctx context.Context, maxAge time.Duration) ([]Order, int64, error) {
	l := k.log
	l.mu.Lock()
	defer l.mu.Unlock()
	var last int64
	if n := len(l.log); n > 0 {
		last = l.log[n-1].Seq
	}
	// The monotonic clock of this process, not the injected one: it measures
	// how old a copy is, and a test that stops its clock must not freeze it.
	if now := time.Now(); maxAge <= 0 || l.read.IsZero() || now.Sub(l.read) > maxAge {
		fresh, err := k.store.Orders(ctx, last)
		if err != nil {
			return nil, 0, err
		}
		if len(fresh) > 0 {
			l.log = append(l.log, fresh...)
			last = l.log[len(l.log)-1].Seq
			l.standing = standing(l.log)
		}
		l.read = now
	}
	return slices.Clip(l.standing), last, nil
}

// refresh makes the next reading ask the Store: this instance has just added
// to the log.
func (l *orderLog) refresh() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read = time.Time{}
}

// forget drops the copy, after the Store itself went back in time.
func (l *orderLog) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log, l.standing, l.read = nil, nil, time.Time{}
}
