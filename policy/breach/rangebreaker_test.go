package breach_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// poisonable is a service that fails at some prefixes, without a cause that
// would be tried again, and a client of it that keeps nothing.
type poisonable struct {
	t      *testing.T
	now    *clock
	s      *service
	r      *breach.Range
	fails  func(prefix string) bool
	before func() // runs before each answer
}

func newPoisonable(t *testing.T, fails func(prefix string) bool) *poisonable {
	p := &poisonable{t: t, now: newClock(), fails: fails, before: func() {}}
	p.s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		p.before()
		if p.fails(r.URL.Path[len("/range/"):]) {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		writeRange(w, fullBody())
	})
	p.r = client(t, p.s, breach.RangeConfig{Now: p.now.Now, CachePrefixes: -1})
	return p
}

// seen looks a password up, and checks why that failed, and the requests so far.
func (p *poisonable) seen(password string, reason breach.Reason, requests int64) *breach.UncheckedError {
	p.t.Helper()
	count, err := p.r.Seen(p.t.Context(), password)
	assert.Equal(p.t, requests, p.s.requests.Load())
	if reason == "" {
		require.NoError(p.t, err)
		return nil
	}
	return requireUnchecked(p.t, password, count, err, reason)
}

// failingAt fails at these passwords.
func failingAt(passwords ...string) func(string) bool {
	prefixes := make(map[string]bool)
	for _, password := range passwords {
		prefixes[hashOf(password)[:5]] = true
	}
	return func(prefix string) bool { return prefixes[prefix] }
}

func always(string) bool { return true }
func never(string) bool  { return false }

func TestRangePausesAfterFailures(t *testing.T) {
	p := newPoisonable(t, always)
	turn := []string{leaked, leaked2, "third"}
	for i := range int64(4) {
		p.seen(turn[i%3], breach.ReasonStatus, i+1)
	}
	p.now.Add(10 * time.Second) // rare failures do not add up
	for i := range int64(5) {
		p.seen(turn[i%3], breach.ReasonStatus, i+5)
	}
	p.seen("fourth", breach.ReasonPaused, 9)
	p.now.Add(30*time.Second - 1)
	unchecked := p.seen(leaked, breach.ReasonPaused, 9)
	require.Equal(t, time.Duration(1), unchecked.RetryAfter)
	p.now.Add(1)
	p.seen(leaked, breach.ReasonStatus, 10) // two more failures are enough now
	p.now.Add(time.Second)
	unchecked = p.seen(leaked, breach.ReasonPaused, 10)
	require.Equal(t, 29*time.Second, unchecked.RetryAfter)
	p.seen(leaked2, breach.ReasonStatus, 11)
	p.seen("third", breach.ReasonPaused, 11)
	p.now.Add(-time.Hour) // a clock turned back does not silence the client
	p.seen(leaked, breach.ReasonStatus, 12)
	p.now.Add(time.Hour + 30*time.Second)
	p.fails = never
	p.seen(leaked, "", 13)
	p.fails = always
	for i := range int64(5) {
		p.seen(turn[i%3], breach.ReasonStatus, i+14)
	}
	p.seen("fourth", breach.ReasonPaused, 18)
}

// The service fails at single prefixes for hours: that stops no other look-up.
func TestRangeOnePoisonedPrefixPausesNobody(t *testing.T) {
	p := newPoisonable(t, failingAt(leaked, leaked2))
	for i := range int64(20) {
		p.seen([]string{leaked, leaked2}[i%2], breach.ReasonStatus, i+1)
	}
	p.seen("third", "", 21)
	p.seen(leaked, breach.ReasonStatus, 22)
}

// A poisoned prefix that is the first to try the service after a pause does not
// make the pause longer for the others.
func TestRangeAPoisonedPrefixTriesAfterAPause(t *testing.T) {
	p := newPoisonable(t, always)
	for i := range int64(5) {
		p.seen([]string{leaked, leaked2, "third"}[i%3], breach.ReasonStatus, i+1)
	}
	p.seen("fourth", breach.ReasonPaused, 5)
	p.fails = failingAt(leaked)
	p.now.Add(30 * time.Second)
	for i := range int64(3) {
		p.seen(leaked, breach.ReasonStatus, 6+i)
		p.seen(leaked, breach.ReasonPaused, 6+i)
		p.now.Add(30*time.Second - 1)
		p.seen(leaked, breach.ReasonPaused, 6+i)
		p.now.Add(1)
	}
	p.seen(leaked, breach.ReasonStatus, 9)
	p.seen("fourth", "", 10)
	p.seen(leaked, breach.ReasonStatus, 11)
}

// A clock that is turned back while one request tries the service does not make
// the others wait for that one for ever.
func TestRangeClockTurnedBackDuringATrial(t *testing.T) {
	p := newPoisonable(t, always)
	for i := range int64(5) {
		p.seen([]string{leaked, leaked2, "third"}[i%3], breach.ReasonStatus, i+1)
	}
	p.now.Add(30 * time.Second)
	var turned atomic.Bool
	p.before = func() {
		if turned.CompareAndSwap(false, true) {
			p.now.Add(-10 * time.Second)
		}
	}
	p.seen(leaked, breach.ReasonStatus, 6)
	p.seen(leaked2, breach.ReasonPaused, 6)
	p.now.Add(10 * time.Second)
	p.fails = never
	p.seen(leaked2, "", 7)
}
