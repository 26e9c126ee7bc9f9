package corpus

import (
	"math"
	"time"
)

// Scan opens the reader of lines to the tests. It returns how many bytes of the
// text it read and how many lines they are.
func Scan(b []byte) (n int, rows int64) {
	s := scanner{width: SHA1.width()}
	var into batch
	n = s.scan(b, stretch{last: math.MaxUint64}, &into)
	return n, into.rows
}

// WithDigits makes an update one of fewer ranges.
func WithDigits(c UpdateConfig, digits int) UpdateConfig {
	c.digits = digits
	return c
}

// WithNow makes an update one that believes a clock.
func WithNow(c UpdateConfig, now time.Time) UpdateConfig {
	c.now = func() time.Time { return now }
	return c
}
