package corpus

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// checksum returns the CRC of the i-th block: over its number, how many keys it
// has, and all its bytes but the CRC itself.
func checksum(b []byte, i, n int) uint32 {
	crc := ^uint32(0)
	for prefix, k := uint64(i)<<16|uint64(n), 0; k < 8; k++ {
		crc = castagnoli[byte(crc)^byte(prefix)] ^ crc>>8
		prefix >>= 8
	}
	return crc32.Update(^crc, castagnoli, b[:len(b)-4])
}

// check returns the bytes of the i-th block, which has n keys, as a block, or
// nil if they are damaged. The length of b is one that the layout allows.
// After it no look-up in the block can leave it.
func (l layout) check(b []byte, i, n int) block {
	if binary.LittleEndian.Uint32(b[len(b)-4:]) != checksum(b, i, n) {
		return nil
	}
	if !checkUnary(b, n) || !zero(b[remaindersAt(n)+n*int(l.remainderBits/8):l.countsAt(n)]) {
		return nil
	}
	if l.counts && !l.checkCounts(b, n) || !zero(b[len(b)-tailSize:len(b)-4]) {
		return nil
	}
	return b
}

// checkUnary checks that there are as many ones as keys and as many zeros as
// slots before the padding, and that the ranks of the groups are those of the
// bits.
func checkUnary(b []byte, n int) bool {
	unary := b[ranksSize:remaindersAt(n)]
	zeros, ones, group := 0, 0, 0
	for at := range len(unary) / 8 {
		w := word(unary, at)
		// A group begins at every 64th zero.
		next := group<<groupBits - zeros
		c := bits.OnesCount64(^w)
		if next < c && group < groups {
			bit := at<<6 + int(selectBit(^w, uint(next)))
			if int(binary.LittleEndian.Uint16(b[2*group:])) != bit-group<<groupBits {
				return false
			}
			group++
		}
		zeros += c
		ones += 64 - c
	}
	last := word(unary, len(unary)/8-1) >> ((n + slots) & 63)
	return ones == n && group == groups && last == 0
}

// checkCounts checks the lengths of n counts, their samples and the room for
// the mantissas.
func (l layout) checkCounts(b []byte, n int) bool {
	begin := l.lengthsAt(n)
	rest := b[begin : len(b)-tailSize]
	at, ones, last := 0, 0, 0
	for ; ones <= n; at++ {
		if at == len(rest)/8 {
			return false
		}
		w := word(rest, at)
		c := bits.OnesCount64(w)
		next := max((ones+1<<sampleBits-1)>>sampleBits, 1)
		if s := next << sampleBits; s < ones+c && next <= samples(n) {
			bit := at<<6 + int(selectBit(w, uint(s-ones)))
			if int(binary.LittleEndian.Uint32(b[l.countsAt(n)+4*(next-1):])) != bit {
				return false
			}
		}
		for ; w != 0; w &= w - 1 {
			bit := at<<6 + bits.TrailingZeros64(w)
			if bit-last > 1+maxLength {
				return false
			}
			last = bit
		}
		ones += c
	}
	mantissas := last - n
	return ones == n+1 && rest[0]&1 == 1 && len(rest)/8 == at+(mantissas+63)/64 &&
		zero(b[l.countsAt(n)+4*samples(n):begin]) && l.checkPadding(rest[8*at:], mantissas)
}

// checkPadding checks that the mantissas, which end with the bytes, have only
// zeros before them.
func (l layout) checkPadding(b []byte, bit int) bool {
	return len(b) == 0 || word(b, 0)&(1<<(uint(-bit)&63)-1) == 0
}

// zero tells whether all bytes of b, which are few, are zero.
func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
