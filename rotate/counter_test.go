package rotate

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReserveWaits: from the fifth failure on a customer waits 1 second, which
// doubles to 15 minutes.
func TestReserveWaits(t *testing.T) {
	var c Counter
	throttle := ShopCustomer().Password
	now := noon
	for failure, want := range []time.Duration{
		0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900,
	} {
		want *= time.Second
		wait, reserved := c.Reserve(throttle, now)
		require.True(t, reserved, failure+1)
		require.Zero(t, wait)
		require.Equal(t, failure+1, c.Total)
		wait, locked := c.Locked(throttle, now)
		require.Equal(t, want, wait, failure+1)
		require.Equal(t, want > 0, locked)
		now = now.Add(want)
		_, locked = c.Locked(throttle, now)
		require.False(t, locked, "the wait is over to the microsecond")
	}
}

// TestReserveDuringAWait neither counts nor makes the wait longer.
func TestReserveDuringAWait(t *testing.T) {
	for name, throttle := range map[string]Throttle{
		"wait": {From: 1, First: time.Minute, Max: time.Hour, DisableAfter: 100},
		"lock": {LockAfter: 1, LockFor: time.Minute, DisableAfter: 100},
	} {
		var c Counter
		_, reserved := c.Reserve(throttle, noon)
		require.True(t, reserved, name)
		before := c
		for i := range 1000 {
			at := noon.Add(time.Duration(i) * time.Minute / 1000)
			wait, reserved := c.Reserve(throttle, at)
			require.False(t, reserved)
			require.Equal(t, noon.Add(time.Minute).Sub(at), wait)
			require.Equal(t, before, c)
		}
	}
}

// TestReserveLocks: ten failures lock for half an hour (PCI DSS 4.0.1, 8.3.4),
// and the count to the next lock begins anew.
func TestReserveLocks(t *testing.T) {
	throttle := PCI401Staff().Password
	var c Counter
	now := noon
	for round := range 9 {
		for i := range 10 {
			_, reserved := c.Reserve(throttle, now)
			require.True(t, reserved)
			_, locked := c.Locked(throttle, now)
			require.Equal(t, i == 9, locked)
		}
		require.Zero(t, c.Recent)
		require.Equal(t, 10*(round+1), c.Total)
		wait, _ := c.Locked(throttle, now)
		require.Equal(t, 30*time.Minute, wait)
		_, locked := c.Locked(throttle, now.Add(30*time.Minute-time.Microsecond))
		require.True(t, locked)
		now = now.Add(30 * time.Minute)
	}
	require.False(t, c.Disabled(throttle))
}

// TestReserveDisables: no time that passes gives more than a hundred guesses
// (NIST SP 800-63B-4, 3.2.2), a right one or a reset clears them all.
func TestReserveDisables(t *testing.T) {
	for name, preset := range presets() {
		for _, throttle := range []Throttle{preset().Password, preset().Code} {
			var c Counter
			guesses := 0
			now := noon
			for range 5000 {
				if _, reserved := c.Reserve(throttle, now); reserved {
					guesses++
				}
				now = now.Add(time.Hour)
			}
			require.Equal(t, throttle.DisableAfter, guesses, name)
			require.True(t, c.Disabled(throttle))
			wait, locked := c.Locked(throttle, now)
			require.True(t, locked)
			require.Equal(t, max(throttle.Max, throttle.LockFor), wait, "it looks like a busy one")
			c.Clear()
			require.Equal(t, Counter{}, c)
			_, reserved := c.Reserve(throttle, now)
			require.True(t, reserved)
		}
	}
}

// TestZeroThrottle does not limit, and answers a positive wait where it has to.
func TestZeroThrottle(t *testing.T) {
	var c Counter
	for range 1000 {
		_, reserved := c.Reserve(Throttle{}, noon)
		require.True(t, reserved)
	}
	wait, locked := Counter{Total: 1}.Locked(Throttle{DisableAfter: 1}, noon)
	require.True(t, locked)
	require.Equal(t, time.Second, wait)
}

