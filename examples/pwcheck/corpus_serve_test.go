package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
)

// get asks a handler.
func get(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}

// handler serves a source.
func handler(t *testing.T, path string, width int) (*rangeHandler, *[]error) {
	t.Helper()
	source, err := openRanges(path, width)
	require.NoError(t, err)
	t.Cleanup(source.close)
	var failures []error
	mode := map[int]string{40: "", 32: "ntlm"}[width]
	return &rangeHandler{sources: map[string]ranges{mode: source}, failed: func(err error) { failures = append(failures, err) }}, &failures
}

func TestServeText(t *testing.T) {
	t.Parallel()
	path := leakedText(t, map[string]int{leaked: 17})
	h, failures := handler(t, path, 40)
	text := string(must(os.ReadFile(path)))
	want := make(map[string][]string)
	for line := range strings.Lines(text) {
		want[line[:5]] = append(want[line[:5]], strings.TrimSpace(line[5:]))
	}
	total := 0
	for _, prefix := range []string{"00000", "FFFFF", sha1Hex(leaked)[:5], "80000"} {
		want[prefix] = append([]string{}, want[prefix]...)
	}
	for prefix, rows := range want {
		r := get(h, "GET", "/range/"+prefix)
		require.Equal(t, 200, r.StatusCode)
		body := bodyOf(t, r)
		require.Equal(t, strings.Join(rows, "\r\n"), body)
		require.Equal(t, "text/plain", r.Header.Get("Content-Type"))
		sum := md5.Sum([]byte(body))
		require.Equal(t, base64.StdEncoding.EncodeToString(sum[:]), r.Header.Get("Content-MD5"))
		again := get(h, "GET", "/range/"+strings.ToLower(prefix), "If-None-Match", r.Header.Get("ETag"))
		require.Equal(t, 304, again.StatusCode)
		require.Empty(t, bodyOf(t, again))
		total += len(rows)

		padded := bodyOf(t, get(h, "GET", "/range/"+prefix, "Add-Padding", "true"))
		require.GreaterOrEqual(t, strings.Count(padded, ":0"), 10)
		real := slices.DeleteFunc(strings.Split(padded, "\r\n"), func(row string) bool { return len(row) == 37 && strings.HasSuffix(row, ":0") })
		require.Equal(t, rows, append([]string{}, real...))
	}
	require.Equal(t, 4001, total)
	for target, status := range map[string]int{
		"/range/0000": 400, "/range/000000": 400, "/range/0000G": 400, "/range/": 400, "/range/+0000": 400, "/": 404, "/range": 404,
		"/range/00000?mode=ntlm": 404, "/range/00000?mode=x": 404,
	} {
		require.Equal(t, status, get(h, "GET", target).StatusCode, target)
	}
	require.Equal(t, 405, get(h, "POST", "/range/00000").StatusCode)
	require.Empty(t, *failures)
}

// A source that is not whole is never an empty range.
func TestServeBadSource(t *testing.T) {
	t.Parallel()
	good := string(must(os.ReadFile(leakedText(t, nil))))
	rows := strings.SplitAfter(good, "\r\n")
	middle := rows[2000][:5]
	for name, content := range map[string]string{
		"unsorted":  strings.Join(rows[:2000], "") + rows[2000][:5] + rows[1999][5:] + rows[2000] + rows[2000] + strings.Join(rows[2001:], ""),
		"no number": strings.Join(rows[:2000], "") + rows[2000][:41] + "x\r\n" + strings.Join(rows[2001:], ""),
		"zero":      strings.Join(rows[:2000], "") + rows[2000][:41] + "0\r\n" + strings.Join(rows[2001:], ""),
	} {
		path := filepath.Join(t.TempDir(), "text")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		h, failures := handler(t, path, 40)
		r := get(h, "GET", "/range/"+middle)
		require.Equal(t, 500, r.StatusCode, name)
		require.Len(t, *failures, 1)
		require.NotContains(t, fmt.Sprint(*failures), middle)
	}
	path := filepath.Join(t.TempDir(), "text")
	for content, message := range map[string]string{
		rows[0][:41] + "1": "without an end", rows[0] + "x": "without a hash", rows[0][:32] + ":1\n": "without a hash of 40",
		"words\n": "does not begin with HASH:COUNT", "": "is empty",
	} {
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		_, err := openRanges(path, 40)
		require.ErrorContains(t, err, message)
	}
	_, err := openRanges(path+"x", 40)
	require.ErrorContains(t, err, "no such file")
	_, err = openRanges(t.TempDir(), 40)
	require.ErrorContains(t, err, "lacks the file of range")
}

func TestServeFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, content := range map[string]string{
		"0000A.txt": strings.Repeat("1", 27) + ":3\n" + strings.Repeat("2", 27) + ":4\n", "0000B.txt": "", "0000C.txt": "<html>",
		"0000D.txt": strings.Repeat("2", 27) + ":3\r\n" + strings.Repeat("1", 27) + ":4",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	h, failures := handler(t, folder, 32)
	require.Equal(t, strings.Repeat("1", 27)+":3\r\n"+strings.Repeat("2", 27)+":4", bodyOf(t, get(h, "GET", "/range/0000A?mode=ntlm")))
	require.Contains(t, bodyOf(t, get(h, "GET", "/range/0000A?mode=ntlm", "Add-Padding", "true")), ":0")
	for i, prefix := range []string{"0000B", "0000C", "0000D", "0000E"} {
		require.Equal(t, 500, get(h, "GET", "/range/"+prefix+"?mode=ntlm").StatusCode)
		require.Len(t, *failures, i+1)
		require.NotContains(t, (*failures)[i].Error(), prefix)
	}
}

// Whatever is wrong with a text, and wherever, it is not served.
func TestServeVerifies(t *testing.T) {
	t.Parallel()
	rows := strings.SplitAfter(string(must(os.ReadFile(leakedText(t, nil)))), "\r\n")
	rows = rows[:len(rows)-1]
	moved := slices.Concat(rows[:1000], rows[3000:3010], rows[1000:3000], rows[3010:])
	cut := strings.Join(rows[:2000], "") + rows[2000][:20]
	for name, c := range map[string]struct{ content, message string }{
		"unsorted":     {strings.Join(moved, ""), "line 1011 is out of order"},
		"swapped":      {strings.Join(slices.Concat(rows[:7], []string{rows[8], rows[7]}, rows[9:]), ""), "line 9 is out of order"},
		"twice":        {strings.Join(slices.Concat(rows[:7], rows[6:]), ""), "line 8 is out of order or repeats"},
		"other case":   {strings.Join(slices.Concat(rows[:7], []string{strings.ToLower(rows[6])}, rows[7:]), ""), "line 8 is out of order or repeats"},
		"cut":          {strings.Join(rows[:2000], ""), "was cut"},
		"without head": {strings.Join(rows[2000:], ""), "was cut, or is not whole"},
		"hole":         {strings.Join(slices.Concat(rows[:1000], rows[1200:]), ""), "lacks hashes"},
		"cut row":      {cut, "without an end"},
		"no number":    {strings.Join(rows[:3000], "") + rows[3000][:41] + "x\r\n" + strings.Join(rows[3001:], ""), "line 3001: a count"},
		"zero":         {strings.Join(rows[:3000], "") + rows[3000][:41] + "0\r\n" + strings.Join(rows[3001:], ""), "line 3001: a count"},
		"empty line":   {strings.Join(rows[:3000], "") + "\n" + strings.Join(rows[3000:], ""), "line 3001: a row is not 40"},
	} {
		path := filepath.Join(t.TempDir(), "text")
		require.NoError(t, os.WriteFile(path, []byte(c.content), 0o600))
		r := execute(t, "", "corpus", "serve", "--in", path)
		require.Equal(t, exitFailed, r.code, name)
		require.Contains(t, r.stderr, "cannot be served: ", name)
		require.Contains(t, r.stderr, c.message, name)
		require.Empty(t, r.stdout, name)
	}
	// Without it nothing is found before.
	path := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(rows[:2000], "")), 0o600))
	url, end := served(t, "--in", path, "--no-verify")
	require.Contains(t, url, "http://127.0.0.1:")
	require.Equal(t, exitFine, end())
}

// A whole text is accepted, also with small letters, and says how far it is read.
func TestServeVerifyProgress(t *testing.T) {
	t.Parallel()
	path := leakedText(t, nil)
	require.NoError(t, os.WriteFile(path, bytes.ToLower(must(os.ReadFile(path))), 0o600))
	source := must(openRanges(path, 40))
	defer source.close()
	var done []int64
	total := must(os.Stat(path)).Size()
	require.NoError(t, source.verify(t.Context(), func(n, of int64) {
		require.Equal(t, total, of)
		done = append(done, n)
	}))
	require.Equal(t, total, done[len(done)-1])
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, source.verify(ctx, nil), context.Canceled)
}

// A text that was changed after it was read is not believed.
func TestServeChangedText(t *testing.T) {
	t.Parallel()
	path := leakedText(t, nil)
	h, failures := handler(t, path, 40)
	require.Equal(t, 200, get(h, "GET", "/range/00000").StatusCode)
	require.NoError(t, os.Truncate(path, 46*2000))
	require.Equal(t, 500, get(h, "GET", "/range/F0000").StatusCode)
	require.ErrorContains(t, (*failures)[0], "was changed")
}

// oneConn is a listener with one connection.
type oneConn struct {
	conn chan net.Conn
	net.Conn
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c := <-l.conn; c != nil {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (l *oneConn) Addr() net.Addr { return l.LocalAddr() }

// Whoever sends half a request does not hold a connection for ever.
func TestServeSlowClient(t *testing.T) {
	t.Parallel()
	h, _ := handler(t, leakedText(t, nil), 40)
	for _, half := range []string{"GET /range/0", "POST /range/00000 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"} {
		synctest.Test(t, func(t *testing.T) {
			client, conn := net.Pipe()
			l := &oneConn{make(chan net.Conn, 1), conn}
			l.conn <- conn
			go func() { _ = newServer(h).Serve(l) }()
			begin := time.Now()
			_, err := client.Write([]byte(half))
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, client)
			require.NoError(t, err)
			require.LessOrEqual(t, time.Since(begin), 11*time.Second)
			close(l.conn)
		})
	}
}

// served runs "corpus serve" and returns its address and what ends it.
func served(t *testing.T, flags ...string) (url string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"corpus", "serve"}, flags...), strings.NewReader(""), in, io.Discard)
		in.Close()
		done <- code
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	end = func() int {
		cancel()
		return <-done
	}
	return strings.TrimSpace(line), end
}

