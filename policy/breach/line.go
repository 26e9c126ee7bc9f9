package breach

import (
	"bytes"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

const (
	hashLength = 40
	// shortestLine is a hash, a colon and one digit; the last line of a file
	// may have no line end.
	shortestLine = hashLength + 2
	// longestLine has the largest count and CRLF.
	longestLine = hashLength + 1 + hexrow.MaxCountDigits + 2
)

// line is one line of a HASH:COUNT file.
type line struct {
	hash  digest
	count uint32
}

// cutLine reads the line at the start of b and returns its length with the
// line end, or zero if it is malformed. The end of b is a line end too.
func cutLine(b []byte) (l line, n int) {
	if len(b) < shortestLine || b[hashLength] != ':' {
		return line{}, 0
	}
	w0, ok0 := hexWord(b[0:8])
	w1, ok1 := hexWord(b[8:16])
	w2, ok2 := hexWord(b[16:24])
	w3, ok3 := hexWord(b[24:32])
	w4, ok4 := hexWord(b[32:40])
	count, digits := hexrow.CutCount(b[hashLength+1:])
	if !ok0 || !ok1 || !ok2 || !ok3 || !ok4 || digits == 0 {
		return line{}, 0
	}
	end, ok := cutLineEnd(b, hashLength+1+digits)
	if !ok {
		return line{}, 0
	}
	l.hash = digest{
		high:   uint64(w0)<<32 | uint64(w1),
		middle: uint64(w2)<<32 | uint64(w3),
		low:    w4,
	}
	l.count = count
	return l, end
}

// nextLine returns the offset after the first line end in b, or zero if b has
// none within the longest line.
func nextLine(b []byte) int {
	return bytes.IndexByte(b[:min(len(b), longestLine)], '\n') + 1
}

// lastLine returns the offset of the last line of b, which ends with a line end
// or at the end of the file.
func lastLine(b []byte) int {
	return bytes.LastIndexByte(b[:max(len(b)-1, 0)], '\n') + 1
}
