package breach

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tillkey/tillkey/policy/breach/internal/rangeapi"
)

const (
	// maxBody bounds one answer: about twelve times the largest of 2026.
	maxBody = 1 << 20
	// usualBody is the room taken at once for an answer of unknown length.
	usualBody = 96 << 10

	dialTimeout = 500 * time.Millisecond
	idleTimeout = 30 * time.Second
	maxHeader   = 16 << 10

	// Retry-After is respected between these; without one, defaultPause holds.
	shortestPause = time.Second
	defaultPause  = 10 * time.Second
	longestPause  = 5 * time.Minute

	// longestETag bounds what is kept of a header of the service.
	longestETag = 256
)

// newClient returns a client that shares nothing with the rest of the process:
// no cookies, no redirects, no proxy from the environment.
func newClient(config RangeConfig) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  config.Proxy,
			DialContext:            (&net.Dialer{Timeout: min(dialTimeout, config.Timeout)}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: config.RootCAs},
			ForceAttemptHTTP2:      true,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        idleTimeout,
			MaxResponseHeaderBytes: maxHeader,
		},
	}
}

// fetch asks for one range and returns it only if it is complete beyond doubt.
// The old answer, or nil, is confirmed if the service says so.
func (r *Range) fetch(ctx context.Context, p prefix, old *kept) (*kept, *UncheckedError) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url(p), nil)
	if err != nil {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonNetwork}
	}
	request.Header.Set("User-Agent", r.userAgent)
	request.Header.Set("Accept", "text/plain")
	request.Header.Set("Add-Padding", "true")
	if old != nil && old.etag != "" {
		request.Header.Set("If-None-Match", old.etag)
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, networkError(err)
	}
	defer response.Body.Close()
	if old != nil && confirmed(response, old.etag) {
		return &kept{old.answer, old.etag, r.now()}, nil
	}
	if failure := r.checkHeader(response); failure != nil {
		return nil, failure
	}
	body, failure := readBody(response)
	if failure != nil {
		return nil, failure
	}
	a := new(answer)
	switch failure := (&UncheckedError{Source: rangeSource}); {
	case !a.parse(body, r.width()):
		failure.Reason = ReasonMalformed
		return nil, failure
	case !intact(response.Header.Values("Content-MD5"), body, r.width()):
		failure.Reason = ReasonChecksum
		return nil, failure
	case a.size() < r.minRows:
		failure.Reason = ReasonTooFewRows
		return nil, failure
	}
	return &kept{a, etag(response), r.now()}, nil
}

func (r *Range) url(p prefix) string {
	if r.ntlm {
		return r.address + p.String() + "?mode=ntlm"
	}
	return r.address + p.String()
}

// width returns the characters of a suffix.
func (r *Range) width() int {
	if r.ntlm {
		return ntlmSuffix
	}
	return sha1Suffix
}

// confirmed tells whether a response says that what was kept under an ETag is
// still so. It may leave the ETag out (RFC 9110, section 15.4.5).
func confirmed(response *http.Response, kept string) bool {
	if response.StatusCode != http.StatusNotModified || kept == "" {
		return false
	}
	tags := response.Header.Values("ETag")
	return len(tags) == 0 || rangeapi.SameETag(etag(response), kept)
}

// etag returns the one ETag of a response (RFC 9110, section 8.8.3), or "".
func etag(response *http.Response) string {
	tags := response.Header.Values("ETag")
	if len(tags) != 1 || len(tags[0]) > longestETag || !strings.HasPrefix(strings.TrimPrefix(tags[0], "W/"), `"`) {
		return ""
	}
	return tags[0]
}

// checkHeader refuses a response that cannot be a complete range.
func (r *Range) checkHeader(response *http.Response) *UncheckedError {
	failure := &UncheckedError{Source: rangeSource}
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		failure.Reason, failure.Status = ReasonThrottle, status
		failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), r.now())
	case status != http.StatusOK:
		failure.Reason, failure.Status = ReasonStatus, status
	case !plainText(response.Header.Values("Content-Type")):
		failure.Reason = ReasonContentType
	case !rangeapi.IsFramed(response):
		failure.Reason = ReasonUnframed
	case response.ContentLength > maxBody:
		failure.Reason = ReasonTooLarge
	default:
		return nil
	}
	return failure
}

// plainText tells whether the one Content-Type of a response is text/plain.
func plainText(types []string) bool {
	if len(types) != 1 {
		return false
	}
	media, _, err := mime.ParseMediaType(types[0])
	return err == nil && media == "text/plain"
}

func readBody(response *http.Response) ([]byte, *UncheckedError) {
	size := usualBody
	if response.ContentLength >= 0 {
		size = int(response.ContentLength) + bytes.MinRead
	}
	body := bytes.NewBuffer(make([]byte, 0, size))
	n, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1))
	if n > maxBody {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonTooLarge}
	}
	if err != nil {
		return nil, networkError(err)
	}
	return body.Bytes(), nil
}

// networkError sorts an error of net/http. The error itself names the URL and
// so the prefix, and may quote what the server sent: only a cause of a known
// and harmless type is kept.
func networkError(err error) *UncheckedError {
	failure := &UncheckedError{Source: rangeSource, Reason: ReasonNetwork}
	var timeout net.Error
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var number syscall.Errno
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		failure.Reason, failure.Err = ReasonTimeout, context.DeadlineExceeded
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		failure.Reason = ReasonCut
	case errors.As(err, &dns):
		failure.Err = dns
	case errors.As(err, &certificate):
		failure.Err = certificate
	case errors.As(err, &number):
		failure.Err = number
	}
	return failure
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(header string, now time.Time) time.Duration {
	pause := defaultPause
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		pause = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(header); err == nil {
		pause = date.Sub(now)
	}
	return min(max(pause, shortestPause), longestPause)
}
