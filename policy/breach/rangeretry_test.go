package breach_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// What may be gone in a moment is tried once more, all else is not.
func TestRangeTriesOnceMore(t *testing.T) {
	good := fullBody(leakedHash[5:] + ":7")
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		again   bool
		reason  breach.Reason
	}{
		"500":          {status(500, ""), true, breach.ReasonStatus},
		"502":          {status(502, ""), true, breach.ReasonStatus},
		"504":          {status(504, good), true, breach.ReasonStatus},
		"503":          {status(503, ""), false, breach.ReasonThrottle},
		"429":          {status(429, ""), false, breach.ReasonThrottle},
		"403":          {status(403, ""), false, breach.ReasonStatus},
		"a portal":     {typed("text/html", good), false, breach.ReasonContentType},
		"a broken row": {typed("text/plain", good+":"), false, breach.ReasonMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			var failures atomic.Int64
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if failures.Add(-1) >= 0 {
					c.handler(w, r)
					return
				}
				writeRange(w, good)
			})
			r := client(t, s, breach.RangeConfig{CachePrefixes: -1})
			failures.Store(1)
			count, err := r.Seen(t.Context(), leaked)
			if c.again {
				require.NoError(t, err)
				assert.Equal(t, 7, count)
				failures.Store(2)
				count, err = r.Seen(t.Context(), leaked)
			}
			requireUnchecked(t, leaked, count, err, c.reason)
			requests := int64(1)
			if c.again {
				requests = 4
			}
			assert.Equal(t, requests, s.requests.Load(), "never a third time")
		})
	}
}

// A try that takes too long leaves time for another.
func TestRangeTriesOnceMoreInTime(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			<-r.Context().Done()
			return
		}
		writeRange(w, fullBody(leakedHash[5:]+":7"))
	})
	count, err := client(t, s, breach.RangeConfig{Timeout: 3 * time.Second}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	require.Equal(t, 7, count)
	require.EqualValues(t, 2, asked.Load())
}

// The wait before a second try is random and short, and ends with the context.
func TestRangeJitter(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	r, err := breach.NewRange(breach.RangeConfig{BaseURL: s.URL, Timeout: 30 * time.Second})
	require.NoError(t, err)
	require.Equal(t, 100*time.Millisecond, breach.Jitter(r))
	r, err = breach.NewRange(breach.RangeConfig{BaseURL: s.URL, Timeout: 15 * time.Millisecond})
	require.NoError(t, err)
	require.Equal(t, time.Millisecond, breach.Jitter(r))
	count, err := r.Seen(t.Context(), leaked)
	require.Error(t, err)
	require.Zero(t, count)
}

// After a pause one look-up tries the service, and the others do not wait.
func TestRangeOneTrialAfterAPause(t *testing.T) {
	now := newClock()
	var broken atomic.Bool
	broken.Store(true)
	open, arrived := make(chan struct{}), make(chan struct{}, 100)
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		arrived <- struct{}{}
		<-open
		writeRange(w, fullBody())
	})
	r := client(t, s, breach.RangeConfig{Now: now.Now, CachePrefixes: -1})
	for i := range 5 {
		_, err := r.Seen(t.Context(), []string{leaked, leaked2, "third"}[i%3])
		require.Error(t, err)
	}
	now.Add(30 * time.Second)
	broken.Store(false)
	var trial, others sync.WaitGroup
	trial.Go(func() {
		_, err := r.Seen(t.Context(), leaked)
		assert.NoError(t, err)
	})
	<-arrived
	for range 20 {
		others.Go(func() {
			count, err := r.Seen(t.Context(), leaked2)
			requireUnchecked(t, leaked2, count, err, breach.ReasonPaused)
		})
	}
	others.Wait()
	close(open)
	trial.Wait()
	require.EqualValues(t, 6, s.requests.Load())
	_, err := r.Seen(t.Context(), leaked2)
	require.NoError(t, err, "it is back for everybody")
}
