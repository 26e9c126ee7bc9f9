package corpus

// What the version 1 of the format fixes; see FORMAT.md.
const (
	slotBits  = 12
	slots     = 1 << slotBits
	groupBits = 6
	groups    = slots >> groupBits
	ranksSize = 2 * groups

	sampleBits = 9 // one sample per 512 counts
	tailSize   = 8

	maxBlockBits = 24
	maxBlockKeys = 1<<16 - 1
	maxLength    = 31 // of a count's mantissa, so that counts have 32 bits
)

// layout is how the blocks of a corpus are laid out.
type layout struct {
	blockBits     uint
	remainderBits uint
	counts        bool
	minCount      uint32
}

// blocks returns how many blocks there are.
func (l layout) blocks() int { return 1 << l.blockBits }

// depth returns how many bits of a hash are kept.
func (l layout) depth() uint { return l.blockBits + slotBits + l.remainderBits }

// block returns the block of a key.
func (l layout) block(k key) int { return int(k.high >> (64 - l.blockBits)) }

// slot returns the slot of a key in its block.
func (l layout) slot(k key) int {
	return int(k.high << l.blockBits >> (64 - slotBits))
}

// remainder returns what is stored of a key in its slot.
func (l layout) remainder(k key) uint64 {
	return k.after(l.blockBits+slotBits) >> (64 - l.remainderBits)
}

// unarySize returns the bytes of the unary part: at least one zero bit follows
// the last key.
func unarySize(n int) int { return ((n+slots)/64 + 1) * 8 }

// remainders returns where the remainders of a block of n keys begin.
func remaindersAt(n int) int { return ranksSize + unarySize(n) }

// countsAt returns where the counts of a block of n keys begin, or its tail if
// there are none.
func (l layout) countsAt(n int) int {
	return align8(remaindersAt(n) + n*int(l.remainderBits/8))
}

// samples returns how many of n counts have a sample: every 512th but the first.
func samples(n int) int { return max(n-1, 0) >> sampleBits }

// lengthsAt returns where the lengths of the counts begin.
func (l layout) lengthsAt(n int) int { return l.countsAt(n) + align8(4*samples(n)) }

// leastSize returns the fewest bytes that a block of n keys can have. Without
// counts it has exactly these.
func (l layout) leastSize(n int) int {
	if l.counts {
		return l.lengthsAt(n) + (n/64+1)*8 + tailSize
	}
	return l.countsAt(n) + tailSize
}

// mostSize returns the most bytes that a block of n keys can have.
func (l layout) mostSize(n int) int {
	if l.counts {
		lengths := n*(1+maxLength) + 1
		return l.lengthsAt(n) + (lengths+63)/64*8 + (n*maxLength+63)/64*8 + tailSize
	}
	return l.countsAt(n) + tailSize
}

func align8(n int) int { return (n + 7) &^ 7 }

// approach touches what a look-up for a slot will probably read. Evenly spread
// keys lie near their share of the block, give or take some 30, so that the
// memory is fetched at once and not one part after the other.
func (l layout) approach(b block, slot, n int) {
	rank := n * slot >> slotBits
	at := remaindersAt(n) + rank*int(l.remainderBits/8)
	last := len(b) - 1
	touch(b[min(ranksSize+(slot+rank)/8, last)], b[min(at-96, last)], b[min(at-32, last)], b[min(at+32, last)], b[min(at+96, last)])
}

// approachCount touches what reading a count of a key of a slot will probably
// need. Of the bits of all lengths and mantissas one per key is a mark, and half
// of the others belongs to each.
func (l layout) approachCount(b block, slot, n int) {
	begin, end := l.lengthsAt(n), len(b)-tailSize
	mantissas := (8*(end-begin) - n) / 2 * slot >> slotBits
	lengths := n*slot>>slotBits + mantissas
	last := len(b) - 1
	touch(b[l.countsAt(n)], b[min(begin+lengths/8, last)], b[max(end-1-mantissas/8, 0)], 0, 0)
}

// touch does nothing, but what it is called with must be read. The processor
// goes on while it waits for it.
//
//go:noinline
func touch(_, _, _, _, _ byte) {}
