package breach_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// raw answers with bytes of one's own and closes the connection.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffer, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = buffer.WriteString(text)
		_ = buffer.Flush()
		_ = conn.Close()
	}
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

func typed(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{contentType}
		_, _ = w.Write([]byte(body))
	}
}

// Whatever is not a complete range is unchecked, never "not leaked", and is
// forgotten at once.
func TestRangeRefusesIncompleteAnswers(t *testing.T) {
	good := fullBody(leakedHash[5:] + ":7")
	const header = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
	row := leakedHash[5:]
	tests := []struct {
		name    string
		handler http.HandlerFunc
		reason  breach.Reason
		status  int
	}{
		{"empty 502", status(502, ""), breach.ReasonStatus, 502},
		{"502 with a range", status(502, good), breach.ReasonStatus, 502},
		{"404", status(404, ""), breach.ReasonStatus, 404},
		{"403", status(403, "no user agent"), breach.ReasonStatus, 403},
		{"206", status(206, good), breach.ReasonStatus, 206},
		{"204", status(204, ""), breach.ReasonStatus, 204},
		{"304", status(304, ""), breach.ReasonStatus, 304},
		{"empty 200", status(200, ""), breach.ReasonTooFewRows, 0},
		{"HTML page", typed("text/html; charset=utf-8", "<html>sign in to the network"), breach.ReasonContentType, 0},
		{"HTML page as text", typed("text/plain", "<html>sign in to the network"), breach.ReasonMalformed, 0},
		{"range as HTML", typed("text/html", good), breach.ReasonContentType, 0},
		{"no content type", typed("", good), breach.ReasonContentType, 0},
		{"bad content type", typed("text/plain; =", good), breach.ReasonContentType, 0},
		{"99 rows", typed("text/plain", rangeBody(filler(99)...)), breach.ReasonTooFewRows, 0},
		{"padding does not count as rows", typed("text/plain", rangeBody(filler(99)...)+strings.Repeat("\r\n"+row+":0", 50)), breach.ReasonTooFewRows, 0},
		{"last row cut in the suffix", typed("text/plain", good+"\r\n"+row[:20]), breach.ReasonMalformed, 0},
		{"last row cut at the colon", typed("text/plain", good+"\r\n"+row), breach.ReasonMalformed, 0},
		{"last row cut before the count", typed("text/plain", good+"\r\n"+row+":"), breach.ReasonMalformed, 0},
		{"last row cut in the line end", typed("text/plain", good+"\r"), breach.ReasonMalformed, 0},
		{"empty row", typed("text/plain", good+"\r\n\r\n"), breach.ReasonMalformed, 0},
		{"NTLM range", typed("text/plain", strings.ReplaceAll(good, ":", "")[:27]+":1\r\n"+good), breach.ReasonMalformed, 0},
		{"whole hashes", typed("text/plain", leakedHash+":1\r\n"+good), breach.ReasonMalformed, 0},
		{"not hexadecimal", typed("text/plain", good+"\r\n"+row[:34]+"G:1"), breach.ReasonMalformed, 0},
		{"negative count", typed("text/plain", good+"\r\n"+row+":-1"), breach.ReasonMalformed, 0},
		{"count with a space", typed("text/plain", good+"\r\n"+row+": 1"), breach.ReasonMalformed, 0},
		{"count beyond 32 bits", typed("text/plain", good+"\r\n"+row+":4294967296"), breach.ReasonMalformed, 0},
		{"over 1 MiB", typed("text/plain", rangeBody(filler(30_000)...)), breach.ReasonTooLarge, 0},
		{"over 1 MiB, announced", raw(header + "Content-Length: 1048577\r\n\r\n"), breach.ReasonTooLarge, 0},
		{"cut against its length", raw(header + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(good)+1, good)), breach.ReasonCut, 0},
		{"cut in its chunks", raw(header + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(good), good)), breach.ReasonCut, 0},
		{"cut in its gzip", gzipped(good, 20), breach.ReasonCut, 0},
		{"cut before its gzip checksum", gzipped(good, 8), breach.ReasonCut, 0},
		{"end unmarked", raw(header + "\r\n" + good), breach.ReasonUnframed, 0},
		{"closed without an answer", raw(""), breach.ReasonCut, 0},
		{"no HTTP", raw(good + "\r\n\r\n"), breach.ReasonNetwork, 0},
		{"huge header", raw(header + "X: " + strings.Repeat("x", 64<<10) + "\r\n\r\n"), breach.ReasonNetwork, 0},
		{"connection reset", reset, breach.ReasonNetwork, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var mended atomic.Bool
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if !mended.Load() {
					test.handler(w, r)
					return
				}
				writeRange(w, good)
			})
			r := client(t, s, breach.RangeConfig{})
			count, err := r.Seen(t.Context(), leaked)
			unchecked := requireUnchecked(t, leaked, count, err, test.reason)
			assert.Equal(t, test.status, unchecked.Status)
			assert.NotEqual(t, string(unchecked.Reason), unchecked.Error())

			mended.Store(true)
			count, err = r.Seen(t.Context(), leaked)
			require.NoError(t, err, "an error was kept")
			assert.Equal(t, 7, count)
		})
	}
}

