package breach_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
)

// The SHA-1 of two passwords that every corpus holds. They can be made again
// with: printf %s PASSWORD | sha1sum
const (
	leaked      = "P@ssw0rd"
	leakedHash  = "21BD12DC183F740EE76F27B78EB39C8AD972A757"
	leaked2     = "password"
	leaked2Hash = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8"
)

func hashOf(password string) string {
	sum := sha1.Sum([]byte(password))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// filler returns n rows of a range that no password of the tests matches.
func filler(n int) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("%s:%d", hashOf(fmt.Sprint("filler ", i))[5:], i+1)
	}
	slices.Sort(rows)
	return rows
}

// rangeBody returns a range as the service writes it: CRLF between rows, none
// after the last.
func rangeBody(rows ...string) string { return strings.Join(rows, "\r\n") }

// fullBody returns a range of 150 rows that holds the given ones too.
func fullBody(rows ...string) string {
	all := append(filler(150), rows...)
	slices.Sort(all)
	return rangeBody(all...)
}

// corpus returns a sorted file with a line per password and count.
func corpus(counts map[string]int, lineEnd string) []byte {
	lines := make([]string, 0, len(counts))
	for password, count := range counts {
		lines = append(lines, fmt.Sprintf("%s:%d", hashOf(password), count))
	}
	slices.Sort(lines)
	var b bytes.Buffer
	for _, line := range lines {
		b.WriteString(line + lineEnd)
	}
	return b.Bytes()
}

// members returns n passwords with their counts.
func members(n int) map[string]int {
	counts := make(map[string]int, n)
	for i := range n {
		counts[fmt.Sprint("member ", i)] = 1 + i*i%99991
	}
	return counts
}

// asked is all that a service may be asked for: five characters of a hash.
// sent are the headers that a request may have.
var (
	asked = regexp.MustCompile(`^GET (/mirror)?/range/[0-9A-F]{5}(\?mode=ntlm)?$`)
	sent  = []string{"User-Agent", "Accept", "Accept-Encoding", "Add-Padding", "If-None-Match"}
)

// service is a local range service that counts its requests.
type service struct {
	*httptest.Server
	requests atomic.Int64
}

func serve(t testing.TB, handler http.HandlerFunc) *service {
	s := new(service)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		assert.Regexp(t, asked, r.Method+" "+r.URL.RequestURI())
		assert.Subset(t, sent, slices.Collect(maps.Keys(r.Header)))
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// answers serves one body to every request.
func answers(t testing.TB, body string) *service {
	return serve(t, func(w http.ResponseWriter, _ *http.Request) { writeRange(w, body) })
}

func writeRange(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte(body))
}

// client returns a client of the service. Its timeout is long, so that a slow
// machine fails no test that is not about time, and its second tries come at once.
func client(t testing.TB, s *service, config breach.RangeConfig) *breach.Range {
	t.Helper()
	config.BaseURL = s.URL
	if config.Timeout == 0 {
		config.Timeout = 30 * time.Second
	}
	r, err := breach.NewRange(config)
	require.NoError(t, err)
	return breach.WithoutJitter(r)
}

// requireUnchecked checks that a look-up of the password failed for the reason
// and that neither the error nor what it wraps tells the password or its hash.
func requireUnchecked(t testing.TB, password string, count int, err error, reason breach.Reason) *breach.UncheckedError {
	t.Helper()
	require.Zero(t, count)
	require.ErrorIs(t, err, policy.ErrUnchecked)
	var unchecked *breach.UncheckedError
	require.ErrorAs(t, err, &unchecked)
	require.Equal(t, reason, unchecked.Reason, "%v", err)
	requireSecret(t, password, err)
	return unchecked
}

func requireSecret(t testing.TB, password string, err error) {
	t.Helper()
	if password == "" {
		return
	}
	hash := hashOf(password)
	for ; err != nil; err = errors.Unwrap(err) {
		for _, format := range []string{"%v", "%+v", "%#v", "%q"} {
			text := strings.ToUpper(fmt.Sprintf(format, err))
			require.NotContains(t, text, strings.ToUpper(password))
			require.NotContains(t, text, hash[:5])
			require.NotContains(t, text, hash[5:15])
		}
	}
}

// clock is a settable time.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// watched is a context that tells when somebody begins to wait for it. A
// look-up waits only after it has joined the request that it shares.
type watched struct {
	context.Context
	waits chan<- struct{}
}

func (w watched) Done() <-chan struct{} {
	select {
	case w.waits <- struct{}{}:
	default:
	}
	return w.Context.Done()
}
