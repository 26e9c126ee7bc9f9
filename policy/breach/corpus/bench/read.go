package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
)

// sortedText is the text that the filters are built from. Its reader checks
// nothing, which favours them.
type sortedText struct {
	file *os.File
	size int64
}

func openText(path string) (*sortedText, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	return &sortedText{f, info.Size()}, err
}

// shard reads the hashes that begin with a byte.
func (t *sortedText) shard(shard int, keys []uint64) []uint64 {
	begin, end := t.seek(shard), t.seek(shard+1)
	buffer := make([]byte, 256<<10)
	for begin < end {
		b := buffer[:min(int64(len(buffer)), end-begin)]
		if _, err := io.ReadFull(io.NewSectionReader(t.file, begin, int64(len(b))), b); err != nil {
			panic(err)
		}
		b = b[:bytes.LastIndexByte(b, '\n')+1]
		begin += int64(len(b))
		for len(b) > 0 {
			keys = append(keys, hexKey(b))
			b = b[40+bytes.IndexByte(b[40:min(len(b), 60)], '\n')+1:]
		}
	}
	return keys
}

// seek returns where the hashes of a shard begin.
func (t *sortedText) seek(shard int) int64 {
	if shard >= shards {
		return t.size
	}
	low, high := int64(0), t.size
	b := make([]byte, 128)
	for low < high {
		middle := (low + high) / 2
		n, _ := t.file.ReadAt(b, middle)
		skip := bytes.IndexByte(b[:n], '\n') + 1
		if middle+int64(skip) >= t.size || int(hexKey(b[skip:])>>56) >= shard {
			high = middle
		} else {
			low = middle + int64(skip)
		}
	}
	// What lies behind a place within a line is the next line, so the search may
	// end one too early.
	n, _ := t.file.ReadAt(b, low)
	if low < t.size && int(hexKey(b[:n])>>56) < shard {
		low += int64(bytes.IndexByte(b[:n], '\n') + 1)
	}
	return low
}

// hexKey reads sixteen hexadecimal characters.
func hexKey(b []byte) uint64 {
	return hexHalf(binary.BigEndian.Uint64(b))<<32 | hexHalf(binary.BigEndian.Uint64(b[8:]))
}

func hexHalf(x uint64) uint64 {
	v := x&0x0f0f0f0f0f0f0f0f + x>>6&0x0101010101010101*9
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff
}
