package corpus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// broken is a body that breaks off.
type broken struct{ rest io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.rest.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
func (broken) Close() error { return nil }

// Whatever a server answers instead of a range, no update takes it for one: it
// asks again, gives up with the range and the reason, and leaves the file and
// what it got so far. The next update asks only for what is missing.
func TestHostileMirror(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("7", 38)
	plain := http.Header{"Content-Type": {"text/plain"}}
	with := func(name, value string) http.Header {
		h := plain.Clone()
		h.Set(name, value)
		return h
	}
	for name, c := range map[string]struct {
		answer func() *http.Response
		reason string
		asked  int
	}{
		"empty 502":     {func() *http.Response { return answer(502, "", nil) }, "status 502, and so 8 times", 8},
		"500 with rows": {func() *http.Response { return answer(500, long+":1", nil) }, "status 500, and so 8 times", 8},
		"403":           {func() *http.Response { return answer(403, "", nil) }, "status 403", 1},
		"404":           {func() *http.Response { return answer(404, "", nil) }, "status 404", 1},
		"redirect":      {func() *http.Response { return answer(302, "", with("Location", "https://mirror.example/range/000")) }, "status 302", 1},
		"206":           {func() *http.Response { return answer(206, long+":1", nil) }, "status 206", 8},
		"HTML":          {func() *http.Response { return answer(200, "<html>", http.Header{"Content-Type": {"text/html"}}) }, "not answered with text/plain", 8},
		"no type":       {func() *http.Response { return answer(200, long+":1", http.Header{"X": {"y"}}) }, "not answered with text/plain", 8},
		"HTML as text":  {func() *http.Response { return answer(200, "<html>\n", nil) }, "does not begin with a hash", 8},
		"304 unasked":   {func() *http.Response { return answer(304, "", nil) }, "status 304", 8},
		"empty":         {func() *http.Response { return answer(200, "", nil) }, "has 0 rows, fewer than 1", 8},
		"only padding":  {func() *http.Response { return answer(200, long+":0", nil) }, "has 0 rows, fewer than 1", 8},
		"unsorted":      {func() *http.Response { return answer(200, long+":1\r\n"+strings.Repeat("5", 38)+":1", nil) }, "out of order", 8},
		"twice":         {func() *http.Response { return answer(200, long+":1\r\n"+long+":1", nil) }, "out of order or repeats", 8},
		"cut row":       {func() *http.Response { return answer(200, long+":1\r\n"+long[:20], nil) }, "has a hash of 22 characters", 8},
		"cut count":     {func() *http.Response { return answer(200, long+":", nil) }, "not a number", 8},
		"NTLM":          {func() *http.Response { return answer(200, long[:30]+":1", nil) }, "32 characters, as NTLM", 8},
		"empty row":     {func() *http.Response { return answer(200, long+":1\r\n\r\n", nil) }, "is empty", 8},
		"wrong MD5": {
			func() *http.Response { return answer(200, long+":1", with("Content-Md5", "1B2M2Y8AsgTpgAmY7PhCfg==")) }, "does not have its Content-MD5", 8,
		},
		"no MD5": {func() *http.Response { return answer(200, long+":1", with("Content-Md5", "?")) }, "does not have its Content-MD5", 8},
		"no end": {func() *http.Response {
			r := answer(200, long+":1", nil)
			r.ContentLength = -1
			return r
		}, "without a length", 8},
		"huge": {func() *http.Response {
			r := answer(200, long+":1", nil)
			r.ContentLength = 1 << 40
			return r
		}, "too large", 8},
		"endless": {func() *http.Response {
			r := answer(200, "", nil)
			r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", 16<<20+5)))
			return r
		}, "too large", 8},
		"breaks off": {func() *http.Response {
			r := answer(200, "", nil)
			r.ContentLength = 900
			r.Body = broken{strings.NewReader(long + ":1")}
			return r
		}, "unexpected EOF", 8},
		"long wait": {func() *http.Response { return answer(429, "", with("Retry-After", "7200")) }, "asked for again in 2h0m0s", 1},
	} {
		t.Run(name, func(t *testing.T) {
			all := rows(6000, 5)
			lines := text(all, "\n")
			path := filepath.Join(t.TempDir(), "corpus")
			m := newMirror(2, lines)
			o := corpus.Options{Counts: true}
			m.update(t, path, m.config(o), lines)
			before := read(t, path)

			lines = text(append([]row{{sum: [20]byte{19: 1}, count: 9}}, all...), "\n")
			m.serve(lines)
			require.NoError(t, os.Remove(path+".sync"))
			m.change = func(_ *http.Request, prefix string, _ int) *http.Response {
				if prefix == "80" {
					return c.answer()
				}
				return nil
			}
			config := m.config(o)
			config.Parallel, config.MinRows = 3, 1
			synctest.Test(t, func(t *testing.T) {
				_, err := corpus.Update(t.Context(), path, config)
				var bad *corpus.RangeError
				require.ErrorAs(t, err, &bad)
				require.Equal(t, "80", bad.Prefix)
				require.ErrorContains(t, err, c.reason)
				require.Equal(t, c.asked, m.asked["80"])
			})
			require.Equal(t, before, read(t, path))
			require.Equal(t, []string{"corpus", "corpus.updating"}, folderOf(t, path))

			m.forget()
			m.change = nil
			report := m.update(t, path, m.config(o), lines)
			require.Equal(t, 0x80, report.Resumed)
			require.Equal(t, 0x80, m.requests())
		})
	}
}

// A range that has lost most of its rows is not believed.
func TestShrunkRange(t *testing.T) {
	t.Parallel()
	all := rows(6000, 5)
	lines := text(all, "\n")
	path := filepath.Join(t.TempDir(), "corpus")
	m := newMirror(2, lines)
	m.update(t, path, m.config(corpus.Options{}), lines)
	m.serve(text(changed(all, 2, 256, func(one row) []row {
		if one.sum[1] > 40 {
			return nil
		}
		return []row{one}
	}), "\n"))
	synctest.Test(t, func(t *testing.T) {
		_, err := corpus.Update(t.Context(), path, m.config(corpus.Options{}))
		require.ErrorContains(t, err, "range 00 has 3 rows and had 17")
	})
	m.serve(lines)
	m.update(t, path, m.config(corpus.Options{}), lines)
}

// A mirror without any row makes no corpus.
func TestEmptyMirror(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "corpus")
	m := newMirror(2, nil)
	_, err := corpus.Update(t.Context(), path, m.config(corpus.Options{}))
	require.ErrorContains(t, err, "no row in any range")
	require.NoFileExists(t, path)
	lines := text(rows(6000, 5), "\n")
	m.serve(lines)
	require.Zero(t, m.update(t, path, m.config(corpus.Options{}), lines).Resumed)
}

