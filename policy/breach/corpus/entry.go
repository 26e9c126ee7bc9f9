package corpus

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// entry is what an update knows of one range of hashes.
type entry struct {
	prefix   int
	fresh    bool   // it was answered anew; else it is as the corpus has it
	etag     string // with its quotation marks, or "" if there is none
	modified int64  // Last-Modified in seconds since 1970, or 0
	rows     uint32 // in the answer
	kept     uint32 // of them, those with MinCount or more
	payload  []byte // the kept rows, if fresh
}

const (
	entrySize  = 28 // of the fixed part
	maxETag    = 255
	maxEntry   = 16 << 20 // bytes: more than a range of maxRange needs
	entryFresh = 1 << 0
	entryLast  = 1 << 1 // not a range but the fingerprint of the result
)

var errEntry = errors.New("damaged")

// append appends the bytes of an entry: see FORMAT.md.
func (e *entry) append(b []byte, flags byte) []byte {
	begin := len(b)
	put := binary.LittleEndian
	if e.fresh {
		flags |= entryFresh
	}
	b = put.AppendUint32(b, uint32(entrySize+len(e.etag)+len(e.payload)+4))
	b = put.AppendUint32(b, uint32(e.prefix))
	b = append(b, flags, byte(len(e.etag)), 0, 0)
	b = put.AppendUint64(b, uint64(e.modified))
	b = put.AppendUint32(b, e.rows)
	b = put.AppendUint32(b, e.kept)
	b = append(b, e.etag...)
	b = append(b, e.payload...)
	return put.AppendUint32(b, crc32.Checksum(b[begin:], castagnoli))
}

// entryLength returns how many bytes the entry at the start of b has, which
// has the four that say so.
func entryLength(b []byte) (int, error) {
	n := binary.LittleEndian.Uint32(b)
	if n < entrySize+4 || n > maxEntry {
		return 0, errEntry
	}
	return int(n), nil
}

// parseEntry reads the entry that b is. It does not look into the payload,
// which stays part of b.
func parseEntry(b []byte) (e entry, flags byte, err error) {
	get := binary.LittleEndian
	if n, err := entryLength(b); err != nil || n != len(b) || get.Uint32(b[n-4:]) != crc32.Checksum(b[:n-4], castagnoli) {
		return e, 0, errEntry
	}
	flags, tag := b[8], int(b[9])
	if flags&^(entryFresh|entryLast) != 0 || b[10]|b[11] != 0 || entrySize+tag+4 > len(b) {
		return e, 0, errEntry
	}
	e = entry{
		prefix: int(get.Uint32(b[4:])), fresh: flags&entryFresh != 0,
		modified: int64(get.Uint64(b[12:])), rows: get.Uint32(b[20:]), kept: get.Uint32(b[24:]),
		etag: string(b[entrySize : entrySize+tag]), payload: b[entrySize+tag : len(b)-4],
	}
	if e.kept > e.rows || e.fresh && int64(e.kept) > int64(len(e.payload)) || !e.fresh && flags&entryLast == 0 && len(e.payload) > 0 || !validETag(e.etag) {
		return e, 0, errEntry
	}
	return e, flags, nil
}

// validETag tells whether a text is an entity-tag that can be sent back (RFC
// 9110 section 8.8.3), or empty.
func validETag(tag string) bool {
	if tag == "" {
		return true
	}
	rest := tag
	if len(rest) > 2 && rest[:2] == "W/" {
		rest = rest[2:]
	}
	if len(tag) > maxETag || len(rest) < 2 || rest[0] != '"' || rest[len(rest)-1] != '"' {
		return false
	}
	for i := 1; i < len(rest)-1; i++ {
		if c := rest[i]; c < 0x21 || c == '"' || c == 0x7f {
			return false
		}
	}
	return true
}

// packing is how the kept rows of a range are written: for each the distance
// of its first bits, without those of the range, to the row before, and its
// count, both as variable-length numbers.
type packing struct {
	prefixBits uint // that all rows of a range have in common
	keptBits   uint // of a hash that any corpus with these options may keep
	counts     bool
	least      uint32
}

// newPacking returns the packing for a corpus of some options.
func newPacking(o Options, digits int) packing {
	return packing{
		prefixBits: 4 * uint(digits), keptBits: maxBlockBits + slotBits + uint(o.RemainderBits),
		counts: o.Counts, least: o.MinCount,
	}
}

// pack appends the rows of a batch that have the least count.
func (p packing) pack(b []byte, rows *batch) (packed []byte, kept uint32) {
	before, shift := uint64(0), 64-(p.keptBits-p.prefixBits)
	for i, k := range rows.keys {
		if rows.counts[i] < p.least {
			continue
		}
		value := k.after(p.prefixBits) >> shift
		b = binary.AppendUvarint(b, value-before)
		if p.counts {
			b = binary.AppendUvarint(b, uint64(rows.counts[i]-p.least))
		}
		before = value
		kept++
	}
	return b, kept
}

// unpack adds the rows of an entry that lie in a stretch to a batch.
func (p packing) unpack(e *entry, s stretch, into *batch) error {
	into.grow(int(e.kept))
	value, shift := uint64(0), 64-(p.keptBits-p.prefixBits)
	base := uint64(e.prefix) << (64 - p.prefixBits)
	b := e.payload
	for range e.kept {
		distance, n := binary.Uvarint(b)
		if n <= 0 || distance > math.MaxUint64>>shift-value {
			return errEntry
		}
		b = b[n:]
		value += distance
		count := uint64(p.least)
		if p.counts {
			more, n := binary.Uvarint(b)
			if n <= 0 || more > math.MaxUint32-count {
				return errEntry
			}
			b, count = b[n:], count+more
		}
		k := key{base | value<<shift>>p.prefixBits, value << shift << (64 - p.prefixBits)}
		if k.high < s.first || k.high > s.last {
			continue
		}
		into.saw(k.high)
		if uint32(count) >= s.minCount {
			into.add(k, uint32(count))
		}
	}
	if len(b) > 0 {
		return errEntry
	}
	return nil
}
