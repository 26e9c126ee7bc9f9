package corpus

import "slices"

// stretch is a part of all hashes, which are taken in by their first 64 bits.
type stretch struct {
	first, last uint64 // both within
	minCount    uint32 // rarer keys are left out
	short       bool   // the first 64 bits of a key are enough
}

// batch is keys in ascending order with their counts.
type batch struct {
	keys   []key
	counts []uint32
	rows   int64  // read, with those left out
	widest uint64 // distance between neighbours among them
	low    uint64 // the first of them
	high   uint64 // the last of them
	lacks  bool   // a whole range of Pwned Passwords between two of them
	bytes  int64  // of the source

	dropped int64 // rows that were left out
}

func (b *batch) reset() {
	b.keys, b.counts = b.keys[:0], b.counts[:0]
	b.lacks = false
	b.rows, b.widest, b.low, b.high, b.bytes, b.dropped = 0, 0, 0, 0, 0, 0
}

// grow makes room for n more keys.
func (b *batch) grow(n int) {
	b.keys, b.counts = slices.Grow(b.keys, n), slices.Grow(b.counts, n)
}

func (b *batch) add(k key, count uint32) {
	b.keys, b.counts = append(b.keys, k), append(b.counts, count)
}

// saw notes a row of the source, which may be left out of the batch.
func (b *batch) saw(high uint64) {
	if b.rows == 0 {
		b.low, b.high = high, high
	}
	gap := high - b.high
	b.widest = max(b.widest, gap)
	if gap >= rangeWidth && lacksRange(b.high, high) {
		b.lacks = true
	}
	b.high = high
	b.rows++
}

// unify keeps one key of those whose first bits are the same: the one with
// the largest count.
func (b *batch) unify(depth uint) {
	if len(b.keys) == 0 {
		return
	}
	kept := 0
	if depth <= 64 {
		// Most batches have no two such keys.
		for kept+1 < len(b.keys) && (b.keys[kept].high^b.keys[kept+1].high)>>(64-depth) != 0 {
			kept++
		}
	}
	for i := kept + 1; i < len(b.keys); i++ {
		if b.keys[i].equal(b.keys[kept], depth) {
			b.counts[kept] = max(b.counts[kept], b.counts[i])
			continue
		}
		kept++
		if kept != i {
			b.keys[kept], b.counts[kept] = b.keys[i], b.counts[i]
		}
	}
	b.keys, b.counts = b.keys[:kept+1], b.counts[:kept+1]
}
