package breach

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net/http"
	"time"
)

// longestJitter bounds the wait before a second try. It is random, so that the
// processes of a shop do not all come back to a weak service at once.
const longestJitter = 100 * time.Millisecond

// fetchTwice is fetch, and once more if that may help. The first try has two
// thirds of the time that ctx leaves.
func (r *Range) fetchTwice(ctx context.Context, p prefix, old *kept) (*kept, *UncheckedError) {
	first, cancel := context.WithTimeout(ctx, r.timeout*2/3)
	k, failure := r.fetch(first, p, old)
	cancel()
	if failure == nil || !failure.passing() || !pause(ctx, r.jitter) {
		return k, failure
	}
	return r.fetch(ctx, p, old)
}

// passing tells whether a failure may be gone a moment later. One of a service
// that asks for a pause is not.
func (e *UncheckedError) passing() bool {
	return e.Reason == ReasonTimeout || e.Reason == ReasonStatus && e.Status >= http.StatusInternalServerError
}

// pause waits for a random part of d. It returns false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	timer := time.NewTimer(d * time.Duration(binary.BigEndian.Uint32(random[:])) >> 32)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
