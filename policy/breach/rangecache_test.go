package breach_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

const day = 24 * time.Hour

// asking counts the requests that look-ups cost.
type asking struct {
	t *testing.T
	r *breach.Range
	s *service
}

func (a asking) seen(password string, count int, requests int64) {
	a.t.Helper()
	got, err := a.r.Seen(a.t.Context(), password)
	require.NoError(a.t, err)
	require.Equal(a.t, count, got)
	require.Equal(a.t, requests, a.s.requests.Load())
}

func TestRangeCache(t *testing.T) {
	now := newClock()
	s := answers(t, fullBody(leakedHash[5:]+":7"))
	a := asking{t, client(t, s, breach.RangeConfig{Now: now.Now, CachePrefixes: 2}), s}
	a.seen(leaked, 7, 1)
	a.seen(leaked, 7, 1)
	a.seen(leaked2, 0, 2) // a miss is kept like a hit
	a.seen(leaked2, 0, 2)
	now.Add(day - 1)
	a.seen(leaked2, 0, 2)
	now.Add(1)
	a.seen(leaked, 7, 2) // a leak is kept for good
	a.seen(leaked2, 0, 3)
	now.Add(1000 * day)
	a.seen(leaked, 7, 3)
	a.seen(leaked2, 0, 4)

	a.seen(leaked, 7, 4)
	a.seen("third", 0, 5) // pushes leaked2 out, which was used longest ago
	a.seen(leaked, 7, 5)
	a.seen(leaked2, 0, 6)

	now.Add(-time.Hour) // a clock turned back does not keep answers for ever
	a.seen(leaked2, 0, 7)
}

// A day later the service is asked whether the range is still the one that it
// named so, and it need not send it again.
func TestRangeRevalidates(t *testing.T) {
	now, tag, body := newClock(), `W/"first"`, fullBody()
	var conditions []string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		conditions = append(conditions, r.Header.Get("If-None-Match"))
		w.Header().Set("ETag", tag)
		if tag != "" && r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		writeRange(w, body)
	})
	a := asking{t, client(t, s, breach.RangeConfig{Now: now.Now}), s}
	for i := range int64(4) {
		a.seen(leaked, 0, i+1)
		a.seen(leaked, 0, i+1)
		now.Add(day)
	}
	require.Equal(t, []string{"", tag, tag, tag}, conditions)

	tag, body = `"second"`, fullBody(leaked2Hash[5:]+":9")
	a.seen(leaked, 0, 5)
	body = fullBody(leakedHash[5:] + ":9") // under the same name: it is not sent
	now.Add(day)
	a.seen(leaked, 0, 6)
	tag = ""
	now.Add(day)
	a.seen(leaked, 9, 7)
	require.Equal(t, []string{`W/"first"`, `"second"`, `"second"`}, conditions[4:])
}

