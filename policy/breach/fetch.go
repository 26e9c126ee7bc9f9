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
	"syscall"
	"time"
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
// A Content-MD5 header is not looked at: the service computes it over the
// answer without padding, and padding is always asked for.
func (r *Range) fetch(ctx context.Context, p prefix) (*answer, *UncheckedError) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.address+p.String(), nil)
	if err != nil {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonNetwork}
	}
	request.Header.Set("User-Agent", r.userAgent)
	request.Header.Set("Accept", "text/plain")
	request.Header.Set("Add-Padding", "true")
	response, err := r.client.Do(request)
	if err != nil {
		return nil, networkError(err)
	}
	defer response.Body.Close()
	if failure := r.checkHeader(response); failure != nil {
		return nil, failure
	}
	body, failure := readBody(response)
	if failure != nil {
		return nil, failure
	}
	a := new(answer)
	if !a.parse(body) {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonMalformed}
	}
	if a.size() < r.minRows {
		return nil, &UncheckedError{Source: rangeSource, Reason: ReasonTooFewRows}
	}
	return a, nil
}

// checkHeader refuses a response that cannot be a complete range.
func (r *Range) checkHeader(response *http.Response) *UncheckedError {
	failure := &UncheckedError{Source: rangeSource}
	media, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		failure.Reason, failure.Status = ReasonThrottle, status
		failure.RetryAfter = retryAfter(response.Header.Get("Retry-After"), r.now())
	case status != http.StatusOK:
		failure.Reason, failure.Status = ReasonStatus, status
	case err != nil || media != "text/plain":
		failure.Reason = ReasonContentType
	case !framed(response):
		failure.Reason = ReasonUnframed
	case response.ContentLength > maxBody:
		failure.Reason = ReasonTooLarge
	default:
		return nil
	}
	return failure
}

// framed tells whether the end of the body is marked: by a length, by chunks,
// by the frames of HTTP/2, or by the checksum of gzip. A body that ends where
// the connection ends may have lost rows, and nothing would show it.
func framed(response *http.Response) bool {
	return response.ContentLength >= 0 || response.ProtoMajor >= 2 || response.Uncompressed ||
		len(response.TransferEncoding) > 0
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
