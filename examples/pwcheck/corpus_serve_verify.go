package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// verify reads the whole text and returns nil if its lines are well formed and
// in order and no stretch of hashes is missing, of some 64 or more. It tells how
// many bytes it read.
func (t *rangeText) verify(ctx context.Context, tell func(done, total int64)) error {
	buffer := make([]byte, 256<<10)
	var last []byte
	var line int64
	var high, widest uint64 // of the last hash; between neighbours
	for at := int64(0); at < t.size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := t.read(buffer, at)
		if err != nil {
			return fmt.Errorf("the text cannot be read: %w", err)
		}
		whole := bytes.LastIndexByte(b, '\n') + 1
		if whole == 0 {
			return fmt.Errorf("line %d has no end", line+1)
		}
		for text := range bytes.Lines(b[:whole]) {
			line++
			row := bytes.TrimRight(text, "\r\n")
			if err := checkRow(row, t.width); err != nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
			hash := row[:t.width]
			upper(hash)
			if bytes.Compare(last, hash) >= 0 {
				return fmt.Errorf("line %d is out of order or repeats a hash", line)
			}
			last = append(last[:0], hash...)
			now, _ := strconv.ParseUint(string(hash[:16]), 16, 64) // they are digits
			widest, high = max(widest, now-high), now
		}
		at += int64(whole)
		tell(at, t.size)
	}
	widest = max(widest, math.MaxUint64-high)
	if float64(widest)*float64(line) > dense*float64(1<<64) {
		return errors.New("the text lacks hashes: it was cut, or is not whole")
	}
	return nil
}

// upper makes hexadecimal characters those of the service.
func upper(hash []byte) {
	for i, c := range hash {
		if c >= 'a' {
			hash[i] = c - ('a' - 'A')
		}
	}
}

// checkRow refuses what is not some hexadecimal characters, a colon and a count.
func checkRow(row []byte, width int) error {
	if len(row) < width+2 || row[width] != ':' || hexDigits(row[:width]) != width {
		return fmt.Errorf("a row is not %d hexadecimal characters and :COUNT", width)
	}
	if n, err := strconv.ParseUint(string(row[width+1:]), 10, 32); err != nil || n == 0 {
		return errors.New("a count is not a number above zero")
	}
	return nil
}

// verify finds nothing: every file is read whole when it is asked for.
func (r rangeFolder) verify(context.Context, func(done, total int64)) error { return nil }
