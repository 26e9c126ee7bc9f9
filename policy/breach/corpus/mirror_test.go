package corpus_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// mirror answers as the range interface does, without a network. Prefixes have
// fewer characters, so that there are fewer ranges.
type mirror struct {
	digits int
	mu     sync.Mutex
	bodies map[string]string
	asked  map[string]int // since it was last forgotten
	whole  atomic.Int64   // answers with status 200
	// change may answer in the mirror's place, or return nil.
	change func(r *http.Request, prefix string, n int) *http.Response
}

const mirrorDigits = 3

// mirrorNow is when updates are, if not said otherwise.
var mirrorNow = time.Date(2026, 8, 2, 0, 0, 0, 0, time.UTC)

// newMirror serves some rows, of a text as they stand in it.
func newMirror(digits int, lines []byte) *mirror {
	m := &mirror{digits: digits}
	m.serve(lines)
	return m
}

// serve serves other rows from now on.
func (m *mirror) serve(lines []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows := make(map[string][]string)
	for line := range strings.Lines(string(lines)) {
		line = strings.TrimSpace(line)
		rows[line[:m.digits]] = append(rows[line[:m.digits]], line[m.digits:])
	}
	m.bodies, m.asked = make(map[string]string), make(map[string]int)
	for prefix, list := range rows {
		m.bodies[prefix] = strings.Join(list, "\r\n")
	}
	m.whole.Store(0)
}

// forget forgets what was asked.
func (m *mirror) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = make(map[string]int)
	m.whole.Store(0)
}

func (m *mirror) requests() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	total := 0
	for _, n := range m.asked {
		total += n
	}
	return total
}

func (m *mirror) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet || r.Header.Get("User-Agent") != agent || r.Host != "mirror.example" {
		return answer(http.StatusForbidden, "", nil), nil
	}
	prefix, ok := strings.CutPrefix(strings.TrimPrefix(r.URL.Path, "/else"), "/range/")
	if !ok || len(prefix) != m.digits || strings.ToUpper(prefix) != prefix {
		return answer(http.StatusNotFound, "", nil), nil
	}
	m.mu.Lock()
	body := m.bodies[prefix]
	m.asked[prefix]++
	n := m.asked[prefix]
	m.mu.Unlock()
	if m.change != nil {
		if response := m.change(r, prefix, n); response != nil {
			return response, r.Context().Err()
		}
	}
	sum := md5.Sum([]byte(body))
	header := http.Header{
		"Content-Type": {"text/plain"}, "ETag": {`W/"` + hex.EncodeToString(sum[:8]) + `"`},
		"Content-MD5": {base64.StdEncoding.EncodeToString(sum[:])}, "Last-Modified": {"Sat, 01 Aug 2026 00:00:00 GMT"},
	}
	for name, values := range header {
		delete(header, name)
		header[http.CanonicalHeaderKey(name)] = values
	}
	if r.Header.Get("If-None-Match") == header.Get("ETag") {
		return answer(http.StatusNotModified, "", header), nil
	}
	m.whole.Add(1)
	return answer(http.StatusOK, body, header), nil
}

// answer makes a response as net/http gives it.
func answer(status int, body string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{"Content-Type": {"text/plain"}}
	}
	return &http.Response{
		StatusCode: status, Header: header, ContentLength: int64(len(body)),
		ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(strings.NewReader(body)),
	}
}

const agent = "tillkey-test/1 (+https://shop.example)"

// config returns what updates from the mirror.
func (m *mirror) config(o corpus.Options) corpus.UpdateConfig {
	return corpus.WithNow(corpus.WithDigits(corpus.UpdateConfig{
		Options: o, BaseURL: "https://mirror.example", UserAgent: agent, Transport: m, MinRows: -1,
	}, m.digits), mirrorNow)
}

// update updates and requires that the file is the one that Build makes of the
// lines, and that only it and its ETags are in the folder.
func (m *mirror) update(t *testing.T, path string, c corpus.UpdateConfig, lines []byte) corpus.UpdateReport {
	t.Helper()
	report, err := corpus.Update(t.Context(), path, c)
	require.NoError(t, err)
	requireUpdated(t, path, c.Options, lines)
	require.Equal(t, 1<<(4*m.digits), report.Ranges)
	return report
}

func requireUpdated(t *testing.T, path string, o corpus.Options, lines []byte) {
	t.Helper()
	o.Stamp = open(t, path, corpus.Read).Info().Stamp
	o.Full, o.Progress = false, nil
	want, _ := build(t, source(lines), o)
	if !bytes.Equal(read(t, want), read(t, path)) {
		t.Fatal("the bytes differ from those of a build")
	}
	require.Equal(t, []string{"corpus", "corpus.sync"}, folderOf(t, path))
}

// ntlmText returns the rows as lines of NTLM hashes.
func ntlmText(all []row) []byte {
	var b []byte
	for _, r := range all {
		b = fmt.Appendf(b, "%X:%s\n", r.sum[:16], strconv.Itoa(int(r.count)))
	}
	return b
}
