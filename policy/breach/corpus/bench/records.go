package main

import "encoding/binary"

// records are 12 bytes each, the first 8 of a hash and its count, in order.
type records []byte

const recordSize = 12

func buildRecords(s synth) records {
	all := make(records, 0, (s.n+s.n/64+1024)*recordSize)
	var room []entry
	for p := range prefixes {
		room = s.entries(p, room)
		for _, e := range room {
			all = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint64(all, e.high), e.count)
		}
	}
	return all
}

func (r records) key(i int) uint64 { return binary.LittleEndian.Uint64(r[i*recordSize:]) }

func (r records) at(i int, e *entry) int {
	if i < len(r)/recordSize && r.key(i) == e.high {
		return int(binary.LittleEndian.Uint32(r[i*recordSize+8:]))
	}
	return 0
}

// binarySearch is a contender.
type binarySearch struct{ records }

func (b binarySearch) count(e *entry) int {
	low, high := 0, len(b.records)/recordSize
	for low < high {
		middle := int(uint(low+high) / 2)
		if b.key(middle) < e.high {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return b.at(low, e)
}

// interpolation is a contender: it guesses the place and walks from there.
type interpolation struct{ records }

func (b interpolation) count(e *entry) int {
	n := len(b.records) / recordSize
	low, high := 0, n // the place lies within
	above, below := uint64(0), ^uint64(0)
	for range 4 {
		if high-low < 16 || below <= above {
			break
		}
		i := low + int(float64(high-low-1)*(float64(e.high-above)/float64(below-above)))
		i = min(max(i, low), high-1)
		if k := b.key(i); k < e.high {
			low, above = i+1, k
			// The rest is near: a step beyond brackets it.
			if j := min(i+64, high-1); b.key(j) >= e.high {
				high, below = j+1, b.key(j)
			}
		} else {
			high, below = i+1, k
			if j := max(i-64, low); b.key(j) < e.high {
				low, above = j+1, b.key(j)
			}
		}
	}
	for low < high {
		middle := int(uint(low+high) / 2)
		if b.key(middle) < e.high {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return b.at(low, e)
}
