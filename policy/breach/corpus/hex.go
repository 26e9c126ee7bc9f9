package corpus

import (
	"encoding/binary"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

// hexMask returns x with the high bit of exactly those bytes that are hexadecimal
// characters of either case, if all are; else it lacks at least one.
func hexMask(x uint64) uint64 { return hexBounds(x) &^ x & highBits }

// hexBounds is hexMask for bytes below 0x80. Adding 0x80-c sets the high bit of a
// byte exactly if the byte is at least c, and never carries into its neighbour. A
// byte is at or above an odd number of the four bounds exactly if it lies between
// the first two or, in lower case, between the last two.
func hexBounds(x uint64) uint64 {
	lower := x | 0x20*lowBits
	return (x + (0x80-'0')*lowBits) ^ (x + (0x80-'9'-1)*lowBits) ^
		(lower + (0x80-'a')*lowBits) ^ (lower + (0x80-'f'-1)*lowBits)
}

// hexValue returns the value of eight hexadecimal characters.
func hexValue(x uint64) uint64 { return uint64(hexrow.HexValue(x)) }

// hexWord reads the first eight bytes of b.
func hexWord(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// hexLength returns how many hexadecimal characters b begins with.
func hexLength(b []byte) int {
	for i, c := range b {
		if folded := c | 0x20; (c < '0' || c > '9') && (folded < 'a' || folded > 'f') {
			return i
		}
	}
	return len(b)
}

// digitsEnd returns how many decimal digits the eight bytes of x begin with,
// the first in the lowest byte.
func digitsEnd(x uint64) int {
	// Of a digit 0 to 9 are left, and adding 0x76 does not reach the high bit.
	x ^= '0' * lowBits
	return trailingBytes((x&^highBits + 0x76*lowBits | x) & highBits)
}

// digitsValue returns the value of the first n digits of x, 1 to 8.
func digitsValue(x uint64, n int) uint32 {
	x = (x & (0x0f * lowBits)) << (64 - 8*n)
	x = x*10 + x>>8
	return uint32(((x&0x000000ff000000ff)*(100+1000000<<32) + (x>>16&0x000000ff000000ff)*(1+10000<<32)) >> 32)
}
