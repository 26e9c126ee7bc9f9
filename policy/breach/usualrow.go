package breach

import (
	"encoding/binary"
	"math/bits"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

// usualRow is the bytes that cutUsualRow looks at: a suffix, a colon, and eight
// for a count and a line end.
const usualRow = sha1Suffix + 1 + 8

// cutUsualRow is cutRow for rows as the service writes almost all of them: with
// the suffix of a SHA-1, a count of up to six digits, and CRLF. It works on eight
// bytes at once and has hardly a branch. For any other row the length is zero.
func cutUsualRow(row *[usualRow]byte) (suffix uint64, count uint32, n int) {
	w0, w1, w2 := word(row[0:]), word(row[8:]), word(row[16:])
	w3, w4 := word(row[24:]), word(row[sha1Suffix-8:])
	marks := hexMarks(w0) & hexMarks(w1) & hexMarks(w2) & hexMarks(w3) & hexMarks(w4)

	// The first digit is the lowest byte. Digits become 0 to 9.
	rest := binary.LittleEndian.Uint64(row[sha1Suffix+1:])
	x := rest ^ '0'*everyOne
	digits := bits.TrailingZeros64((x+(0x80-10)*everyOne|x)&highBits) &^ 7 // in bits
	zero := x&0xff == 0 && digits > 8
	ended := rest>>digits&0xffff == '\r'|'\n'<<8
	if marks&^(w0|w1|w2|w3|w4)&highBits != highBits || row[sha1Suffix] != ':' || digits == 0 || zero || !ended {
		return 0, 0, 0
	}
	x = x << (64 - digits) // zeros come before
	x = x*10 + x>>8        // in every second byte, a number of two digits
	x = x&0x00ff00ff00ff00ff*100 + x>>16&0x00ff00ff00ff00ff
	count = uint32(x&0xffff*10000 + x>>32&0xffff)
	return uint64(hexrow.HexValue(w0))<<32 | uint64(hexrow.HexValue(w1)), count, sha1Suffix + 1 + digits/8 + 2
}
