package corpus

import (
	"encoding/binary"
	"math/bits"
)

// decode adds to a batch the keys of the i-th block, which has n, that lie in
// a stretch. The bits of a key after its remainder are zero.
func (l layout) decode(b block, i, n int, s stretch, into *batch) {
	unary, rest := b[ranksSize:], b[remaindersAt(n):]
	size, mask := int(l.remainderBits/8), uint64(1)<<l.remainderBits-1
	base := uint64(i) << slotBits
	shift := l.blockBits + slotBits
	counts := l.countReader(b, n)
	into.grow(n)
	for at, first := 0, 0; first < n; at++ {
		for w := word(unary, at); w != 0; w &= w - 1 {
			slot := at<<6 + bits.TrailingZeros64(w) - first - 1
			remainder := binary.LittleEndian.Uint64(rest[first*size:]) & mask
			count := counts.next()
			first++
			k := key{high: (base | uint64(slot)) << (64 - shift)}
			remainder <<= 64 - l.remainderBits
			k.high |= remainder >> shift
			k.low = remainder << (64 - shift)
			if k.high < s.first || k.high > s.last {
				continue
			}
			into.saw(k.high)
			if count >= s.minCount {
				into.add(k, count)
			}
		}
	}
}

// countReader reads the counts of a block in order.
type countReader struct {
	block
	lengths  []byte // nil without counts
	bit      int    // of the next length
	mantissa int    // ends at this bit of the block
	least    uint32
}

// countReader returns a reader of the counts. Without counts every count is the
// smallest that the corpus keeps.
func (l layout) countReader(b block, n int) countReader {
	r := countReader{block: b, mantissa: 8 * (len(b) - tailSize), least: l.minCount}
	if l.counts {
		r.lengths = b[l.lengthsAt(n):]
	}
	return r
}

func (r *countReader) next() uint32 {
	if r.lengths == nil {
		return r.least
	}
	length := bits.TrailingZeros64(bitsAt(r.lengths, r.bit+1))
	r.bit += 1 + length
	r.mantissa -= length
	mantissa := bitsAt(r.block, r.mantissa) & (1<<length - 1)
	return uint32(1<<length|mantissa) - 1 + r.least
}
