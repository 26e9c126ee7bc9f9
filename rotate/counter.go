package rotate

import "time"

// Counter counts guesses against one secret. Guesses are reserved before they
// are checked, so that parallel ones cannot slip past the limit, and cleared
// by a right one.
type Counter struct {
	// Total is how many guesses were made since the last right one.
	Total int
	// Recent is how many were made since the last timed lock.
	Recent int
	// Until is when the next guess is looked at.
	Until time.Time
}

// Throttle says how guesses slow down. The zero value does not limit at all
// and is refused by [Rules.Validate].
type Throttle struct {
	// From is the failure from which the next guess has to wait, First the
	// first wait, which doubles with each failure up to Max.
	From  int
	First time.Duration
	Max   time.Duration
	// LockAfter failures in a row lock for LockFor; 0 means never
	// (PCI DSS 4.0.1, 8.3.4: at most 10 tries, at least 30 minutes).
	LockAfter int
	LockFor   time.Duration
	// DisableAfter failures without a right guess in between disable the secret
	// until a reset or [Keeper.Unlock]
	// (NIST SP 800-63B-4, 3.2.2: at most 100).
	DisableAfter int
}

// Locked tells how long the next guess has to wait, which is above 0 where it
// has to. A disabled secret answers with the longest wait of the rules, so that
// it looks like a busy one.
func (c Counter) Locked(t Throttle, now time.Time) (wait time.Duration, locked bool) {
	if wait := c.Until.Sub(now); wait > 0 {
		return wait, true
	}
	if c.Disabled(t) {
		return max(t.Max, t.LockFor, time.Second), true
	}
	return 0, false
}

// Disabled tells whether only a reset or an unlock helps.
func (c Counter) Disabled(t Throttle) bool {
	return t.DisableAfter > 0 && c.Total >= t.DisableAfter
}

// Reserve counts a guess that is about to be made. Where guesses have to wait
// it counts nothing and does not make the wait longer.
func (c *Counter) Reserve(t Throttle, now time.Time) (wait time.Duration, reserved bool) {
	if wait, locked := c.Locked(t, now); locked {
		return wait, false
	}
	c.Total++
	c.Recent++
	c.Until = time.Time{}
	if t.From > 0 && c.Recent >= t.From {
		c.Until = now.Add(t.wait(c.Recent - t.From))
	}
	if t.LockAfter > 0 && c.Recent >= t.LockAfter {
		c.Until = now.Add(t.LockFor)
		c.Recent = 0
	}
	return 0, true
}

// Return gives a guess back that was reserved but never checked. until is the
// wait the reservation caused, as the counter's Until was after it.
func (c *Counter) Return(t Throttle, until time.Time) {
	c.Total = max(0, c.Total-1)
	caused := !until.IsZero() && c.Until.Equal(until)
	if caused {
		c.Until = time.Time{}
	}
	if caused && c.Recent == 0 {
		// It was the one that locked, which began the count anew.
		c.Recent = t.LockAfter
	}
	c.Recent = max(0, c.Recent-1)
}

// Clear forgets all guesses.
func (c *Counter) Clear() { *c = Counter{} }

// wait is First doubled n times, at most Max.
func (t Throttle) wait(n int) time.Duration {
	w := t.First
	for range n {
		if w >= t.Max/2 {
			return t.Max
		}
		w *= 2
	}
	return min(w, t.Max)
}
