package breach

import (
	"encoding/binary"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

const (
	highBits = 0x8080808080808080
	everyOne = 0x0101010101010101
)

// hexWord reads the first eight bytes of b, which must be there, as eight
// hexadecimal characters of either case. It works on all eight at once.
func hexWord(b []byte) (value uint32, ok bool) {
	x := word(b)
	return hexrow.HexValue(x), hexMarks(x)&^x&highBits == highBits
}

// word reads eight bytes, the first one highest.
func word(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// hexMarks sets the high bit of each byte that is a hexadecimal character, and of
// no other, if no byte of x has it. The other bits mean nothing.
func hexMarks(x uint64) uint64 {
	// Adding 0x80-c sets the high bit of a byte exactly if the byte is at least c,
	// and never carries into its neighbour. Of these four limits a hexadecimal
	// character reaches one or three, any other none, two or four.
	folded := x | 0x20*everyOne
	return (x + (0x80-'0')*everyOne) ^ (x + (0x80-'9'-1)*everyOne) ^
		(folded + (0x80-'a')*everyOne) ^ (folded + (0x80-'f'-1)*everyOne)
}

// toInt returns the count as an int, at most the largest int of a 32-bit host.
func toInt(count uint32) int {
	if v := int(count); v >= 0 {
		return v
	}
	return 1<<31 - 1
}
