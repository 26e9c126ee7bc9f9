package shopspec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// kettleAt is the description of the reference shop for whatever is at a URL,
// with hooks that do nothing.
func kettleAt(t *testing.T, url string) shopspec.Shop {
	t.Helper()
	d, err := shopspec.Kettle()
	require.NoError(t, err)
	driver, err := d.Driver()
	require.NoError(t, err)
	now := time.Now()
	return shopspec.Shop{Driver: driver, Breached: d.Breached, Instances: []shopspec.Instance{{URL: url, Hooks: shopspec.Hooks{
		Seed:       func(context.Context, shopspec.Account) (string, error) { return "1", nil },
		StoredHash: func(context.Context, string) (string, error) { return "nonsense", nil },
		Logs:       func(context.Context) (string, error) { return "", nil },
		Mail:       func(context.Context, string) ([]shopspec.Mail, error) { return nil, nil },
		Advance:    func(_ context.Context, d time.Duration) (time.Time, error) { now = now.Add(d); return now, nil },
		Restart:    func(context.Context) error { return errors.New("it does not") },
	}}}}
}

// TestNonsense: whatever a server answers, nothing passes, the report says what
// was seen, and it comes to an end.
func TestNonsense(t *testing.T) {
	megabyte := bytes.Repeat([]byte("all is well "), 1<<20/12)
	first := func(home, other http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				home(w, r)
				return
			}
			other(w, r)
		}
	}
	hello := page(200, "text/html", "hello")
	wait := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that nobody waits
		<-r.Context().Done()
	}
	for name, test := range map[string]struct {
		handler     http.HandlerFunc
		unreachable bool
		says        string
	}{
		"everything is fine": {hello, false, "expected denied"},
		"everything is JSON": {page(200, "application/json", `{"code":"proceed"}`), false, "expected denied"},
		"a megabyte":         {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(megabyte) }, true, "longer than 512 KiB"},
		"a megabyte later":   {first(hello, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(megabyte) }), false, "longer than 512 KiB"},
		"it hangs":           {wait, true, "GET /"},
		"it hangs later":     {first(hello, wait), false, "has stopped answering"},
		"a circle":           {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) }, false, "failed"},
		"somewhere else":     {page(303, "text/html", "", "Location", "https://evil.example/?a=b"), false, "evil.example"},
		"nothing there":      {http.NotFound, false, "404"},
		"a fault":            {page(500, "text/plain", "oh"), false, "500"},
		"the body breaks off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, "a")
		}, true, "broke off"},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			c, _, _ := w.(http.Hijacker).Hijack()
			_, _ = c.Write([]byte("SSH-2.0\r\n\r\n"))
			c.Close()
		}, true, "malformed HTTP"},
		"all have to wait":     {page(429, "text/html", "wait", "Retry-After", "9999999999999"), false, "wait"},
		"locations of nowhere": {page(303, "text/html", "", "Location", "http://[::1]:%zz/"), true, "Location"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.handler)
			defer server.Close()
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
			defer cancel()
			report := shopspec.Run(ctx, kettleAt(t, server.URL), shopspec.Options{Timeout: 300 * time.Millisecond, Rounds: 2})
			require.NoError(t, ctx.Err())
			var text strings.Builder
			require.NoError(t, report.WriteText(&text))
			require.Error(t, report.Err(), text.String())
			if test.unreachable {
				require.ErrorIs(t, report.Err(), shopspec.ErrUnreachable)
			} else {
				require.ErrorIs(t, report.Err(), shopspec.ErrFailed)
			}
			require.Empty(t, report.Names(shopspec.StatePassed), text.String())
			require.Len(t, report.Lines, len(shopspec.Scenarios()))
			require.Contains(t, text.String(), test.says)
			_, err := json.Marshal(report)
			require.NoError(t, err)
		})
	}
}

// TestNobodyThere: an address without a server is not reached, and nothing is
// said to have passed.
func TestNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	url := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	report := shopspec.Run(t.Context(), kettleAt(t, url), shopspec.Options{})
	require.ErrorIs(t, report.Err(), shopspec.ErrUnreachable)
	require.ErrorContains(t, report.Err(), "refused")
	require.Len(t, report.Names(shopspec.StateNotRun), len(shopspec.Scenarios()))
	require.ErrorIs(t, shopspec.Run(t.Context(), shopspec.Shop{}, shopspec.Options{}).Err(), shopspec.ErrUnreachable)
}

// TestInterrupted: the end of the context ends a run with what was seen.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 8 {
			cancel()
		}
		page(200, "text/html", "hello")(w, r)
	}))
	defer server.Close()
	report := shopspec.Run(ctx, kettleAt(t, server.URL), shopspec.Options{})
	require.Equal(t, "it was interrupted", report.Stopped)
	require.NotEmpty(t, report.Names(shopspec.StateFailed))
	require.NotEmpty(t, report.Names(shopspec.StateNotRun))
	require.Empty(t, report.Names(shopspec.StatePassed))
	require.Len(t, report.Lines, len(shopspec.Scenarios()))
}