// Padding may be anywhere and is dropped; the Content-MD5 is that of the other
// rows. Letters may be small, and lines may end with LF.
func TestPaddedMirror(t *testing.T) {
	t.Parallel()
	all := rows(6000, 5)
	lines := text(all, "\n")
	path := filepath.Join(t.TempDir(), "corpus")
	m := newMirror(2, lines)
	plain := newMirror(2, lines)
	m.change = func(r *http.Request, prefix string, _ int) *http.Response {
		response, err := plain.RoundTrip(r)
		if err != nil || response.StatusCode != 200 {
			return answer(500, "", nil)
		}
		body, _ := io.ReadAll(response.Body)
		padding := strings.Repeat("0", 38) + ":0"
		padded := padding + "\r\n" + string(body) + "\r\n" + padding + "\r\n" + padding
		if prefix > "80" {
			padded = strings.ReplaceAll(strings.ToLower(string(body)), "\r", "") + "\n"
			response.Header.Del("Content-Md5")
		}
		return answer(200, padded, response.Header)
	}
	m.update(t, path, m.config(corpus.Options{Counts: true}), lines)
}

// While the server asks for patience nothing is asked of it, and never are more
// requests under way than were agreed.
func TestPatience(t *testing.T) {
	t.Parallel()
	for _, wait := range []http.Header{
		{"Retry-After": {"120"}},
		{"Retry-After": {"Sat, 01 Aug 2026 00:02:00 GMT"}, "Date": {"Sat, 01 Aug 2026 00:00:00 GMT"}},
	} {
		lines := text(rows(6000, 5), "\n")
		path := filepath.Join(t.TempDir(), "corpus")
		m := newMirror(2, lines)
		config := m.config(corpus.Options{})
		config.Parallel = 4
		synctest.Test(t, func(t *testing.T) {
			var until atomic.Int64
			var under atomic.Int32
			m.change = func(r *http.Request, prefix string, n int) *http.Response {
				if now := under.Add(1); now > 4 {
					t.Error("too many at once")
				}
				defer under.Add(-1)
				if time.Now().UnixNano() < until.Load() {
					t.Error("asked while paused")
				}
				time.Sleep(10 * time.Millisecond)
				if prefix == "40" && n < 4 || prefix == "41" && n < 2 {
					if prefix == "40" {
						time.Sleep(time.Second)
						until.Store(time.Now().Add(2 * time.Minute).UnixNano())
					}
					return answer(map[string]int{"40": 429, "41": 503}[prefix], "", wait)
				}
				return nil
			}
			begin := time.Now()
			_, err := corpus.Update(t.Context(), path, config)
			require.NoError(t, err)
			require.Greater(t, time.Since(begin), 6*time.Minute)
			require.Less(t, time.Since(begin), 9*time.Minute)
		})
		requireUpdated(t, path, corpus.Options{}, lines)
	}
}

