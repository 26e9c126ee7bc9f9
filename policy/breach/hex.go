package breach

import "encoding/binary"

const (
	highBits = 0x8080808080808080
	everyOne = 0x0101010101010101
)

// hexWord reads the first eight bytes of b, which must be there, as eight
// hexadecimal characters of either case. It works on all eight at once.
func hexWord(b []byte) (value uint32, ok bool) {
	x := binary.BigEndian.Uint64(b)
	// With every byte below 0x80, adding 0x80-c sets the high bit of a byte
	// exactly if the byte is at least c, and never carries into its neighbour.
	digit := (x + (0x80-'0')*everyOne) &^ (x + (0x80-'9'-1)*everyOne)
	folded := x | 0x20*everyOne
	letter := (folded + (0x80-'a')*everyOne) &^ (folded + (0x80-'f'-1)*everyOne)
	ok = (digit|letter)&^x&highBits == highBits

	v := x&(0x0f*everyOne) + (letter&highBits)>>7*9
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16), ok
}

// maxCountDigits is the length of 4294967295, the largest count that is read.
const maxCountDigits = 10

// cutCount reads a decimal count without sign or leading zero at the start of
// b and returns how many bytes it has. Zero bytes means that there is no count
// or that it is above 4294967295.
func cutCount(b []byte) (count uint32, n int) {
	var value uint64
	for n < len(b) && b[n]-'0' <= 9 {
		if n == maxCountDigits {
			return 0, 0
		}
		value = value*10 + uint64(b[n]-'0')
		n++
	}
	if value > 1<<32-1 || n > 1 && b[0] == '0' {
		return 0, 0
	}
	return uint32(value), n
}

// toInt returns the count as an int, at most the largest int of a 32-bit host.
func toInt(count uint32) int {
	if v := int(count); v >= 0 {
		return v
	}
	return 1<<31 - 1
}
