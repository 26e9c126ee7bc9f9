// Package hexrow reads the parts of a HASH:COUNT row, for the text files, the
// ranges of the service and the sources of a corpus.
package hexrow

const everyOne = 0x0101010101010101

// HexValue returns the number of eight hexadecimal characters of either case,
// the first one highest. Only letters have bit 6, and their low four bits are 1 to
// 6. Whether all are hexadecimal has to be checked before.
func HexValue(x uint64) uint32 {
	v := x&(0x0f*everyOne) + x>>6&everyOne*9
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return uint32(v | v>>16)
}

// MaxCountDigits is the length of 4294967295, the largest count that is read.
const MaxCountDigits = 10

// CutCount reads a decimal count without sign or leading zero at the start of
// b and returns how many bytes it has. Zero bytes means that there is no count
// or that it is above 4294967295.
func CutCount(b []byte) (count uint32, n int) {
	var value uint64
	for n < len(b) && b[n]-'0' <= 9 {
		if n == MaxCountDigits {
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
