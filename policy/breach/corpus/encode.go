package corpus

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// encoder makes blocks.
type encoder struct {
	layout
}

// encode appends the i-th block to out. The keys are those of the block, in
// ascending order, no two with the same first bits, and at most maxBlockKeys.
func (e *encoder) encode(out []byte, i int, keys []key, counts []uint32) []byte {
	begin, n := len(out), len(keys)
	room := e.countsAt(n)
	out = slices.Grow(out, room+tailSize)
	b := out[begin : begin+room+tailSize]
	clear(b)
	e.place(b, keys)
	out = out[:begin+room]
	if e.counts {
		out = e.encodeCounts(out, counts)
	}
	out = append(out, make([]byte, tailSize)...)
	b = out[begin:]
	binary.LittleEndian.PutUint32(b[len(b)-4:], checksum(b, i, n))
	return out
}

// place writes the ranks, the unary part and the remainders of a block. The
// bytes of b are zero, and at least eight follow the remainders.
func (e *encoder) place(b []byte, keys []key) {
	unary := b[ranksSize:remaindersAt(len(keys))]
	rest := b[remaindersAt(len(keys)):]
	size, group := int(e.remainderBits/8), 0
	toSlot, toRemainder, cut := e.blockBits&63, (e.blockBits+slotBits)&63, (64-e.remainderBits)&63
	for i, k := range keys {
		slot := int(k.high << toSlot >> (64 - slotBits))
		for ; group <= slot>>groupBits; group++ {
			binary.LittleEndian.PutUint16(b[2*group:], uint16(i))
		}
		bit := slot + i + 1
		unary[bit>>3] |= 1 << (bit & 7)
		// What is written beyond the remainder is overwritten or zero.
		remainder := (k.high<<toRemainder | k.low>>(64-toRemainder)) >> cut
		binary.LittleEndian.PutUint64(rest[i*size:], remainder)
	}
	for ; group < groups; group++ {
		binary.LittleEndian.PutUint16(b[2*group:], uint16(len(keys)))
	}
}

// encodeCounts appends the samples, lengths and mantissas of counts.
func (e *encoder) encodeCounts(out []byte, counts []uint32) []byte {
	sampled, n := len(out), len(counts)
	out = append(out, make([]byte, align8(4*samples(n)))...)
	begin := len(out)
	out = slices.Grow(out, 8*((n*(1+maxLength)+64)/64+(n*maxLength+63)/64))
	lengths := out[begin:cap(out)]
	bit := 0
	var filling uint64 // the word that is being filled
	for i, c := range counts {
		if i > 0 && i&(1<<sampleBits-1) == 0 {
			binary.LittleEndian.PutUint32(out[sampled+4*(i>>sampleBits-1):], uint32(bit))
		}
		filling |= 1 << (bit & 63)
		next := bit + bits.Len32(c-e.minCount+1)
		if next>>6 != bit>>6 {
			binary.LittleEndian.PutUint64(lengths[bit>>6*8:], filling)
			filling = 0
		}
		bit = next
	}
	// A last one ends the length of the last count.
	binary.LittleEndian.PutUint64(lengths[bit>>6*8:], filling|1<<(bit&63))
	mantissas := lengths[bit>>6*8+8:]
	total := bit - n
	size := (total + 63) / 64 * 8
	filling, bit = 0, 8*size-total
	for i := n - 1; i >= 0; i-- {
		v := uint64(counts[i] - e.minCount + 1)
		length := bits.Len64(v) - 1
		v &^= 1 << length
		filling |= v << (bit & 63)
		if next := bit + length; next>>6 != bit>>6 {
			binary.LittleEndian.PutUint64(mantissas[bit>>6*8:], filling)
			filling = v >> (64 - bit&63)
			bit = next
		} else {
			bit = next
		}
	}
	return out[:cap(out)-len(mantissas)+size]
}
