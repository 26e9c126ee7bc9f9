package corpus

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"os"
)

// recordSize is the bytes of a record on disk.
const recordSize = 24

// record is a whole hash with its count.
type record struct {
	key
	rest  uint32 // the last 32 bits of a SHA-1
	count uint32
}

func (r record) compare(other record) int {
	if c := r.key.compare(other.key); c != 0 {
		return c
	}
	return cmp.Compare(r.rest, other.rest)
}

// add adds the count of another record of the same hash.
func (r *record) add(other record) {
	r.count = uint32(min(uint64(r.count)+uint64(other.count), math.MaxUint32))
}

func (r record) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, r.high)
	b = binary.LittleEndian.AppendUint64(b, r.low)
	b = binary.LittleEndian.AppendUint32(b, r.rest)
	return binary.LittleEndian.AppendUint32(b, r.count)
}

func parseRecord(b []byte) record {
	return record{
		key:   key{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])},
		rest:  binary.LittleEndian.Uint32(b[16:]),
		count: binary.LittleEndian.Uint32(b[20:]),
	}
}

// records is sorted records on disk that are being read.
type records struct {
	file *os.File
	name string
	n    int64
}

func (r *records) facts() facts {
	return facts{size: r.n * recordSize, depth: 128, counted: true, least: 1}
}

// expect counts a sample if counts matter.
func (r *records) expect(minCount uint32) (keys, deviation float64, err error) {
	if minCount <= 1 {
		return float64(r.n), 0, nil
	}
	const each = 128
	buffer := make([]byte, each*recordSize)
	read := 0
	for i := range int64(probes) {
		at := min(r.n/probes*i, max(r.n-each, 0))
		b := buffer[:min(each, r.n)*recordSize]
		if err := readFull(r.file, b, at*recordSize); err != nil {
			return 0, 0, err
		}
		for ; len(b) > 0; b = b[recordSize:] {
			read++
			if parseRecord(b).count >= minCount {
				keys++
			}
		}
	}
	return keys / float64(max(read, 1)) * float64(r.n), 0.002 + 4/math.Sqrt(keys+1), nil
}

func (r *records) cursor() cursor {
	return &recordCursor{records: r, buffer: make([]byte, textBuffer/recordSize*recordSize)}
}

func (r *records) finish() error { return nil }

func (r *records) hole(uint64) error {
	return &FileError{Name: r.name, Problem: "holds no password", Remedy: "give a text with one password per line"}
}

func (r *records) close() { discardScratch(r.file) }

type recordCursor struct {
	*records
	buffer []byte
	next   int64 // after the stretch before
	after  uint64
}

func (c *recordCursor) load(ctx context.Context, s stretch, into *batch) error {
	at, err := c.seek(s.first)
	if err != nil {
		return err
	}
	for at < c.n {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := c.buffer[:min(int64(len(c.buffer)), (c.n-at)*recordSize)]
		if err := readFull(c.file, b, at*recordSize); err != nil {
			return err
		}
		for ; len(b) > 0; b = b[recordSize:] {
			r := parseRecord(b)
			if r.high > s.last {
				c.next, c.after = at, s.last
				return nil
			}
			into.saw(r.high)
			into.bytes += recordSize
			if r.count >= s.minCount {
				into.add(r.key, r.count)
			}
			at++
		}
	}
	c.next, c.after = at, s.last
	return nil
}

// seek returns the first record whose hash begins with at least some bits.
func (c *recordCursor) seek(first uint64) (int64, error) {
	low, high := int64(0), c.n
	if c.after < first {
		low = c.next
	}
	for low < high {
		middle := (low + high) / 2
		b := c.buffer[:8]
		if err := readFull(c.file, b, middle*recordSize); err != nil {
			return 0, err
		}
		if binary.LittleEndian.Uint64(b) < first {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}
