package corpus

import (
	"encoding/binary"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

// fastLine is the room that the fast path needs behind the start of a line: a
// SHA-1, a colon and eight bytes.
const fastLine = 64

// scanner reads the lines HASH:COUNT of a text in order.
type scanner struct {
	width int // of a hash, in hexadecimal characters
	// The last hash, as text, from its seventeenth character on.
	tail [maxTail]byte
}

const maxTail = 40 - 16

// scan reads whole lines at the start of b up to the first that lies behind the
// stretch, adds those of the stretch to the batch, and returns how many bytes it
// read. It stops early at a line that is malformed, out of order, or not
// ended.
func (s *scanner) scan(b []byte, part stretch, into *batch) int {
	into.grow(len(b)/(s.width+3) + 1)
	for n := 0; ; {
		n += s.fast(b[n:], part, into)
		size := s.slow(b[n:], part, into)
		if size == 0 {
			return n
		}
		n += size
	}
}

// fast reads lines that have some room behind them, eight bytes at a time.
func (s *scanner) fast(b []byte, part stretch, into *batch) int {
	width, long := s.width, s.width > 32
	kept := len(into.keys)
	keys, counts := into.keys[:cap(into.keys)], into.counts[:cap(into.counts)]
	counts = counts[:min(len(keys), len(counts))]
	rows, widest, high := into.rows, into.widest, into.high
	at, before := 0, -1
	if rows == 0 {
		return 0 // the first row has none before it
	}
	for at+fastLine <= len(b) && kept < len(counts) {
		line := b[at : at+fastLine]
		x0, x1 := hexWord(line), hexWord(line[8:])
		x2, x3 := hexWord(line[16:]), hexWord(line[24:])
		bounds, all := hexBounds(x0)&hexBounds(x1)&hexBounds(x2)&hexBounds(x3), x0|x1|x2|x3
		rest := line[32:]
		if long {
			x4 := hexWord(rest)
			bounds, all, rest = bounds&hexBounds(x4), all|x4, rest[8:]
		}
		digits := binary.LittleEndian.Uint64(rest[1:])
		n := digitsEnd(digits)
		if bounds&^all&highBits != highBits || rest[0] != ':' || n == 0 || n == 8 || rest[1] == '0' {
			break
		}
		end := 1 + n
		if rest[end] == '\r' {
			end++
		}
		if rest[end] != '\n' {
			break
		}
		k := key{high: hexValue(x0)<<32 | hexValue(x1)}
		gap := k.high - high
		if k.high > part.last || gap-1 >= rangeWidth-1 { // 0, and what is below, wraps
			break // the slow path knows what to do
		}
		if !part.short {
			k.low = hexValue(x2)<<32 | hexValue(x3)
		}
		rows++
		high, widest = k.high, max(widest, gap)
		count := digitsValue(digits, n)
		keys[kept], counts[kept] = k, count
		if count >= part.minCount {
			kept++
		}
		before = at
		at += width + end + 1
	}
	if before >= 0 {
		copy(s.tail[:], b[before+16:before+width])
	}
	into.keys, into.counts = keys[:kept], counts[:kept]
	into.rows, into.widest, into.high = rows, widest, high
	return at
}

// slow reads the line at the start of b and returns its size, or zero.
func (s *scanner) slow(b []byte, part stretch, into *batch) int {
	width := s.width
	if len(b) < width+3 || b[width] != ':' || hexLength(b[:width]) != width {
		return 0
	}
	count, digits := hexrow.CutCount(b[width+1:])
	end := width + 1 + digits
	if digits == 0 || count == 0 || end == len(b) {
		return 0
	}
	if b[end] == '\r' {
		end++
	}
	if end == len(b) || b[end] != '\n' {
		return 0
	}
	k := key{hexValue(hexWord(b))<<32 | hexValue(hexWord(b[8:])), hexValue(hexWord(b[16:]))<<32 | hexValue(hexWord(b[24:]))}
	if k.high > part.last || k.high < part.first {
		return 0
	}
	tail := b[16:width]
	if into.rows > 0 && (k.high < into.high || k.high == into.high && !above(tail, s.tail[:len(tail)])) {
		return 0
	}
	copy(s.tail[:], tail)
	into.saw(k.high)
	if count >= part.minCount {
		into.add(k, count)
	}
	return end + 1
}

// above tells whether some hexadecimal characters are above others in either
// case.
func above(a, b []byte) bool {
	for i, c := range a {
		if x, y := c|0x20, b[i]|0x20; x != y {
			return x > y
		}
	}
	return false
}