// The range client asks the server, which ends well when it is told to.
func TestServeRangeClient(t *testing.T) {
	t.Parallel()
	url, end := served(t, "--in", leakedText(t, map[string]int{leaked: 17}))
	client, err := breach.NewRange(breach.RangeConfig{BaseURL: url, MinRows: -1})
	require.NoError(t, err)
	for password, want := range map[string]int{leaked: 17, good: 0, "member 41": 42} {
		n, err := client.Seen(t.Context(), password)
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	r := executeWith(t, func(p *program) { p.online = func() (policy.List, error) { return client, nil } }, leaked, "check", "--online", "--json")
	require.Equal(t, exitBreached, r.code)
	require.Equal(t, exitFine, end())
	_, err = client.Seen(t.Context(), "member 42")
	require.ErrorIs(t, err, policy.ErrUnchecked)
	r = execute(t, "", "corpus", "serve", "--in", leakedText(t, nil), "--addr", "256.0.0.1:1")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "cannot listen")
}

// inProcess sends requests to a handler, without a network.
type inProcess struct {
	http.Handler
	asked atomic.Int64
	after func(int64)
}

func (h *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if h.after != nil {
		h.after(h.asked.Add(1))
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := &answering{header: http.Header{}, status: 200}
	h.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.status, Header: w.header, ContentLength: int64(w.body.Len()), ProtoMajor: 1, Body: io.NopCloser(&w.body), Request: r,
	}, nil
}

type answering struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answering) Header() http.Header         { return w.header }
func (w *answering) WriteHeader(status int)      { w.status = status }
func (w *answering) Write(b []byte) (int, error) { return w.body.Write(b) }

// A stopped update tells that it goes on, and does.
func TestCorpusUpdateStops(t *testing.T) {
	t.Parallel()
	h, _ := handler(t, leakedText(t, nil), 40)
	path := filepath.Join(t.TempDir(), "leaked.pwb")
	ctx, cancel := context.WithCancel(t.Context())
	server := &inProcess{Handler: h, after: func(n int64) {
		if n == 3000 {
			cancel()
		}
	}}
	args := []string{"corpus", "update", "--corpus", path, "--url", "https://mirror.example", "--user-agent", "test", "--min-rows", "-1", "--progress"}
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, now: time.Now, transport: server}
	require.Equal(t, exitFailed, p.run(ctx, args))
	require.Contains(t, stderr.String(), "download: ")
	require.True(t, strings.HasSuffix(stderr.String(), "run update again to go on\npwcheck: interrupted\n"), stderr.String())
	require.Empty(t, stdout.String())
	journal := must(os.ReadFile(path + ".updating"))
	require.NoFileExists(t, path)

	refusing := &inProcess{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(403) })}
	r := executeWith(t, func(p *program) { p.transport = refusing }, "", args[:len(args)-1]...)
	require.Equal(t, exitFailed, r.code)
	require.Regexp(t, `pwcheck: range 00[0-9A-F]{3} was answered with status 403; check the address and the user agent`, r.stderr)
	require.True(t, bytes.HasPrefix(must(os.ReadFile(path+".updating")), journal))
	r = executeWith(t, func(p *program) { p.transport = refusing }, "", append(args[:len(args)-1], "--bits", "32")...)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "with other options or another server")
}

// From the server to a corpus that answers: PWCHECK_UPDATE=1, some minutes.
func TestServeUpdateCheck(t *testing.T) {
	if os.Getenv("PWCHECK_UPDATE") == "" {
		t.Skip("PWCHECK_UPDATE=1 asks a server a million times")
	}
	text := leakedText(t, map[string]int{leaked: 17})
	url, end := served(t, "--in", text)
	path := filepath.Join(t.TempDir(), "leaked.pwb")
	update := func() result {
		return execute(t, "", "corpus", "update", "--corpus", path, "--url", url, "--user-agent", "test", "--min-rows", "-1", "--json", "--parallel", "32")
	}
	r := update()
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Contains(t, r.stdout, `"ranges":1048576,"changed":1048576,`)
	r = update()
	require.Equal(t, exitFine, r.code, r.stderr)
	require.Contains(t, r.stdout, `"ranges":1048576,"changed":0,`)
	require.Equal(t, exitFine, end())
	require.Equal(t, "found: leaked 17 times\n", execute(t, leaked, "corpus", "check", "--corpus", path).stdout)
	built := builtCorpus(t, text)
	require.Equal(t, fmt.Sprint(execute(t, "", "corpus", "top", "--corpus", built)), fmt.Sprint(execute(t, "", "corpus", "top", "--corpus", path)))
}