// gzipped sends a compressed body without its last bytes, in whole chunks.
func gzipped(body string, missing int) http.HandlerFunc {
	var text strings.Builder
	z := gzip.NewWriter(&text)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	cut := text.String()[:text.Len()-missing]
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		writeRange(w, cut)
	}
}

func TestRangeReadsGzip(t *testing.T) {
	s := serve(t, gzipped(fullBody(leakedHash[5:]+":7"), 0))
	count, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Equal(t, 7, count)
}

// A small compressed body may not unpack into a large one.
func TestRangeBoundsGzip(t *testing.T) {
	s := serve(t, gzipped(strings.Repeat(leakedHash[5:]+":7\n", 1<<20), 0))
	count, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonTooLarge)
}

func TestRangeFollowsNoRedirect(t *testing.T) {
	elsewhere := answers(t, fullBody(leakedHash[5:]+":7"))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusFound)
	})
	count, err := client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
	unchecked := requireUnchecked(t, leaked, count, err, breach.ReasonStatus)
	assert.Equal(t, http.StatusFound, unchecked.Status)
	assert.Zero(t, elsewhere.requests.Load())
}

func TestRangeTimeout(t *testing.T) {
	done := make(chan struct{})
	before := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-done:
		case <-r.Context().Done():
		}
	})
	within := serve(t, func(w http.ResponseWriter, r *http.Request) {
		writeRange(w, fullBody())
		_ = http.NewResponseController(w).Flush()
		select {
		case <-done:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(done) })
	for name, s := range map[string]*service{"before the header": before, "within the body": within} {
		t.Run(name, func(t *testing.T) {
			count, err := client(t, s, breach.RangeConfig{Timeout: 20 * time.Millisecond}).Seen(t.Context(), leaked)
			requireUnchecked(t, leaked, count, err, breach.ReasonTimeout)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	}
}

func TestRangeNobodyListens(t *testing.T) {
	s := answers(t, "")
	r := client(t, s, breach.RangeConfig{})
	s.Close()
	count, err := r.Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonNetwork)
}

func TestRangeHTTPS(t *testing.T) {
	var protocol string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol = r.Proto
		writeRange(w, fullBody(leakedHash[5:]+":7"))
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // one handshake below must fail
	server.StartTLS()
	t.Cleanup(server.Close)
	s := &service{Server: server}

	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	count, err := client(t, s, breach.RangeConfig{RootCAs: roots}).Seen(t.Context(), leaked)
	require.NoError(t, err)
	assert.Equal(t, 7, count)
	assert.Equal(t, "HTTP/2.0", protocol)

	count, err = client(t, s, breach.RangeConfig{}).Seen(t.Context(), leaked)
	requireUnchecked(t, leaked, count, err, breach.ReasonNetwork)
	var certificate *tls.CertificateVerificationError
	require.ErrorAs(t, err, &certificate)
}
