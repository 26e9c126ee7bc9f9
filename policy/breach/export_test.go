package breach

import "fmt"

// Row is a row of a range as the tests see it.
type Row struct {
	Suffix uint64 // the first 64 bits of the suffix
	Count  uint32
}

// ParseRange opens the parser of ranges to the tests.
func ParseRange(body []byte) ([]Row, bool) {
	var a answer
	ok := a.parse(body)
	rows := make([]Row, 0, a.size())
	for i := range a.suffixes {
		rows = append(rows, Row{a.suffixes[i], a.counts[i]})
	}
	return rows, ok
}

// RangeParser returns a parser that uses its room again.
func RangeParser() func(body []byte) bool {
	return new(answer).parse
}

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
