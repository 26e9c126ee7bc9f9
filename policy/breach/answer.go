package breach

import "github.com/tillkey/tillkey/policy/breach/internal/hexrow"

const (
	// sha1Suffix and ntlmSuffix are the hexadecimal characters of a hash after the
	// five of the prefix.
	sha1Suffix = 35
	ntlmSuffix = 27
	// rowRest is the least that follows a suffix: a colon, a digit, a line feed.
	rowRest = 3
)

// answer is one range of the service: the rows with a count above zero, in the
// order of the body. Rows with count zero are padding and are dropped.
type answer struct {
	suffixes []uint64
	counts   []uint32
}

// parse replaces the rows of a by those of body. Rows are SUFFIX:COUNT with a
// suffix of width hexadecimal characters in either case, apart by LF or CRLF;
// the last row may lack its line end. Rows may come in any order. Anything else,
// an empty row included, makes parse return false: then a holds nothing.
// It allocates only if the room that a already has is too small.
func (a *answer) parse(body []byte, width int) bool {
	if most := len(body)/(width+rowRest) + 1; cap(a.suffixes) < most {
		a.suffixes = make([]uint64, 0, most)
		a.counts = make([]uint32, 0, most)
	}
	suffixes, counts := a.suffixes[:0], a.counts[:0]
	a.suffixes, a.counts = suffixes, counts
	for len(body) > 0 {
		suffix, count, n := uint64(0), uint32(0), 0
		if width == sha1Suffix && len(body) >= usualRow {
			suffix, count, n = cutUsualRow((*[usualRow]byte)(body))
		}
		if n == 0 {
			suffix, count, n = cutRow(body, width)
		}
		if n == 0 {
			return false
		}
		if count > 0 {
			suffixes = append(suffixes, suffix)
			counts = append(counts, count)
		}
		body = body[n:]
	}
	a.suffixes, a.counts = suffixes, counts
	return true
}

// cutRow reads the row at the start of b and returns its length with the line
// end, or zero if it is malformed. The width is that of the suffix, at least 24.
func cutRow(b []byte, width int) (suffix uint64, count uint32, n int) {
	if len(b) < width+2 || b[width] != ':' {
		return 0, 0, 0
	}
	w0, ok0 := hexWord(b[0:])
	w1, ok1 := hexWord(b[8:])
	_, ok2 := hexWord(b[16:])
	_, ok3 := hexWord(b[min(24, width-8):])
	_, ok4 := hexWord(b[width-8:])
	count, digits := hexrow.CutCount(b[width+1:])
	if !ok0 || !ok1 || !ok2 || !ok3 || !ok4 || digits == 0 {
		return 0, 0, 0
	}
	end, ok := cutLineEnd(b, width+1+digits)
	if !ok {
		return 0, 0, 0
	}
	return uint64(w0)<<32 | uint64(w1), count, end
}

// cutLineEnd returns the offset after the LF or CRLF at b[at:]. The end of b
// is a line end too.
func cutLineEnd(b []byte, at int) (end int, ok bool) {
	switch {
	case at == len(b):
		return at, true
	case b[at] == '\n':
		return at + 1, true
	case b[at] == '\r' && at+1 < len(b) && b[at+1] == '\n':
		return at + 2, true
	}
	return 0, false
}

// count returns how often the suffix leaked. It looks at every row whatever it
// finds, so that its time does not show where in the range the suffix is.
func (a *answer) count(suffix uint64) uint32 {
	var found uint32
	for i, s := range a.suffixes {
		count := a.counts[i]
		if s != suffix {
			count = 0
		}
		found = max(found, count)
	}
	return found
}

// size returns the number of rows with a count above zero.
func (a *answer) size() int { return len(a.suffixes) }
