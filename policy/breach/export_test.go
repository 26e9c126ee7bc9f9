package breach

import (
	"fmt"
	"time"
)

// Row is a row of a range as the tests see it.
type Row struct {
	Suffix uint64 // the first 64 bits of the suffix
	Count  uint32
}

// The widths of a suffix.
const (
	SHA1Suffix = sha1Suffix
	NTLMSuffix = ntlmSuffix
)

// ParseRange opens the parser of ranges to the tests.
func ParseRange(body []byte, width int) ([]Row, bool) {
	var a answer
	ok := a.parse(body, width)
	rows := make([]Row, 0, a.size())
	for i := range a.suffixes {
		rows = append(rows, Row{a.suffixes[i], a.counts[i]})
	}
	return rows, ok
}

// RangeParser returns a parser that uses its room again.
func RangeParser() func(body []byte) bool {
	a := new(answer)
	return func(body []byte) bool { return a.parse(body, sha1Suffix) }
}

// Intact opens the check of Content-MD5 headers to the tests.
var Intact = intact

// ParseLine opens the parser of lines to the tests. It returns the line in
// lower case without its end, and its length with the end.
func ParseLine(b []byte) (text string, n int) {
	l, n := cutLine(b)
	if n == 0 {
		return "", 0
	}
	return fmt.Sprintf("%016x%016x%08x:%d", l.hash.high, l.hash.middle, l.hash.low, l.count), n
}

// MaxInFlight is the bound on parallel requests.
const MaxInFlight = maxInFlight

// WithoutJitter makes second tries come at once.
func WithoutJitter(r *Range) *Range {
	r.jitter = 0
	return r
}

// Jitter returns the longest wait before a second try.
func Jitter(r *Range) time.Duration { return r.jitter }