// A server that answers never ends no update for ever, and one whose connection
// breaks is asked again.
func TestSilentMirror(t *testing.T) {
	t.Parallel()
	lines := text(rows(3000, 5), "\n")
	path := filepath.Join(t.TempDir(), "corpus")
	m := newMirror(2, lines)
	config := m.config(corpus.Options{})
	config.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/range/20" {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return m.RoundTrip(r)
	})
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		_, err := corpus.Update(t.Context(), path, config)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var bad *corpus.RangeError
		require.ErrorAs(t, err, &bad)
		require.Equal(t, "20", bad.Prefix)
		require.Less(t, time.Since(begin), 15*time.Minute)
	})
	fails := int32(3)
	config.Transport = transportFunc(func(r *http.Request) (*http.Response, error) {
		if atomic.AddInt32(&fails, -1) >= 0 {
			return nil, errors.New("connection reset")
		}
		return m.RoundTrip(r)
	})
	synctest.Test(t, func(t *testing.T) {
		_, err := corpus.Update(t.Context(), path, config)
		require.NoError(t, err)
	})
	requireUpdated(t, path, corpus.Options{}, lines)
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Every range must have the rows of a full corpus where it is one.
func TestFullMirror(t *testing.T) {
	t.Parallel()
	m := newMirror(2, text(rows(6000, 5), "\n"))
	config := m.config(corpus.Options{Full: true})
	config.MinRows = 0
	synctest.Test(t, func(t *testing.T) {
		_, err := corpus.Update(t.Context(), filepath.Join(t.TempDir(), "corpus"), config)
		require.ErrorContains(t, err, "fewer than 100")
	})
	common := []row{passwordRow("password", 9), passwordRow("123456", 8)}
	// A mirror that is mended is asked again.
	path := filepath.Join(t.TempDir(), "corpus")
	for i, want := range []string{"common passwords are not found", ""} {
		all := rows(256*160, 5)
		if i == 1 {
			all = append(all, common...)
			sortRows(all)
		}
		m = newMirror(2, text(all, "\n"))
		config = m.config(corpus.Options{Full: true})
		config.MinRows = 0
		_, err := corpus.Update(t.Context(), path, config)
		if want != "" {
			require.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err)
		require.True(t, open(t, path, corpus.Map).Info().Full, fmt.Sprint(i))
	}
}