// TestReturn: a guess that was given back leaves the counter as it was.
func TestReturn(t *testing.T) {
	for name, preset := range presets() {
		for _, throttle := range []Throttle{preset().Password, preset().Code} {
			var c Counter
			now := noon
			for range throttle.DisableAfter {
				before := c
				_, reserved := c.Reserve(throttle, now)
				require.True(t, reserved)
				after := c
				c.Return(throttle, c.Until)
				require.Equal(t, before.Total, c.Total, name)
				require.Equal(t, before.Recent, c.Recent, name)
				wait, locked := c.Locked(throttle, now)
				require.False(t, locked, "%s: waits %v for a guess that never was", name, wait)
				c = after
				now = now.Add(day)
			}
		}
	}
}

// TestReturnOfAnEarlierGuess keeps the wait that a later one caused, and one
// that was cleared meanwhile takes nothing below zero.
func TestReturnOfAnEarlierGuess(t *testing.T) {
	throttle := Throttle{From: 1, First: time.Second, Max: time.Minute, DisableAfter: 100}
	var c Counter
	c.Reserve(throttle, noon)
	first := c.Until
	later := noon.Add(time.Second)
	c.Reserve(throttle, later)
	second := c.Until
	c.Return(throttle, first)
	require.Equal(t, Counter{Total: 1, Recent: 1, Until: second}, c)

	c.Clear()
	c.Return(throttle, second)
	require.Equal(t, Counter{}, c)
}

// TestReturnNeverGivesMoreThanWasTaken: whatever is reserved and given back, in
// whatever order, the guesses that were kept are all counted.
func TestReturnNeverGivesMoreThanWasTaken(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	throttle := Throttle{From: 3, First: time.Second, Max: time.Minute, LockAfter: 7, LockFor: time.Minute, DisableAfter: 40}
	for range 500 {
		var c Counter
		var open []time.Time // the waits that the guesses under way caused
		kept, now := 0, noon
		for range 200 {
			switch {
			case len(open) > 0 && random.IntN(3) == 0:
				i := random.IntN(len(open))
				c.Return(throttle, open[i])
				open = append(open[:i], open[i+1:]...)
			case len(open) > 0 && random.IntN(3) == 0:
				open = open[1:]
				kept++
			default:
				if _, reserved := c.Reserve(throttle, now); reserved {
					open = append(open, c.Until)
				}
				now = now.Add(time.Duration(random.IntN(90)) * time.Second)
			}
			require.Equal(t, kept+len(open), c.Total)
			require.LessOrEqual(t, c.Total, throttle.DisableAfter)
			require.GreaterOrEqual(t, c.Recent, 0)
		}
	}
}

// TestReserveUnderALock: of many parallel guesses exactly the allowed number is
// reserved.
func TestReserveUnderALock(t *testing.T) {
	throttle := ShopCustomer().Password
	var c Counter
	var mu sync.Mutex
	var guesses int
	var group sync.WaitGroup
	for range 500 {
		group.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			if _, reserved := c.Reserve(throttle, noon); reserved {
				guesses++
			}
		})
	}
	group.Wait()
	require.Equal(t, 5, guesses)
}

// TestThrottleWait never overflows, whatever the rules.
func TestThrottleWait(t *testing.T) {
	for _, throttle := range []Throttle{
		{First: time.Second, Max: 15 * time.Minute},
		{First: time.Nanosecond, Max: day},
		{First: day, Max: day},
		{First: 3 * time.Second, Max: 4 * time.Second},
	} {
		last := time.Duration(0)
		for n := range 200 {
			w := throttle.wait(n)
			require.GreaterOrEqual(t, w, last)
			require.GreaterOrEqual(t, w, throttle.First)
			require.LessOrEqual(t, w, throttle.Max)
			last = w
		}
		require.Equal(t, throttle.Max, last)
	}
}
