// Package rangeapi has what a look-up of one range and the download of all have
// in common: whom they ask, as whom, and which answers they believe.
package rangeapi

import (
	"net"
	"net/http"
	"strings"
)

// MaxUserAgent is the most characters of a User-Agent.
const MaxUserAgent = 256

// IsUserAgent tells whether a text names an application: 1 to MaxUserAgent
// visible ASCII characters and spaces.
func IsUserAgent(text string) bool {
	if len(text) > MaxUserAgent || strings.TrimSpace(text) == "" {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// IsLoopback tells whether a host is this machine, so that plain http may be used.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip.IsLoopback() || ip == nil && strings.EqualFold(host, "localhost")
}

// IsFramed tells whether the end of a body is marked: by a length, by chunks,
// by the frames of HTTP/2, or by the checksum of gzip. A body that ends where
// the connection ends may have lost rows, and nothing would show it.
func IsFramed(response *http.Response) bool {
	return response.ContentLength >= 0 || response.ProtoMajor >= 2 || response.Uncompressed ||
		len(response.TransferEncoding) > 0
}

// SameETag compares ETags weakly (RFC 9110, sections 8.8.3.2 and 13.1.2): the
// same rows are asked for, not the same bytes.
func SameETag(a, b string) bool {
	return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/")
}
