package main

import (
	"bufio"
	"io"
)

// lineReader reads lines that end with LF or CRLF; the last one may end with
// the input. It holds no more of a line than it returns.
type lineReader struct {
	in    *bufio.Reader
	limit int // bytes
}

func newLineReader(in io.Reader, limit int) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(in, 64<<10), limit: limit}
}

// next returns the next line without its end. A line of more than limit bytes
// is cut to limit+1. The error is io.EOF after the last line.
func (r *lineReader) next() (string, error) {
	var kept []byte
	total := 0
	most := r.limit + len("x\r\n") // the least that tells a line over the limit
	for {
		chunk, err := r.in.ReadSlice('\n')
		total += len(chunk)
		kept = append(kept, chunk[:min(len(chunk), most-len(kept))]...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && total == 0, err != nil && err != io.EOF:
			return "", err
		case err == nil && total == len(kept):
			kept = kept[:len(kept)-1]
			if n := len(kept); n > 0 && kept[n-1] == '\r' {
				kept = kept[:n-1]
			}
		}
		return string(kept[:min(len(kept), r.limit+1)]), nil
	}
}
