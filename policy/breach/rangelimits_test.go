package breach_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// gated is a service that answers only after open is closed.
func gated(t *testing.T, body string) (s *service, open chan struct{}, arrived chan struct{}) {
	open, arrived = make(chan struct{}), make(chan struct{}, 1000)
	s = serve(t, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-open
		writeRange(w, body)
	})
	return s, open, arrived
}

func TestRangeSharesOneRequest(t *testing.T) {
	const callers = 50
	s, open, _ := gated(t, fullBody(leakedHash[5:]+":7"))
	r := client(t, s, breach.RangeConfig{CachePrefixes: -1})
	var group sync.WaitGroup
	for range callers {
		waits := make(chan struct{}, 1)
		group.Go(func() {
			count, err := r.Seen(watched{t.Context(), waits}, leaked)
			assert.NoError(t, err)
			assert.Equal(t, 7, count)
		})
		<-waits
	}
	close(open)
	group.Wait()
	assert.EqualValues(t, 1, s.requests.Load())
}

// Parallel look-ups without any order of arrival still make one request.
func TestRangeSharesOneRequestInAnyOrder(t *testing.T) {
	s := answers(t, fullBody(leakedHash[5:]+":7"))
	r := client(t, s, breach.RangeConfig{})
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() {
			count, err := r.Seen(t.Context(), leaked)
			assert.NoError(t, err)
			assert.Equal(t, 7, count)
		})
	}
	group.Wait()
	assert.EqualValues(t, 1, s.requests.Load())
}

func TestRangeCallerLeaves(t *testing.T) {
	s, open, arrived := gated(t, fullBody(leakedHash[5:]+":7"))
	r := client(t, s, breach.RangeConfig{})
	ctx, leave := context.WithCancel(t.Context())
	var group sync.WaitGroup
	left := make(chan struct{})
	group.Go(func() {
		defer close(left)
		count, err := r.Seen(ctx, leaked)
		requireUnchecked(t, leaked, count, err, breach.ReasonCanceled)
		assert.ErrorIs(t, err, context.Canceled)
	})
	<-arrived
	waits := make(chan struct{}, 1)
	group.Go(func() {
		count, err := r.Seen(watched{t.Context(), waits}, leaked)
		assert.NoError(t, err)
		assert.Equal(t, 7, count)
	})
	<-waits
	leave()
	<-left
	close(open)
	group.Wait()
	assert.EqualValues(t, 1, s.requests.Load())
}

func TestRangeRequestsAreBounded(t *testing.T) {
	s, open, arrived := gated(t, fullBody())
	r := client(t, s, breach.RangeConfig{})
	var group sync.WaitGroup
	for i := range breach.MaxInFlight {
		group.Go(func() {
			_, err := r.Seen(t.Context(), fmt.Sprint("password ", i))
			assert.NoError(t, err)
		})
	}
	for range breach.MaxInFlight {
		<-arrived
	}
	count, err := r.Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonTooMany)
	close(open)
	group.Wait()
	_, err = r.Seen(t.Context(), leaked)
	require.NoError(t, err)
}

func TestRangeRetryAfter(t *testing.T) {
	start := newClock().Now()
	tests := []struct {
		name, header string
		status       int
		pause        time.Duration
	}{
		{"seconds", "120", 429, 2 * time.Minute},
		{"date", start.Add(90 * time.Second).Format(http.TimeFormat), 503, 90 * time.Second},
		{"none", "", 429, 10 * time.Second},
		{"nonsense", "soon", 503, 10 * time.Second},
		{"zero", "0", 429, time.Second},
		{"past date", start.Add(-time.Hour).Format(http.TimeFormat), 429, time.Second},
		{"too long", "86400", 429, 5 * time.Minute},
		{"overflow", "99999999999999999999", 429, 10 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			now := newClock()
			throttled := false
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if !throttled {
					writeRange(w, fullBody())
					return
				}
				if test.header != "" {
					w.Header().Set("Retry-After", test.header)
				}
				w.WriteHeader(test.status)
			})
			r := client(t, s, breach.RangeConfig{Now: now.Now})
			_, err := r.Seen(t.Context(), leaked2)
			require.NoError(t, err)

			throttled = true
			count, err := r.Seen(t.Context(), leaked)
			unchecked := requireUnchecked(t, leaked, count, err, breach.ReasonThrottle)
			assert.Equal(t, test.status, unchecked.Status)
			assert.Equal(t, test.pause, unchecked.RetryAfter)

			throttled = false
			now.Add(test.pause - 1)
			count, err = r.Seen(t.Context(), leaked)
			unchecked = requireUnchecked(t, leaked, count, err, breach.ReasonPaused)
			assert.Equal(t, time.Duration(1), unchecked.RetryAfter)
			_, err = r.Seen(t.Context(), leaked2)
			require.NoError(t, err, "a kept answer needs no request")
			assert.EqualValues(t, 2, s.requests.Load())

			now.Add(1)
			_, err = r.Seen(t.Context(), leaked)
			require.NoError(t, err)
		})
	}
}
