package corpus

import (
	"cmp"
	"encoding/binary"
)

// key is the first 128 bits of a hash, most significant first. The bits of a
// SHA-1 after them never reach a corpus.
type key struct{ high, low uint64 }

// newKey takes a hash of at least 16 bytes.
func newKey(sum []byte) key {
	return key{binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])}
}

// after returns the 64 bits that follow the first n, which are 1 to 63.
func (k key) after(n uint) uint64 { return k.high<<n | k.low>>(64-n) }

// equal tells whether the first bits of two keys are the same.
func (k key) equal(other key, depth uint) bool {
	if depth <= 64 {
		return (k.high^other.high)>>(64-depth) == 0
	}
	return k.high == other.high && (k.low^other.low)>>(128-depth) == 0
}

// compare orders keys.
func (k key) compare(other key) int {
	if k.high != other.high {
		return cmp.Compare(k.high, other.high)
	}
	return cmp.Compare(k.low, other.low)
}
