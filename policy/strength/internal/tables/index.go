package tables

import (
	"errors"
	"math/bits"
	"slices"
)

// perBucket is how many entries a bucket holds on average.
const perBucket = 6

// index maps hashes to small values. A hash chooses a bucket; in the bucket
// the entries lie side by side, each a fingerprint of width bytes and a value
// of one byte. Nothing of the hashed text is kept.
type index struct {
	buckets uint64
	offsets string // three bytes a bucket and one more, little end first
	prints  string // width bytes an entry
	values  string // one byte an entry
}

// find2 looks a fingerprint of 16 bits up.
func (x index) find2(h uint64) (byte, bool) {
	b, _ := bits.Mul64(h, x.buckets)
	from, to := x.offset(b), x.offset(b+1)
	lo, hi := byte(h), byte(h>>8)
	for i := from; i < to; i++ {
		if x.prints[2*i] == lo && x.prints[2*i+1] == hi {
			return x.values[i], true
		}
	}
	return 0, false
}

// find3 looks a fingerprint of 22 bits up. It returns the value and the two
// bits that are stored with the fingerprint.
func (x index) find3(h uint64) (value, kind byte, ok bool) {
	b, _ := bits.Mul64(h, x.buckets)
	from, to := x.offset(b), x.offset(b+1)
	lo, mid, hi := byte(h), byte(h>>8), byte(h>>16)&0x3f
	for i := from; i < to; i++ {
		if x.prints[3*i] == lo && x.prints[3*i+1] == mid && x.prints[3*i+2]&0x3f == hi {
			return x.values[i], x.prints[3*i+2] >> 6, true
		}
	}
	return 0, 0, false
}

func (x index) offset(b uint64) int {
	p := x.offsets[3*b : 3*b+3]
	return int(p[0]) | int(p[1])<<8 | int(p[2])<<16
}

// valid returns an error unless every look-up stays within the index.
func (x index) valid(width int) error {
	n := len(x.values)
	if x.buckets == 0 || uint64(len(x.offsets)) != 3*(x.buckets+1) || len(x.prints) != width*n {
		return errors.New("tables: sizes of an index do not fit")
	}
	last := 0
	for b := range x.buckets + 1 {
		next := x.offset(b)
		if next < last || next > n {
			return errors.New("tables: offsets of an index fall")
		}
		last = next
	}
	if last != n || x.offset(0) != 0 {
		return errors.New("tables: an index does not hold its entries")
	}
	return nil
}

// entry is what an index is made of.
type entry struct {
	hash  uint64
	kind  byte
	value byte
}

// newIndex packs entries. Of entries that cannot be told apart the one with
// the smallest value is kept, whatever the order.
func newIndex(entries []entry, width int) index {
	mask := uint64(1)<<16 - 1
	if width == 3 {
		mask = 1<<22 - 1
	}
	x := index{buckets: uint64(len(entries)/perBucket + 1)}
	bucket := func(e entry) uint64 { b, _ := bits.Mul64(e.hash, x.buckets); return b }
	slices.SortFunc(entries, func(a, b entry) int {
		if c := int(bucket(a)) - int(bucket(b)); c != 0 {
			return c
		}
		if c := int(a.hash&mask) - int(b.hash&mask); c != 0 {
			return c
		}
		if c := int(a.value) - int(b.value); c != 0 {
			return c
		}
		return int(a.kind) - int(b.kind)
	})
	var offsets, prints, values []byte
	next := 0
	for b := range x.buckets + 1 {
		for next < len(entries) && bucket(entries[next]) < b {
			e := entries[next]
			next++
			if next > 1 && bucket(entries[next-2]) == bucket(e) && entries[next-2].hash&mask == e.hash&mask {
				continue
			}
			prints = append(prints, byte(e.hash), byte(e.hash>>8))
			if width == 3 {
				prints = append(prints, byte(e.hash>>16)&0x3f|e.kind<<6)
			}
			values = append(values, e.value)
		}
		offsets = append(offsets, byte(len(values)), byte(len(values)>>8), byte(len(values)>>16))
	}
	x.offsets, x.prints, x.values = string(offsets), string(prints), string(values)
	return x
}
