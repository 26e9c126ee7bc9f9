package corpus

import (
	"bytes"
	"context"
	"crypto/fips140"
	"crypto/md5"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tillkey/tillkey/policy/breach/internal/rangeapi"
)

const (
	requestTimeout = time.Minute
	dialTimeout    = 10 * time.Second
	idleTimeout    = 90 * time.Second
	maxHeader      = 16 << 10
)

// NewTransport returns the transport that an [Update] without one uses: HTTP/2,
// TLS 1.2 or later, no proxy. It shares nothing with the rest of the process, and
// may be changed before it is used.
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    maxParallel,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// fetcher asks for ranges. Each worker has its own.
type fetcher struct {
	address   string // ends with a slash
	query     string
	userAgent string
	client    *http.Client
	kind      Kind
	minRows   int
	digits    int
	packing   packing

	body    bytes.Buffer
	lines   []byte // of the body, with the whole hashes
	scanner scanner
	rows    batch
}

// refusal is an answer that is no range.
type refusal struct {
	problem string
	err     error
	status  int
	final   bool           // asking again is of no use
	pause   *time.Duration // before anything is asked again, if the server said so
}

func (r *refusal) Error() string {
	if r.err != nil {
		return r.problem + ": " + r.err.Error()
	}
	return r.problem
}

// fetch asks for a range of which something may be known, and returns it
// complete or a refusal.
func (f *fetcher) fetch(ctx context.Context, known entry) (entry, *refusal) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	prefix := fmt.Sprintf("%0*X", f.digits, known.prefix)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address+prefix+f.query, nil)
	if err != nil {
		return entry{}, &refusal{problem: "cannot be asked for", err: err, final: true}
	}
	request.Header.Set("User-Agent", f.userAgent)
	request.Header.Set("Accept", "text/plain")
	if int(known.rows) < f.minRows {
		known.etag = "" // it must be answered whole
	}
	if known.etag != "" {
		request.Header.Set("If-None-Match", known.etag)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return entry{}, unreachable(err)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusNotModified && known.etag != "" {
		if !confirmed(response.Header, known.etag) {
			return entry{}, &refusal{problem: "was answered with status 304 to another ETag", status: response.StatusCode}
		}
		known.fresh, known.payload = false, nil
		return known, nil
	}
	if r := checkResponse(response); r != nil {
		return entry{}, r
	}
	f.body.Reset()
	if _, err := f.body.ReadFrom(io.LimitReader(response.Body, maxRange+1)); err != nil {
		return entry{}, unreachable(err)
	}
	if f.body.Len() > maxRange {
		return entry{}, &refusal{problem: "is too large to be a range"}
	}
	e, problem := f.parse(known.prefix, response.Header)
	switch {
	case problem != "":
		return entry{}, &refusal{problem: "has a row that " + problem}
	case int(e.rows) < f.minRows:
		return entry{}, &refusal{problem: fmt.Sprintf("has %d rows, fewer than %d", e.rows, f.minRows)}
	case e.rows < known.rows/2:
		return entry{}, &refusal{problem: fmt.Sprintf("has %d rows and had %d", e.rows, known.rows)}
	case !f.sumFits(response.Header):
		return entry{}, &refusal{problem: "does not have its Content-MD5"}
	}
	return e, nil
}

// confirmed tells whether the answer 304 is about an ETag. It may leave it out
// (RFC 9110, section 15.4.5).
func confirmed(header http.Header, etag string) bool {
	tags := header.Values("ETag")
	return len(tags) == 0 || len(tags) == 1 && rangeapi.SameETag(tags[0], etag)
}

// unreachable returns the refusal for a server that did not answer whole. The
// URL that net/http adds is known.
func unreachable(err error) *refusal {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return &refusal{problem: "could not be read", err: err}
}

// checkResponse refuses a response that cannot be a range.
func checkResponse(response *http.Response) *refusal {
	r := &refusal{status: response.StatusCode}
	media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		r.problem, r.pause = fmt.Sprintf("was answered with status %d", status), retryAfter(response.Header)
	case status == http.StatusOK && (err != nil || media != "text/plain"):
		r.problem = "was not answered with text/plain"
	case status == http.StatusOK && !rangeapi.IsFramed(response):
		r.problem = "was answered without a length, so that its end is not known"
	case status == http.StatusOK && response.ContentLength > maxRange:
		r.problem = "is too large to be a range"
	case status == http.StatusOK:
		return nil
	default:
		// These are answers to the request, not accidents.
		r.final = status >= 300 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusNotModified
		r.problem = fmt.Sprintf("was answered with status %d", status)
	}
	return r
}

// parse reads the rows of the body. Those with the count zero are padding.
func (f *fetcher) parse(prefix int, header http.Header) (e entry, problem string) {
	begin := fmt.Sprintf("%0*X", f.digits, prefix)
	width := f.kind.width() - f.digits
	f.lines = f.lines[:0]
	for rest := f.body.Bytes(); len(rest) > 0; {
		var row []byte
		row, rest, _ = bytes.Cut(rest, []byte("\n"))
		row = bytes.TrimSuffix(row, []byte("\r"))
		if isPadding(row, width) {
			continue
		}
		if len(row) == 0 {
			return e, "is empty"
		}
		f.lines = append(append(f.lines, begin...), row...)
		f.lines = append(f.lines, '\n')
	}
	first := uint64(prefix) << (64 - 4*f.digits)
	f.rows.reset()
	f.scanner.width = f.kind.width()
	s := stretch{first: first, last: first + (1<<(64-4*f.digits) - 1)}
	if n := f.scanner.scan(f.lines, s, &f.rows); n < len(f.lines) {
		problem, _ := describe(f.kind, f.lines[n:], f.rows.high)
		return e, problem
	}
	e = entry{prefix: prefix, fresh: true, rows: uint32(f.rows.rows)}
	e.payload, e.kept = f.packing.pack(nil, &f.rows)
	if tag := header.Get("ETag"); validETag(tag) {
		e.etag = tag
	}
	e.modified = modified(header)
	return e, ""
}

// isPadding tells whether a row is one that was added to hide the size.
func isPadding(row []byte, width int) bool {
	return len(row) == width+2 && row[width] == ':' && row[width+1] == '0' && hexLength(row[:width]) == width
}

// modified returns when the range was current, as the server says, 0 if it does
// not or names a time to come.
func modified(header http.Header) int64 {
	at, err := http.ParseTime(header.Get("Last-Modified"))
	if err != nil || at.Unix() < 0 {
		return 0
	}
	if now, err := http.ParseTime(header.Get("Date")); err == nil && at.After(now) {
		return 0
	}
	return at.Unix()
}

// sumFits tells whether the body is the one that its Content-MD5 (RFC 1864) is
// of. The service makes it of the rows without padding.
func (f *fetcher) sumFits(header http.Header) bool {
	text := header.Get("Content-MD5")
	if text == "" || fips140.Enforced() {
		return true
	}
	want, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	if sum := md5.Sum(f.body.Bytes()); bytes.Equal(sum[:], want) {
		return true
	}
	var rows [][]byte
	width := f.kind.width() - f.digits
	for row := range bytes.Lines(f.body.Bytes()) {
		if row = bytes.TrimRight(row, "\r\n"); !isPadding(row, width) {
			rows = append(rows, row)
		}
	}
	sum := md5.Sum(bytes.Join(rows, []byte("\r\n")))
	return bytes.Equal(sum[:], want)
}