// A "not modified" counts only for what was asked, and only of what was kept.
func TestRangeBelievesNoOther304(t *testing.T) {
	for name, c := range map[string]struct {
		kept, answered []string // ETag headers
		asks           string
		confirmed      bool
	}{
		"the same":            {[]string{`"a"`}, []string{`"a"`}, `"a"`, true},
		"none":                {[]string{`"a"`}, nil, `"a"`, true},
		"another":             {[]string{`"a"`}, []string{`"b"`}, `"a"`, false},
		"two":                 {[]string{`"a"`}, []string{`"a"`, `"b"`}, `"a"`, false},
		"nothing was kept":    {nil, nil, "", false},
		"nothing, and a tag":  {nil, []string{`"a"`}, "", false},
		"two were kept":       {[]string{`"a"`, `"b"`}, []string{`"a"`}, "", false},
		"no quotes":           {[]string{"a"}, []string{"a"}, "", false},
		"longer than is kept": {[]string{`"` + fmt.Sprintf("%0300d", 0) + `"`}, nil, "", false},
		"weak, then strong":   {[]string{`W/"a"`}, []string{`"a"`}, `W/"a"`, true},
		"strong, then weak":   {[]string{`"a"`}, []string{`W/"a"`}, `"a"`, true},
		"weak both":           {[]string{`W/"a"`}, []string{`W/"a"`}, `W/"a"`, true},
		"weak, then another":  {[]string{`W/"a"`}, []string{`"b"`}, `W/"a"`, false},
		"twice weak":          {[]string{`W/"a"`}, []string{`W/W/"a"`}, `W/"a"`, false},
		"weak in small":       {[]string{`W/"a"`}, []string{`w/"a"`}, `W/"a"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			now, first, condition := newClock(), true, ""
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				condition = r.Header.Get("If-None-Match")
				if first {
					w.Header()["Etag"] = c.kept
					writeRange(w, fullBody())
					return
				}
				w.Header()["Etag"] = c.answered
				w.WriteHeader(http.StatusNotModified)
			})
			r := client(t, s, breach.RangeConfig{Now: now.Now, StaleIfError: -1})
			count, err := r.Seen(t.Context(), leaked)
			require.NoError(t, err)
			require.Zero(t, count)
			first = false
			now.Add(day)
			count, err = r.Seen(t.Context(), leaked)
			assert.Equal(t, c.asks, condition)
			if c.confirmed {
				require.NoError(t, err)
				require.Zero(t, count)
				return
			}
			unchecked := requireUnchecked(t, leaked, count, err, breach.ReasonStatus)
			assert.Equal(t, http.StatusNotModified, unchecked.Status)
		})
	}
}

// While the service is down a kept answer serves for a month after it was last
// confirmed, and what is known to have leaked for ever. Errors are never kept.
func TestRangeStaleIfError(t *testing.T) {
	for _, c := range []struct {
		configured, stale time.Duration
	}{{0, 31 * day}, {2 * day, 2 * day}, {-1, 0}} {
		now, broken := newClock(), false
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case broken:
				w.WriteHeader(http.StatusForbidden)
			case r.Header.Get("If-None-Match") != "":
				w.WriteHeader(http.StatusNotModified)
			default:
				w.Header().Set("ETag", `"x"`)
				writeRange(w, fullBody(leaked2Hash[5:]+":8"))
			}
		})
		r := client(t, s, breach.RangeConfig{Now: now.Now, StaleIfError: c.configured})
		a := asking{t, r, s}
		unchecked := func(reason breach.Reason) {
			t.Helper()
			count, err := r.Seen(t.Context(), leaked)
			requireUnchecked(t, leaked, count, err, reason)
			require.ErrorContains(t, err, "breach: range")
		}
		a.seen(leaked, 0, 1)
		a.seen(leaked2, 8, 2)
		now.Add(day)
		a.seen(leaked, 0, 3) // confirmed: the month begins anew
		broken = true
		requests := int64(3)
		if c.stale > 0 {
			now.Add(day)
			requests++
			a.seen(leaked, 0, requests)
			now.Add(c.stale - day - 1)
			if c.stale > 2*day {
				requests++
				a.seen(leaked, 0, requests)
			}
			now.Add(1)
		} else {
			now.Add(day)
		}
		unchecked(breach.ReasonStatus)
		a.seen(leaked2, 8, requests+1)
		now.Add(1000 * day)
		a.seen(leaked2, 8, requests+1)
		broken = false
		a.seen(leaked, 0, requests+2)
		now.Add(-time.Hour) // nobody knows how old it is
		broken = true
		unchecked(breach.ReasonStatus)
	}
}

// A paused client serves what it has, too.
func TestRangeStaleWhilePaused(t *testing.T) {
	now, throttled := newClock(), false
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if throttled {
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		writeRange(w, fullBody())
	})
	a := asking{t, client(t, s, breach.RangeConfig{Now: now.Now}), s}
	a.seen(leaked, 0, 1)
	now.Add(day)
	throttled = true
	a.seen(leaked, 0, 2)
	a.seen(leaked, 0, 2)
	now.Add(10 * time.Second)
	a.seen(leaked, 0, 3)
}
