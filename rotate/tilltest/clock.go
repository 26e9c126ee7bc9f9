package tilltest

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that stands still until it is told to move. It is safe for
// concurrent use. Make one with [NewClock].
type Clock struct{ micros atomic.Int64 }

// NewClock returns a clock that shows start, rounded down to a microsecond as
// every Store rounds.
func NewClock(start time.Time) *Clock {
	c := &Clock{}
	c.Set(start)
	return c
}

// Now returns the time in UTC. It fits Config.Now of package rotate and
// Gate.Now of package web.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

// Advance moves the clock on, or back where d is negative, by whole
// microseconds.
func (c *Clock) Advance(d time.Duration) { c.micros.Add(d.Microseconds()) }

// Set moves the clock to a time.
func (c *Clock) Set(t time.Time) { c.micros.Store(t.UnixMicro()) }
