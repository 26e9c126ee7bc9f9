package breach

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"
)

// maxInFlight bounds the requests of one Range that are under way. More are
// not queued but answered with ReasonTooMany.
const maxInFlight = 64

const rangeSource = "range"

// Range asks the range interface of Pwned Passwords whether a password leaked.
// It implements policy.List. The service learns five hexadecimal characters of
// the password's SHA-1, which about one password in a million shares, and the
// address of the asking host.
//
// Parallel look-ups of one prefix share one request. Complete answers are kept
// in memory; errors are not. After five failures within 10 seconds, or when the
// service asks for it, look-ups fail at once for a while instead of waiting.
//
// A Range is safe for concurrent use, and one per process is enough. It holds
// idle connections for 30 seconds at most and needs no Close.
type Range struct {
	address   string // ends with a slash
	userAgent string
	minRows   int
	timeout   time.Duration
	now       func() time.Time

	client  *http.Client
	flight  singleflight.Group
	slots   chan struct{}
	cache   *cache
	breaker breaker
}

// NewRange returns a client of the range interface, or an error that names the
// field of the config that is out of its range. It does not touch the network.
func NewRange(config RangeConfig) (*Range, error) {
	address, err := config.address()
	if err != nil {
		return nil, err
	}
	config, err = config.complete()
	if err != nil {
		return nil, err
	}
	r := &Range{
		address:   address,
		userAgent: config.UserAgent,
		minRows:   config.MinRows,
		timeout:   config.Timeout,
		now:       config.Now,
		client:    newClient(config),
		slots:     make(chan struct{}, maxInFlight),
	}
	if config.CachePrefixes > 0 {
		r.cache = newCache(config.CachePrefixes, config.CacheTTL)
	}
	return r, nil
}

// Seen returns how often the service has seen the password in leaks: zero means
// that a complete answer does not hold it. Every error is an [*UncheckedError]
// and matches policy.ErrUnchecked; the count is then meaningless, and the
// caller asks another source or decides without one. If ctx ends first, the
// error also matches ctx.Err(), and a request that others wait for goes on.
// Seen returns within RangeConfig.Timeout.
func (r *Range) Seen(ctx context.Context, password string) (int, error) {
	d, reason := newDigest(password)
	if reason != "" {
		return 0, &UncheckedError{Source: rangeSource, Reason: reason}
	}
	a, err := r.answer(ctx, d.prefix())
	if err != nil {
		return 0, err
	}
	return toInt(a.count(d.suffix())), nil
}

// answer returns the range of a prefix from the cache or the service.
func (r *Range) answer(ctx context.Context, p prefix) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonCanceled, Err: err}
	}
	if a := r.cache.get(p, r.now()); a != nil {
		return a, nil
	}
	shared := r.flight.DoChan(p.String(), func() (any, error) {
		return r.load(context.WithoutCancel(ctx), p)
	})
	select {
	case <-ctx.Done():
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonCanceled, Err: ctx.Err()}
	case result := <-shared:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.(*answer), nil
	}
}

// load asks the service for a range and keeps the answer. One load per prefix
// runs at a time.
func (r *Range) load(ctx context.Context, p prefix) (*answer, error) {
	// An earlier load may have ended after the caller looked in the cache.
	if a := r.cache.get(p, r.now()); a != nil {
		return a, nil
	}
	if wait := r.breaker.wait(r.now()); wait > 0 {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonPaused, RetryAfter: wait}
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	default:
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonTooMany}
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	a, failure := r.fetch(ctx, p)
	switch {
	case failure == nil:
		r.breaker.succeeded()
		r.cache.put(p, a, r.now())
		return a, nil
	case failure.Reason == ReasonThrottle:
		r.breaker.pause(r.now(), failure.RetryAfter)
	default:
		r.breaker.failed(r.now())
	}
	return nil, failure
}
