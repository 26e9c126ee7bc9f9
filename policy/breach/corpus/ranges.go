package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
)

// RangeDir is a folder of the 1,048,576 ranges of Pwned Passwords, one file each,
// named by its five hexadecimal characters with or without ".txt". A file has
// rows SUFFIX:COUNT in ascending order, as the range interface answers without
// padding: LF or CRLF between them, and after the last one or not.
func RangeDir(path string) Source { return rangeFS{files: os.DirFS(path), name: path} }

// RangeFS is RangeDir for any file system.
func RangeFS(files fs.FS) Source { return rangeFS{files: files, name: "ranges"} }

const (
	rangeBits   = 20
	rangePrefix = rangeBits / 4
	// maxRange bounds, in bytes, a file of a range: 200 times the largest of 2026.
	maxRange = 16 << 20
)

type rangeFS struct {
	files fs.FS
	name  string
}

func (r rangeFS) open(_ context.Context, w workspace) (reader, error) {
	// Zeros tell the ending, the first letter tells the case.
	for _, form := range []string{"%05X", "%05X.txt", "%05x", "%05x.txt"} {
		if _, err := fs.Stat(r.files, fmt.Sprintf(form, 10)); err == nil {
			return &ranges{rangeFS: r, form: form, kind: w.kind, mean: -1}, nil
		}
	}
	return nil, &FileError{Name: r.name, Problem: "lacks the file of range 0000A", Remedy: "give a folder with a file for each of the 1048576 ranges"}
}

// ranges is a folder of ranges that is being read.
type ranges struct {
	rangeFS
	form string // of a file's name
	kind Kind
	mean float64 // bytes of a range, once sampled
}

func (r *ranges) facts() facts {
	if r.mean < 0 {
		r.sample()
	}
	return facts{size: int64(r.mean * (1 << rangeBits)), depth: 128, counted: true, least: 1}
}

// sample estimates the size of a range. What cannot be read fails later.
func (r *ranges) sample() {
	total, read := int64(0), 0
	for i := range probes {
		if info, err := fs.Stat(r.files, fmt.Sprintf(r.form, i<<rangeBits/probes)); err == nil {
			total += info.Size()
			read++
		}
	}
	r.mean = float64(total) / float64(max(read, 1))
}

func (r *ranges) expect(minCount uint32) (keys, deviation float64, err error) {
	c := r.newCursor()
	var sample batch
	for i := range uint64(probes) {
		first := i << (64 - probeBits)
		s := stretch{first: first, last: first + rangeWidth - 1, minCount: minCount}
		if err := c.load(context.Background(), s, &sample); err != nil {
			return 0, 0, err
		}
	}
	keys = float64(len(sample.keys))
	return keys / probes * (1 << rangeBits), 0.002 + 4/math.Sqrt(keys+1), nil
}

func (r *ranges) cursor() cursor { return r.newCursor() }

func (r *ranges) newCursor() *rangeCursor {
	return &rangeCursor{ranges: r, scanner: scanner{width: r.kind.width()}}
}

// finish finds nothing: every range was read whole.
func (r *ranges) finish() error { return nil }

func (r *ranges) hole(uint64) error {
	return &FileError{Name: r.name, Problem: "has ranges with too few rows", Remedy: remedyComplete}
}

func (r *ranges) close() {}

// rangeCursor reads ranges.
type rangeCursor struct {
	*ranges
	scanner
	file  bytes.Buffer
	lines []byte // of the file, with the whole hashes
}

func (c *rangeCursor) load(ctx context.Context, s stretch, into *batch) error {
	for prefix := s.first / rangeWidth; prefix <= s.last/rangeWidth; prefix++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := fmt.Sprintf(c.form, prefix)
		if err := c.read(name); err != nil {
			return err
		}
		into.bytes += int64(c.file.Len())
		one := s
		one.first, one.last = prefix*rangeWidth, prefix*rangeWidth+rangeWidth-1
		if err := c.add(name, prefix, one, into); err != nil {
			return err
		}
	}
	return nil
}

// read reads a file.
func (c *rangeCursor) read(name string) error {
	f, err := c.files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return c.bad(name, 0, "is missing", remedyComplete, nil)
	}
	if err == nil {
		c.file.Reset()
		_, err = c.file.ReadFrom(io.LimitReader(f, maxRange+1))
		_ = f.Close() // it was only read
	}
	switch {
	case err != nil:
		return c.bad(name, 0, "cannot be read", "check the disk", err)
	case c.file.Len() > maxRange:
		return c.bad(name, 0, "is too large to be a range", remedyComplete, nil)
	case c.file.Len() == 0:
		return c.bad(name, 0, "holds no row", remedyComplete, nil)
	}
	return nil
}

// add adds the rows of the file that was read.
func (c *rangeCursor) add(name string, prefix uint64, s stretch, into *batch) error {
	c.lines = c.lines[:0]
	begin := fmt.Sprintf("%05X", prefix)
	for rest := c.file.Bytes(); len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n == 0 {
			n = len(rest)
		}
		c.lines = append(append(c.lines, begin...), rest[:n]...)
		rest = rest[n:]
	}
	if c.lines[len(c.lines)-1] != '\n' {
		c.lines = append(c.lines, '\n')
	}
	n := c.scan(c.lines, s, into)
	if n == len(c.lines) {
		return nil
	}
	line := int64(bytes.Count(c.lines[:n], []byte("\n"))) + 1
	problem, remedy := describe(c.kind, c.lines[n:], into.high)
	return c.bad(name, line, problem, remedy, nil)
}

func (c *rangeCursor) bad(name string, line int64, problem, remedy string, err error) error {
	path := name
	if c.name != "ranges" {
		path = strings.TrimSuffix(c.name, "/") + "/" + name
	}
	return &FileError{Name: path, Line: line, Problem: problem, Remedy: remedy, Err: err}
}
