package corpus

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// attempts is how often a range is asked for before an update gives up. The
	// waits between them sum up to some two minutes.
	attempts    = 8
	shortestTry = time.Second
	longestTry  = time.Minute
	// defaultPause is how long nothing is asked after a 429 or 503 that does not
	// say. One that asks for more than longestPause ends the update, which can
	// go on later.
	defaultPause = 30 * time.Second
	longestPause = 10 * time.Minute
)

// RangeError says which range an update could not get, and why. What it got
// before is kept: the next Update of the same file goes on there.
type RangeError struct {
	Prefix  string // the hexadecimal characters of the range, which are no secret here
	Status  int    // of the last answer, or 0 if there was none
	Problem string
	Remedy  string
	Err     error // the cause, or nil
}

// Error says which range, what is wrong and the remedy.
func (e *RangeError) Error() string {
	text := fmt.Sprintf("corpus: range %s %s", e.Prefix, e.Problem)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Remedy
}

// Unwrap returns the cause, or nil.
func (e *RangeError) Unwrap() error { return e.Err }

// pace holds all workers back while the server wants to be left alone.
type pace struct {
	mu    sync.Mutex
	until time.Time
}

func (p *pace) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// wait waits until the pause is over.
func (p *pace) wait(ctx context.Context) error {
	for {
		p.mu.Lock()
		left := time.Until(p.until)
		p.mu.Unlock()
		if left <= 0 {
			return ctx.Err()
		}
		if err := sleep(ctx, left); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// persist asks until there is an answer or no hope.
func (f *fetcher) persist(ctx context.Context, p *pace, known entry) (entry, error) {
	for try := 1; ; try++ {
		if err := p.wait(ctx); err != nil {
			return entry{}, err
		}
		e, r := f.fetch(ctx, known)
		if r == nil {
			return e, nil
		}
		if err := ctx.Err(); err != nil {
			return entry{}, err
		}
		failure := &RangeError{
			Prefix: fmt.Sprintf("%0*X", f.digits, known.prefix), Status: r.status, Problem: r.problem, Err: r.err,
			Remedy: "update again later: it goes on where it stopped",
		}
		switch {
		case r.final:
			failure.Remedy = "check the address and the user agent"
			return entry{}, failure
		case r.pause != nil && *r.pause > longestPause:
			failure.Problem += fmt.Sprintf(" and is to be asked for again in %v", *r.pause)
			return entry{}, failure
		case try == attempts:
			failure.Problem += fmt.Sprintf(", and so %d times", attempts)
			return entry{}, failure
		case r.pause != nil:
			p.pause(*r.pause)
			continue
		}
		if err := sleep(ctx, jitter(min(shortestTry<<(try-1), longestTry))); err != nil {
			return entry{}, err
		}
	}
}

// jitter returns a time between half and one and a half of another, so that
// workers that failed at once do not all try again at once.
func jitter(d time.Duration) time.Duration {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return d/2 + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(d))
}

// retryAfter reads the header of RFC 9110 section 10.2.3: seconds, or a time by
// the server's own clock.
func retryAfter(header http.Header) *time.Duration {
	pause := defaultPause
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		if now, err := http.ParseTime(header.Get("Date")); err == nil {
			pause = at.Sub(now)
		}
	}
	pause = max(pause, time.Second)
	return &pause
}
