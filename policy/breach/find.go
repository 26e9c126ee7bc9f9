package breach

import (
	"bytes"
	"context"
)

const (
	// blockSize is what one step of a look-up reads: one page, some 90 lines.
	blockSize = 4096
	// freeSteps may all be interpolated; in a file of evenly spread hashes four
	// are enough. After them every second step halves the rest, so that no
	// file makes a look-up longer than about twice a binary search.
	freeSteps = 8
)

// span is the part of the file that can still hold a hash. The bytes from low
// to high are whole lines. The hash lies between above and below, which are the
// hashes of the lines around the span; at the ends of the file they are those
// of the first and the last line itself.
type span struct {
	low, high    int64
	above, below digest
}

// find returns the count of a hash. Its errors name no place in the file.
func (f *File) find(ctx context.Context, hash digest) (uint32, *UncheckedError) {
	if hash.less(f.first) || f.last.less(hash) {
		return 0, f.alive(ctx)
	}
	block := f.blocks.Get().(*[blockSize]byte)
	defer f.blocks.Put(block)
	rest := span{high: f.size, above: f.first, below: f.last}
	for step := 0; rest.low < rest.high; step++ {
		if err := ctx.Err(); err != nil {
			return 0, &UncheckedError{Source: fileSource, Reason: ReasonCanceled, Err: err}
		}
		at := rest.guess(hash, step >= freeSteps && step%2 == 0)
		lines, at, failure := f.lines(block, at, rest)
		if failure != nil {
			return 0, failure
		}
		first, n := cutLine(lines)
		last, m := cutLine(lines[lastLine(lines):])
		switch {
		case n == 0 || m == 0:
			return 0, &UncheckedError{Source: fileSource, Reason: ReasonMalformed}
		case !f.fits(rest, at, first.hash, at+int64(len(lines)), last.hash):
			return 0, &UncheckedError{Source: fileSource, Reason: ReasonUnsorted}
		case hash.less(first.hash):
			rest.high, rest.below = at, first.hash
		case last.hash.less(hash):
			rest.low, rest.above = at+int64(len(lines)), last.hash
		default:
			return scan(lines, hash)
		}
	}
	return 0, nil
}

// alive tells whether a look-up that needs no read could have made one.
func (f *File) alive(ctx context.Context) *UncheckedError {
	if err := ctx.Err(); err != nil {
		return &UncheckedError{Source: fileSource, Reason: ReasonCanceled, Err: err}
	}
	block := f.blocks.Get().(*[blockSize]byte)
	defer f.blocks.Put(block)
	return f.read(block[:1], f.size-1)
}

// guess returns where to read next, between low and high.
func (s span) guess(hash digest, halve bool) int64 {
	share := 0.5
	if width := float64(s.below.high - s.above.high); !halve && width > 0 {
		share = float64(hash.high-s.above.high) / width
	}
	room := s.high - s.low
	return s.low + min(int64(share*float64(room)), room)
}

// lines reads the block around an offset and returns the whole lines in it and
// where they begin.
func (f *File) lines(block *[blockSize]byte, at int64, rest span) ([]byte, int64, *UncheckedError) {
	at = max(min(at-blockSize/2, rest.high-blockSize), rest.low)
	b := block[:min(blockSize, rest.high-at)]
	if failure := f.read(b, at); failure != nil {
		return nil, 0, failure
	}
	if at+int64(len(b)) < rest.high {
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	if at > rest.low {
		skip := nextLine(b)
		if skip == 0 {
			return nil, 0, &UncheckedError{Source: fileSource, Reason: ReasonMalformed}
		}
		b, at = b[skip:], at+int64(skip)
	}
	if len(b) == 0 {
		return nil, 0, &UncheckedError{Source: fileSource, Reason: ReasonMalformed}
	}
	return b, at, nil
}

// fits tells whether lines that begin and end at the given offsets with the
// given hashes are in order within the span, and whether the ends of the file
// are still those that were there when it was opened.
func (f *File) fits(rest span, begin int64, first digest, end int64, last digest) bool {
	fitsLow, fitsHigh := rest.above.less(first), last.less(rest.below)
	if begin == 0 {
		fitsLow = first == f.first
	}
	if end == f.size {
		fitsHigh = last == f.last
	}
	return fitsLow && fitsHigh && !last.less(first)
}

// scan looks for a hash between the first and the last of a few lines, and
// refuses them if any is malformed or out of order.
func scan(lines []byte, hash digest) (uint32, *UncheckedError) {
	var previous line
	var found uint32
	for begin := true; len(lines) > 0; begin = false {
		l, n := cutLine(lines)
		if n == 0 {
			return 0, &UncheckedError{Source: fileSource, Reason: ReasonMalformed}
		}
		if !begin && !previous.hash.less(l.hash) {
			return 0, &UncheckedError{Source: fileSource, Reason: ReasonUnsorted}
		}
		if l.hash == hash {
			found = l.count
		}
		previous, lines = l, lines[n:]
	}
	return found, nil
}
