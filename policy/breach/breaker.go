package breach

import (
	"slices"
	"sync"
	"time"
)

const (
	// breakAfter failures of breakPrefixes prefixes or more within breakWindow make
	// the client stop asking for breakPause, so that a service that is down costs a
	// shop's customers a few waits, not one each. One prefix is not enough: the
	// service fails at single ones for hours while it serves all others.
	breakAfter    = 5
	breakPrefixes = 3
	breakWindow   = 10 * time.Second
	breakPause    = 30 * time.Second
)

// breaker remembers until when the service is left alone. After that one
// request at a time tries whether it is back. It is safe for concurrent use.
type breaker struct {
	mu    sync.Mutex
	until time.Time // no request before
	open  bool      // until a request succeeds
	trial bool      // one is under way

	failures int       // in the window that began at since, or one trial at since
	failing  []prefix  // breakPrefixes of theirs at most
	since    time.Time // of the first
}

// admit tells whether the service may be asked for a prefix, and if not how long
// it is left alone, zero if another request tries it. Whoever is admitted calls
// succeeded, failed or pause. No pause outlasts the longest there is, so that a
// clock that was turned back does not silence the client.
func (b *breaker) admit(p prefix, now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait = b.until.Sub(now)
	switch {
	case wait > longestPause:
		b.until = time.Time{}
	case wait > 0:
		return wait, false
	}
	if !b.open {
		return 0, true
	}
	if b.trial {
		return 0, false
	}
	if age := now.Sub(b.since); age >= 0 && age < breakPause && slices.Contains(b.failing, p) {
		return breakPause - age, false
	}
	b.trial = true
	return 0, true
}

// pause leaves the service alone for a while.
func (b *breaker) pause(now time.Time, d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open, b.trial = true, false
	b.forget()
	if until := now.Add(d); until.After(b.until) {
		b.until = until
	}
}

// failed counts a failure. After a pause two prefixes are enough for the next,
// and the first to fail waits for another one to try. What fails during a pause
// was under way before it, or the clock was turned back: it adds nothing.
func (b *breaker) failed(p prefix, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trial = false
	if now.Before(b.until) {
		return
	}
	window := breakWindow
	if b.open {
		window = breakPause
	}
	if age := now.Sub(b.since); age < 0 || age >= window {
		b.forget()
		b.since = now
	}
	b.failures++
	if len(b.failing) < breakPrefixes && !slices.Contains(b.failing, p) {
		b.failing = append(b.failing, p)
	}
	if b.open && len(b.failing) > 1 || b.failures >= breakAfter && len(b.failing) == breakPrefixes {
		b.open = true
		b.until = now.Add(breakPause)
		b.forget()
	}
}

// succeeded forgets earlier failures.
func (b *breaker) succeeded() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open, b.trial = false, false
	b.forget()
}

func (b *breaker) forget() { b.failures, b.failing = 0, b.failing[:0] }
