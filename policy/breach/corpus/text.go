package corpus

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"sync"

	"github.com/tillkey/tillkey/policy/breach/internal/hexrow"
)

// TextFile is a sorted text of leaked hashes, as the downloaders of Pwned
// Passwords write it: one line HASH:COUNT per password, with all hexadecimal
// characters of the hash in either case, in ascending order, each hash once,
// and a count of 1 to 4294967295. Every line ends with LF or CRLF, the last one
// too, since a cut number cannot be told from a whole one.
func TextFile(path string) Source { return textFile(path) }

type textFile string

func (path textFile) open(_ context.Context, w workspace) (reader, error) {
	f, err := os.Open(string(path))
	if err != nil {
		return nil, unopened(string(path), err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, unopened(string(path), err)
	}
	return &text{reader: f, length: info.Size(), name: string(path), kind: w.kind, closer: f}, nil
}

// TextReader is TextFile for a text that is not a file. The reader must allow
// parallel calls, as [io.ReaderAt] demands, and its content must not change.
func TextReader(r io.ReaderAt, size int64) Source { return textReader{r, size} }

type textReader struct {
	reader io.ReaderAt
	length int64
}

func (r textReader) open(_ context.Context, w workspace) (reader, error) {
	return &text{reader: r.reader, length: r.length, name: "text", kind: w.kind}, nil
}

const (
	textBuffer = 256 << 10
	// probeSize is what one step of a search reads, some 90 lines.
	probeSize = 4096
	// probes is how many places a text is sampled at.
	probeBits = 7
	probes    = 1 << probeBits
)

// text is a sorted text that is being read.
type text struct {
	reader io.ReaderAt
	length int64
	name   string
	kind   Kind
	closer io.Closer // nil if the caller keeps the reader

	mu    sync.Mutex
	parts []textPart
}

// textPart is where the lines of a stretch are.
type textPart struct {
	first      uint64
	begin, end int64
}

func (t *text) facts() facts {
	return facts{size: t.length, depth: 128, counted: true, least: 1}
}

func (t *text) longest() int     { return t.kind.width() + 1 + hexrow.MaxCountDigits + 2 }
func (t *text) scanner() scanner { return scanner{width: t.kind.width()} }

func (t *text) close() {
	if t.closer != nil {
		_ = t.closer.Close() // it was only read
	}
}

// expect samples the text.
func (t *text) expect(minCount uint32) (keys, deviation float64, err error) {
	var sample batch
	var size int64
	buffer := make([]byte, probeSize)
	for i := range int64(probes) {
		sample.reset()
		lines, err := t.probe(buffer, t.length/probes*i)
		if err != nil {
			return 0, 0, err
		}
		s := t.scanner()
		n := s.scan(lines, stretch{last: math.MaxUint64, minCount: minCount}, &sample)
		if n < len(lines) {
			return 0, 0, t.diagnose()
		}
		keys += float64(len(sample.keys))
		size += int64(n)
		if size == t.length {
			return keys, 0, nil
		}
	}
	if size == 0 {
		return 0, 0, t.diagnose()
	}
	return keys * float64(t.length) / float64(size), 0.002 + 4/math.Sqrt(keys+1), nil
}

// probe reads the whole lines from an offset on, or from the next line if the
// offset is not the beginning.
func (t *text) probe(buffer []byte, at int64) ([]byte, error) {
	b := buffer[:min(int64(len(buffer)), t.length-at)]
	if err := readFull(t.reader, b, at); err != nil {
		return nil, t.unreadable(err)
	}
	if at > 0 {
		b = b[bytes.IndexByte(b, '\n')+1:]
	}
	return b[:bytes.LastIndexByte(b, '\n')+1], nil
}

func (t *text) unreadable(err error) error {
	return &FileError{Name: t.name, Problem: "cannot be read", Remedy: "check the disk, and whether the file was changed meanwhile", Err: err}
}

// finish checks that the stretches follow each other in the text.
func (t *text) finish() error {
	slices.SortFunc(t.parts, func(a, b textPart) int {
		if a.first < b.first {
			return -1
		}
		return 1
	})
	end := int64(0)
	for _, p := range t.parts {
		if p.begin != end {
			return t.diagnose()
		}
		end = p.end
	}
	t.parts = t.parts[:0]
	if end != t.length {
		return t.diagnose()
	}
	return nil
}

func (t *text) cursor() cursor {
	return &textCursor{text: t, scanner: t.scanner(), buffer: make([]byte, textBuffer)}
}

// textCursor reads stretches of a text.
type textCursor struct {
	*text
	scanner
	buffer  []byte
	last    textPart // the stretch before
	reached uint64   // its last hash
}

func (c *textCursor) load(ctx context.Context, s stretch, into *batch) error {
	begin, err := c.seek(s.first)
	if err != nil {
		return err
	}
	end := begin
	for more := true; more && end < c.length; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, goesOn, err := c.loadPart(end, s, into)
		if err != nil {
			return err
		}
		end, more = end+int64(n), goesOn
	}
	into.bytes += end - begin
	c.last, c.reached = textPart{s.first, begin, end}, s.last
	c.mu.Lock()
	c.parts = append(c.parts, c.last)
	c.mu.Unlock()
	return nil
}

// loadPart reads some lines of a stretch, returns their bytes and tells whether
// more may follow.
func (c *textCursor) loadPart(at int64, s stretch, into *batch) (n int, more bool, err error) {
	b, err := c.peek(at, len(c.buffer))
	if err != nil {
		return 0, false, err
	}
	n = c.scan(b, s, into)
	rest := b[n:]
	if len(rest) < c.longest() && at+int64(len(b)) < c.length {
		return n, true, nil // the line goes on behind
	}
	if high, ok := highOf(rest); len(rest) > 0 && (!ok || high <= s.last) {
		return n, false, c.diagnose()
	}
	return n, false, nil
}

// highOf returns the beginning of the hash of the line at the start of b.
func highOf(b []byte) (uint64, bool) {
	if len(b) < 16 {
		return 0, false
	}
	x0, x1 := hexWord(b), hexWord(b[8:])
	return hexValue(x0)<<32 | hexValue(x1), hexMask(x0)&hexMask(x1) == highBits
}
