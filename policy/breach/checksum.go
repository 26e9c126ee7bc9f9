package breach

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"slices"
)

// intact tells whether a body is the one that its Content-MD5 header (RFC 1864)
// was made for, true without one. The service makes it for the range without
// padding, a mirror perhaps for all that it sends: either will do. The rows of
// the body must have been parsed.
func intact(header []string, body []byte, width int) bool {
	if len(header) == 0 {
		return true
	}
	want, err := base64.StdEncoding.DecodeString(header[0])
	if err != nil || slices.ContainsFunc(header, func(h string) bool { return h != header[0] }) {
		return false
	}
	whole := md5.Sum(body)
	if bytes.Equal(want, whole[:]) {
		return true
	}
	real, end := md5.New(), []byte(nil)
	for len(body) > 0 {
		_, count, n := cutRow(body, width)
		if count > 0 {
			_, _ = real.Write(end)
			text := bytes.TrimRight(body[:n], "\r\n")
			_, _ = real.Write(text)
			end = body[len(text):n]
		}
		body = body[n:]
	}
	if bytes.Equal(want, real.Sum(nil)) {
		return true
	}
	_, _ = real.Write(end)
	return bytes.Equal(want, real.Sum(nil))
}
