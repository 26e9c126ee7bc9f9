package corpus

import (
	"encoding/binary"
	"math/bits"
)

// block is the bytes of one block whose form was checked, so that no look-up
// leaves them.
type block []byte

// keyRange is where the keys of a slot are among those of the block.
type keyRange struct{ first, count int }

// slotKeys returns the keys of a slot of a block.
func (b block) slotKeys(slot int) keyRange {
	group := slot >> groupBits
	rank := int(binary.LittleEndian.Uint16(b[2*group:]))
	// The group's first slot begins after as many ones as there are keys before
	// it, and one zero for each slot before it.
	begin := rank + group<<groupBits
	unary := b[ranksSize:]
	at := begin >> 6
	left := uint(slot & (1<<groupBits - 1))
	zeros := ^word(unary, at) >> (begin & 63) << (begin & 63)
	for {
		n := uint(bits.OnesCount64(zeros))
		if left < n {
			break
		}
		left -= n
		at++
		zeros = ^word(unary, at)
	}
	zero := at<<6 + int(selectBit(zeros, left))
	return keyRange{first: zero - slot, count: onesAfter(unary, zero+1)}
}

// onesAfter returns how many ones there are from a bit on.
func onesAfter(unary []byte, bit int) int {
	total := 0
	for {
		// Shifting moves zeros in, which end the ones at the end of the word.
		w := word(unary, bit>>6) >> (bit & 63)
		n := bits.TrailingZeros64(^w)
		total += n
		bit += n
		if n == 0 || bit&63 != 0 {
			return total
		}
	}
}

// find looks for a remainder of some bits among the keys of a slot and returns
// which key of the block has it, or -1. The block has n keys.
func (b block) find(r keyRange, remainder uint64, bits uint, n int) int {
	if bits == 16 && r.count <= 4 {
		// Four at once: of the words' halves that are zero the lowest is sure.
		at := remaindersAt(n) + 2*r.first
		x := binary.LittleEndian.Uint64(b[at:]) ^ remainder*0x0001000100010001
		zero := (x - 0x0001000100010001) &^ x & 0x8000800080008000
		zero &= 1<<(16*r.count) - 1
		if zero == 0 {
			return -1
		}
		return r.first + trailingBytes(zero)/2
	}
	size := int(bits / 8)
	mask := uint64(1)<<bits - 1
	at := remaindersAt(n) + r.first*size
	for i := range r.count {
		if (binary.LittleEndian.Uint64(b[at:])^remainder)&mask == 0 {
			return r.first + i
		}
		at += size
	}
	return -1
}

// count returns the count of the i-th of n keys, less the smallest count that
// the corpus keeps.
func (l layout) count(b block, n, i int) uint32 {
	at := l.lengthsAt(n)
	lengths := b[at:]
	// Every one in the lengths begins a key.
	bit := 0
	if sample := i >> sampleBits; sample > 0 {
		bit = int(binary.LittleEndian.Uint32(b[l.countsAt(n)+4*(sample-1):]))
	}
	left := uint(i & (1<<sampleBits - 1))
	w := bit >> 6
	ones := word(lengths, w) >> (bit & 63) << (bit & 63)
	for {
		n := uint(bits.OnesCount64(ones))
		if left < n {
			break
		}
		left -= n
		w++
		ones = word(lengths, w)
	}
	bit = w<<6 + int(selectBit(ones, left))
	// The zeros after it are the length, and those before it are all the bits
	// of the mantissas before. They lie from the end of the block backwards.
	length := bits.TrailingZeros64(bitsAt(lengths, bit+1))
	mantissa := bitsAt(b, 8*(len(b)-tailSize)-(bit-i)-length) & (1<<length - 1)
	return uint32(1<<length|mantissa) - 1
}
