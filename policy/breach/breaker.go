package breach

import (
	"sync"
	"time"
)

const (
	// breakAfter failures within breakWindow make the client stop asking for
	// breakPause, so that a service that is down costs a shop's customers a few
	// waits, not one each.
	breakAfter  = 5
	breakWindow = 10 * time.Second
	breakPause  = 30 * time.Second
)

// breaker remembers until when the service is left alone. It is safe for
// concurrent use.
type breaker struct {
	mu       sync.Mutex
	until    time.Time // no request before
	failures int       // in the window that began at since
	since    time.Time
}

// wait returns how long the service is still left alone; zero or less means
// that it may be asked. No pause outlasts the longest there is, so that a clock
// that was turned back does not silence the client.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := b.until.Sub(now)
	if wait > longestPause {
		b.until = time.Time{}
		return 0
	}
	return wait
}

// pause leaves the service alone for a while.
func (b *breaker) pause(now time.Time, d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := now.Add(d); until.After(b.until) {
		b.until = until
	}
}

// failed counts a failure. Soon after a pause one more failure is enough for
// the next one. What fails during a pause was under way before it and adds
// nothing.
func (b *breaker) failed(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.until) {
		return
	}
	if age := now.Sub(b.since); age < 0 || age > breakWindow {
		b.failures, b.since = 0, now
	}
	b.failures++
	if b.failures >= breakAfter {
		b.until = now.Add(breakPause)
		b.failures, b.since = breakAfter-1, b.until
	}
}

// succeeded forgets earlier failures.
func (b *breaker) succeeded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures = 0
}
