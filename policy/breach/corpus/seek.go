package corpus

import "bytes"

const (
	// near is how close a search comes before it reads all lines that are left.
	near = 2048
	// freeSteps may all be interpolated; with evenly spread hashes half as many
	// are enough. After them every second step halves the rest, so that no text
	// makes a search longer than about twice a binary search.
	freeSteps = 10
)

// seek returns where the first line is whose hash begins with at least the
// given bits. If the text is not sorted the place has no meaning.
func (c *textCursor) seek(first uint64) (int64, error) {
	if first == 0 {
		return 0, nil
	}
	// A line begins at low, and all lines before it are below. Of the lines
	// that begin at high or later none is.
	low, high := int64(0), c.length
	above, below := uint64(0), ^uint64(0)
	if c.last.end > 0 && c.last.first < first {
		low, above = c.last.end, c.reached
	}
	for step := 0; high-low > near; step++ {
		share := 0.5
		if width := float64(below - above); (step < freeSteps || step%2 == 0) && first > above && below > first {
			share = float64(first-above) / width
		}
		// A guess once below and once above closes in from both sides.
		at := low + int64(share*float64(high-low)) - near/4 + int64(step%2)*near/2
		at = max(min(at, high-1), low+1)
		begin, value, err := c.lineFrom(at)
		switch {
		case err != nil:
			return 0, err
		case begin < high && value < first:
			low, above = begin, value
		default:
			high, below = at, max(value, first)
		}
	}
	return c.firstLine(low, high, first)
}

// lineFrom returns where the first line begins at an offset above zero or later,
// and how its hash begins. At the end of the text that is the largest hash.
func (c *textCursor) lineFrom(at int64) (int64, uint64, error) {
	at-- // the line before ends here at the earliest
	b, err := c.peek(at, c.longest()+16)
	if err != nil {
		return 0, 0, err
	}
	skip := bytes.IndexByte(b, '\n') + 1
	if at+int64(skip) == c.length {
		return c.length, ^uint64(0), nil
	}
	value, ok := highOf(b[skip:])
	if skip == 0 || !ok {
		return 0, 0, c.diagnose()
	}
	return at + int64(skip), value, nil
}

// firstLine goes over the lines from low on and returns where the first one
// is that begins with at least some bits, or that begins at high or later.
func (c *textCursor) firstLine(low, high int64, first uint64) (int64, error) {
	b, err := c.peek(low, int(high-low)+c.longest()+16)
	if err != nil {
		return 0, err
	}
	for len(b) > 0 && low < high {
		value, ok := highOf(b)
		next := bytes.IndexByte(b, '\n') + 1
		switch {
		case !ok || next == 0:
			return 0, c.diagnose()
		case value >= first:
			return low, nil
		}
		low, b = low+int64(next), b[next:]
	}
	return low, nil
}

// peek reads up to n bytes from an offset on.
func (c *textCursor) peek(at int64, n int) ([]byte, error) {
	b := c.buffer[:min(int64(n), c.length-at)]
	if err := readFull(c.reader, b, at); err != nil {
		return nil, c.unreadable(err)
	}
	return b, nil
}
