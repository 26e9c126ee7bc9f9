package corpus

import (
	"bytes"
	"fmt"
	"math"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

const (
	remedySort     = "sort the file by its hashes in the C locale, each hash once"
	remedyComplete = "download the whole corpus again"
	// rareGap is how many times the mean distance between two hashes a gap must
	// have to be a hole. Hashes are spread evenly, so that in a whole corpus of
	// 2^31 hashes a gap of 64 comes by chance once in 10^18 corpora.
	rareGap = 64
)

// diagnose reads a text from its beginning and says which line is wrong. It is
// called only if one is, by whatever sign.
func (t *text) diagnose() error { return t.find(math.MaxUint64) }

// hole says after which line the distance is.
func (t *text) hole(gap uint64) error { return t.find(gap) }

// find is diagnose, and takes a distance of at least a gap for a hole.
func (t *text) find(gap uint64) error {
	s := t.scanner()
	var seen batch
	buffer := make([]byte, textBuffer)
	lines, widestLine, widest := int64(0), int64(0), uint64(0)
	for at := int64(0); at < t.length; {
		b := buffer[:min(int64(len(buffer)), t.length-at)]
		if err := readFull(t.reader, b, at); err != nil {
			return t.unreadable(err)
		}
		high := seen.high
		seen.keys, seen.counts, seen.rows, seen.widest = seen.keys[:0], seen.counts[:0], min(lines, 1), 0
		n := s.scan(b, stretch{last: math.MaxUint64}, &seen)
		if seen.widest > widest {
			for i, k := range seen.keys {
				if k.high-high == seen.widest {
					widest, widestLine = seen.widest, lines+int64(i)+1
					break
				}
				high = k.high
			}
		}
		lines += int64(len(seen.keys))
		at += int64(n)
		if rest := b[n:]; len(rest) >= t.longest() || n == 0 || at+int64(len(rest)) == t.length && len(rest) > 0 {
			problem, remedy := describe(t.kind, rest, seen.high)
			return &FileError{Name: t.name, Line: lines + 1, Offset: at, Problem: problem, Remedy: remedy}
		}
	}
	if lines == 0 {
		return &FileError{Name: t.name, Problem: "holds no line", Remedy: remedyComplete}
	}
	if seen.low > widest {
		widest, widestLine = seen.low, 1
	}
	if tail := math.MaxUint64 - seen.high; tail > widest {
		widest, widestLine = tail, lines
	}
	if widest >= gap || isHole(widest, lines) {
		return &FileError{
			Name: t.name, Line: widestLine,
			Problem: "has a neighbour that is too far away: a range of hashes is missing", Remedy: remedyComplete,
		}
	}
	return &FileError{Name: t.name, Problem: "was changed while it was read", Remedy: "build again"}
}

// isHole tells whether a gap between two neighbours is too wide to be chance.
func isHole(gap uint64, rows int64) bool {
	return float64(gap)*float64(rows) > rareGap*float64(1<<64)
}

// describe says what is wrong with the line at the start of b, which comes
// after the hash that begins with the given bits, and what to do.
func describe(kind Kind, b []byte, before uint64) (problem, remedy string) {
	form := fmt.Sprintf("lines must be HASH:COUNT with a %s hash of %d hexadecimal characters and a count", kind, kind.width())
	line, _, ended := bytes.Cut(b, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	hash, number, counted := bytes.Cut(line, []byte(":"))
	width := hexLength(hash)
	switch {
	case len(line) == 0:
		return "is empty", "remove empty lines"
	case width < len(hash) || width == 0:
		return "does not begin with a hash", "unpack the file if it is compressed; " + form
	case width != kind.width() && counted:
		return fmt.Sprintf("has a hash of %d characters%s", width, usual(width)), "use the right corpus; " + form
	case !ended:
		return "is cut: it has no line end", "download the file again, or add a line end if the line is whole"
	case width != kind.width():
		return fmt.Sprintf("has a hash of %d characters%s and no count", width, usual(width)), form
	case !counted:
		return "has no count", form
	}
	switch count, digits := hexrow.CutCount(number); {
	case digits == 0 || digits != len(number):
		return "has a count that is not a number from 1 to 4294967295 without leading zeros", form
	case count == 0:
		return "has the count zero, as padding has", "download without padding, or remove the line"
	}
	if high, _ := highOf(hash); high == before {
		return "is out of order or repeats the hash before", remedySort
	}
	return "is out of order", remedySort
}

// usual names what has hashes of so many characters.
func usual(width int) string {
	switch width {
	case 2 * 16:
		return ", as NTLM and MD5 have"
	case 2 * 20:
		return ", as SHA-1 has"
	}
	return ""
}
