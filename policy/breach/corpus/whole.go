package corpus

import "math"

// rangeWidth is the distance between the first hashes of two ranges of Pwned
// Passwords, which have 20 bits in common.
const rangeWidth = 1 << (64 - rangeBits)

// lacksRange tells whether a whole range lies between two neighbours.
func lacksRange(low, high uint64) bool { return high/rangeWidth-low/rangeWidth > 1 }

// gaps finds the widest distance between neighbours of a source.
type gaps struct {
	rows, bytes int64
	widest      uint64
	high        uint64 // the last row
	lacks       bool   // a whole range
}

// add takes the next batch.
func (g *gaps) add(b *batch) {
	g.bytes += b.bytes
	if b.rows == 0 {
		return
	}
	if g.rows == 0 {
		g.lacks = b.low >= rangeWidth
	}
	g.lacks = g.lacks || b.lacks || lacksRange(g.high, b.low)
	g.rows += b.rows
	g.widest = max(g.widest, b.widest, b.low-g.high)
	g.high = b.high
}

// checkWhole refuses a source that lacks a range of hashes.
func (w *writing) checkWhole(g *gaps) error {
	if w.facts.complete && g.rows > 0 {
		return nil
	}
	widest := max(g.widest, math.MaxUint64-g.high)
	lacks := g.lacks || math.MaxUint64-g.high >= rangeWidth
	// A source that is known to be full may have been thinned by its counts.
	if g.rows == 0 || isHole(widest, g.rows) || w.full && !w.facts.full && lacks {
		return w.in.hole(widest)
	}
	return nil
}
