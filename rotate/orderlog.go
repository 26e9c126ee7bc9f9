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
// 0 reads the Store. Nobody waits for the reading of somebody else.
func (k *Keeper) orders(ctx context.Context, maxAge time.Duration) ([]Order, int64, error) {
	for {
		last, young := k.log.last(maxAge)
		if young {
			orders, seq := k.log.copy()
			return orders, seq, nil
		}
		// The monotonic clock of this process, not the injected one: it measures
		// how old a copy is, and a test that stops its clock must not freeze it.
		asked := time.Now()
		fresh, err := k.store.Orders(ctx, max(0, last.Seq-1))
		if err != nil {
			return nil, 0, err
		}
		if k.log.merge(last, fresh, asked) {
			orders, seq := k.log.copy()
			return orders, seq, nil
		}
	}
}

// last returns the last order of the copy, the zero Order of an empty one, and
// whether the copy is young enough to be used as it is.
func (l *orderLog) last(maxAge time.Duration) (o Order, young bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.log); n > 0 {
		o = l.log[n-1]
	}
	return o, maxAge > 0 && !l.read.IsZero() && time.Since(l.read) <= maxAge
}

func (l *orderLog) copy() ([]Order, int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.log); n > 0 {
		return slices.Clip(l.standing), l.log[n-1].Seq
	}
	return nil, 0
}

// merge adds what was read from the order last on. Where the Store does not hold
// that order any more, it went back to a backup or the order was erased: the
// copy is dropped, and merge reports false.
func (l *orderLog) merge(last Order, fresh []Order, asked time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last.Seq > 0 {
		if len(fresh) == 0 || fresh[0].Seq != last.Seq || fresh[0].ID != last.ID {
			l.log, l.standing, l.read = nil, nil, time.Time{}
			return false
		}
		fresh = fresh[1:]
	}
	var known int64
	if n := len(l.log); n > 0 {
		known = l.log[n-1].Seq
	}
	if known < last.Seq {
		return false // forgotten meanwhile
	}
	for _, o := range fresh {
		if o.Seq > known {
			l.log = append(l.log, o)
		}
	}
	if n := len(l.log); n > 0 && l.log[n-1].Seq > known {
		l.standing = standing(l.log)
	}
	if asked.After(l.read) {
		l.read = asked
	}
	return true
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
