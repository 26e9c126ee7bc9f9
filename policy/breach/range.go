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
// An answer counts only if it is complete beyond doubt: with status 200 and type
// text/plain, an end that is marked, at most 1 MiB, no row that is malformed,
// RangeConfig.MinRows rows that are not padding, and if there is a Content-MD5
// header, the rows that it was made of.
//
// Parallel look-ups of one prefix share one request. Complete answers are kept
// in memory and asked for again after a day, by their ETag; while the service
// does not answer they serve for up to a month. Errors are not kept. A request
// that fails with a status of 500 or more, or takes two thirds of the time, is
// made once more. After five failures within 10 seconds, of three prefixes at
// least, or when the service asks for it, look-ups fail at once for a while
// instead of waiting, and then one request finds out whether it is back.
//
// A Range is safe for concurrent use, and one per process is enough. It holds
// idle connections for 30 seconds at most and needs no Close.
type Range struct {
	address   string // ends with a slash
	userAgent string
	ntlm      bool
	minRows   int
	timeout   time.Duration
	jitter    time.Duration
	ttl       time.Duration
	stale     time.Duration
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
		ntlm:      config.NTLM,
		minRows:   config.MinRows,
		timeout:   config.Timeout,
		jitter:    min(longestJitter, config.Timeout/15),
		ttl:       config.CacheTTL,
		stale:     config.StaleIfError,
		now:       config.Now,
		client:    newClient(config),
		slots:     make(chan struct{}, maxInFlight),
	}
	if config.CachePrefixes > 0 {
		r.cache = newCache(config.CachePrefixes)
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
	hash := newDigest
	if r.ntlm {
		hash = newNTLMDigest
	}
	d, reason := hash(password)
	if reason != "" {
		return 0, &UncheckedError{Source: rangeSource, Reason: reason}
	}
	if err := ctx.Err(); err != nil {
		return 0, &UncheckedError{Source: rangeSource, Reason: ReasonCanceled, Err: err}
	}
	if k := r.cache.get(d.prefix()); k != nil {
		count := k.answer.count(d.suffix())
		if count > 0 || k.younger(r.ttl, r.now()) {
			return toInt(count), nil
		}
	}
	a, err := r.answer(ctx, d.prefix())
	if err != nil {
		return 0, err
	}
	return toInt(a.count(d.suffix())), nil
}

// answer returns the range of a prefix from the service, or an old one.
func (r *Range) answer(ctx context.Context, p prefix) (*answer, error) {
	// The request is for everybody who waits for it, and may outlive whoever came
	// first: it sees nothing of that caller's context, which some frameworks give
	// to the next request.
	shared := r.flight.DoChan(p.String(), func() (any, error) {
		return r.load(context.Background(), p)
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

// load brings the answer of a prefix up to date, or returns an old one if that
// fails. One load per prefix runs at a time.
func (r *Range) load(ctx context.Context, p prefix) (*answer, error) {
	old := r.cache.get(p)
	if old != nil && old.younger(r.ttl, r.now()) {
		// An earlier load ended after the caller had looked in the cache.
		return old.answer, nil
	}
	k, failure := r.ask(ctx, p, old)
	switch {
	case failure == nil:
		r.cache.put(p, k)
		return k.answer, nil
	case old != nil && old.younger(r.stale, r.now()):
		return old.answer, nil
	}
	return nil, failure
}

// ask asks the service for a range, unless it is left alone.
func (r *Range) ask(ctx context.Context, p prefix, old *kept) (*kept, *UncheckedError) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	default:
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonTooMany}
	}
	if wait, ok := r.breaker.admit(p, r.now()); !ok {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonPaused, RetryAfter: wait}
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	k, failure := r.fetchTwice(ctx, p, old)
	switch {
	case failure == nil:
		r.breaker.succeeded()
	case failure.Reason == ReasonThrottle:
		r.breaker.pause(r.now(), failure.RetryAfter)
	default:
		r.breaker.failed(p, r.now())
	}
	return k, failure
}
