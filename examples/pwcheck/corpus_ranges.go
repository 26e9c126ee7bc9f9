package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	rangeDigits = 5
	rangeCount  = 1 << (4 * rangeDigits)
	maxRange    = 16 << 20 // bytes
	// dense is from how many rows a range on an empty one is a hole, not chance.
	dense = 64
)

// ranges gives the rows of one range after the other, each SUFFIX:COUNT, with
// CRLF between them. Its errors say what is wrong with the source, and not
// which range was asked for: that begins the hash of a password.
type ranges interface {
	rows(prefix int) ([]byte, error)
	// verify checks what rows alone cannot.
	verify(ctx context.Context, tell func(done, total int64)) error
	modified() time.Time
	close()
}

// openRanges opens a sorted text or a folder of range files.
func openRanges(path string, width int) (ranges, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, failed("%s cannot be read: %s", path, cause(err))
	}
	if info.IsDir() {
		for _, form := range []string{"%05X", "%05X.txt", "%05x", "%05x.txt"} {
			if _, err := os.Stat(filepath.Join(path, fmt.Sprintf(form, 10))); err == nil {
				return rangeFolder{path, form, width, info.ModTime()}, nil
			}
		}
		return nil, failed("%s lacks the file of range 0000A", path)
	}
	format, err := formatOf(path)
	if err != nil {
		return nil, err
	}
	if format != fromText {
		return nil, misused("%s is no text of HASH:COUNT and no folder of ranges.", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, failed("%s cannot be read: %s", path, cause(err))
	}
	t := &rangeText{file: f, size: info.Size(), width: width, at: info.ModTime()}
	// The first and the last line tell whether it can be served at all.
	for _, prefix := range []int{0, rangeCount - 1} {
		if _, err := t.rows(prefix); err != nil {
			f.Close()
			return nil, failed("%s cannot be served: %s", path, err)
		}
	}
	return t, nil
}

// rangeFolder is a folder with a file for each range.
type rangeFolder struct {
	path, form string
	width      int
	at         time.Time
}

func (r rangeFolder) modified() time.Time { return r.at }
func (r rangeFolder) close()              {}

func (r rangeFolder) rows(prefix int) ([]byte, error) {
	f, err := os.Open(filepath.Join(r.path, fmt.Sprintf(r.form, prefix)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("its file is missing")
	}
	if err != nil {
		return nil, fmt.Errorf("its file cannot be read: %s", cause(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRange+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its file cannot be read: %s", cause(err))
	case len(b) > maxRange || len(b) == 0:
		return nil, errors.New("its file is empty or too large")
	}
	var body body
	for line := range bytes.Lines(b) {
		if err := body.add(bytes.TrimRight(line, "\r\n"), r.width-rangeDigits); err != nil {
			return nil, fmt.Errorf("its file: %w", err)
		}
	}
	return body.b, nil
}

// body collects the rows of a range.
type body struct {
	b    []byte
	last []byte // suffix
}

// add adds a row, which must be whole and follow the one before.
func (b *body) add(row []byte, width int) error {
	if err := checkRow(row, width); err != nil {
		return err
	}
	if suffix := bytes.ToUpper(row[:width]); bytes.Compare(b.last, suffix) >= 0 {
		return errors.New("rows are not in order")
	} else {
		b.last = suffix
	}
	if len(b.b) > 0 {
		b.b = append(b.b, "\r\n"...)
	}
	b.b = append(b.b, row...)
	return nil
}

func hexDigits(b []byte) int {
	for i, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return i
		}
	}
	return len(b)
}

// rangeText is a sorted text.
type rangeText struct {
	file  *os.File
	size  int64
	width int
	at    time.Time
}

func (t *rangeText) modified() time.Time { return t.at }
func (t *rangeText) close()              { t.file.Close() }

func (t *rangeText) rows(prefix int) ([]byte, error) {
	if info, err := t.file.Stat(); err != nil || info.Size() != t.size || !info.ModTime().Equal(t.at) {
		return nil, errors.New("the text was changed in its place: start again")
	}
	at, err := t.find(prefix)
	if err != nil {
		return nil, err
	}
	var body body
	buffer := make([]byte, 128<<10)
	for at < t.size {
		b, err := t.read(buffer, at)
		if err != nil {
			return nil, err
		}
		whole := bytes.LastIndexByte(b, '\n') + 1
		if whole == 0 {
			return nil, errors.New("the text has a line without an end")
		}
		for line := range bytes.Lines(b[:whole]) {
			p, err := t.prefix(line)
			if err != nil {
				return nil, err
			}
			if p > prefix {
				return t.dense(body.b)
			}
			if err := body.add(bytes.TrimRight(line, "\r\n")[rangeDigits:], t.width-rangeDigits); err != nil || p < prefix {
				return nil, errors.Join(errors.New("the text is not sorted lines HASH:COUNT"), err)
			}
			if len(body.b) > maxRange {
				return nil, errors.New("a range is too large")
			}
		}
		at += int64(whole)
	}
	return t.dense(body.b)
}

// dense refuses a range without rows in a text that cannot have one.
func (t *rangeText) dense(rows []byte) ([]byte, error) {
	if len(rows) == 0 && t.size/int64(t.width+5) > dense*rangeCount {
		return nil, errors.New("the text lacks the range")
	}
	return rows, nil
}

// find returns where the first line is whose hash begins with a prefix or more.
func (t *rangeText) find(prefix int) (int64, error) {
	low, high := int64(0), t.size // a line begins at low; none at or behind high is below
	buffer := make([]byte, 256)
	for low < high {
		// The first line that begins at the middle or behind it.
		middle := (low + high) / 2
		at := middle
		if middle > low {
			b, err := t.read(buffer, middle-1)
			if err != nil {
				return 0, err
			}
			n := bytes.IndexByte(b, '\n')
			if n < 0 {
				return 0, errors.New("the text has a line without an end")
			}
			at = middle - 1 + int64(n) + 1
		}
		if at >= high {
			high = middle
			continue
		}
		b, err := t.read(buffer, at)
		if err != nil {
			return 0, err
		}
		p, err := t.prefix(b)
		switch n := bytes.IndexByte(b, '\n'); {
		case err != nil:
			return 0, err
		case n < 0:
			return 0, errors.New("the text has a line without an end")
		case p < prefix:
			low = at + int64(n) + 1
		default:
			high = middle
		}
	}
	return low, nil
}

// prefix reads the range of the line at the start of b.
func (t *rangeText) prefix(b []byte) (int, error) {
	if len(b) < t.width+3 || hexDigits(b[:t.width]) != t.width || b[t.width] != ':' {
		return 0, fmt.Errorf("the text has a line without a hash of %d characters", t.width)
	}
	p, err := strconv.ParseUint(string(b[:rangeDigits]), 16, 32)
	return int(p), err
}

func (t *rangeText) read(buffer []byte, at int64) ([]byte, error) {
	n, err := t.file.ReadAt(buffer[:min(int64(len(buffer)), t.size-at)], at)
	if err != nil && err != io.EOF {
		return nil, errors.New(cause(err))
	}
	return buffer[:n], nil
}
