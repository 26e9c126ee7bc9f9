package corpus

import (
	"encoding/binary"
	"math/bits"
)

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// selectBit returns the place of the set bit of x that has n set bits below it.
// There must be one.
func selectBit(x uint64, n uint) uint {
	// Counts of the set bits up to and with each byte.
	s := x - x>>1&0x5555555555555555
	s = s&0x3333333333333333 + s>>2&0x3333333333333333
	s = (s + s>>4) & 0x0f0f0f0f0f0f0f0f * lowBits
	// The bytes whose count is not above n lie below the bit.
	below := ((uint64(n)*lowBits | highBits) - s) & highBits
	at := uint(bits.OnesCount64(below)) * 8
	n -= uint(s << 8 >> at & 0xff)
	// The same within the byte, with each of its bits spread to a byte.
	spread := x >> at & 0xff * lowBits & 0x8040201008040201
	s = (spread + 0x7f*lowBits) >> 7 & lowBits * lowBits
	below = ((uint64(n)*lowBits | highBits) - s) & highBits
	return at + uint(bits.OnesCount64(below))
}

// trailingBytes returns how many of the lowest bytes of x are zero.
func trailingBytes(x uint64) int { return bits.TrailingZeros64(x) >> 3 }

// word returns the i-th word of b.
func word(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }

// bitsAt returns 57 bits or more of b from a bit on.
func bitsAt(b []byte, bit int) uint64 {
	return binary.LittleEndian.Uint64(b[bit>>3:]) >> (bit & 7)
}
