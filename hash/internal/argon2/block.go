package argon2

import "encoding/binary"

const (
	words     = 128       // of a block
	blockSize = words * 8 // bytes
)

// block is the unit of memory of Argon2, 1024 bytes.
type block [words]uint64

// scratch is where a block is while it is computed. The last eight words are
// for the registers that the assembly has no room for.
type scratch [words + 8]uint64

// setBytes makes a block of blockSize bytes.
func (b *block) setBytes(bytes *[blockSize]byte) {
	for i := range b {
		b[i] = binary.LittleEndian.Uint64(bytes[8*i:])
	}
}

// bytes writes a block as bytes.
func (b *block) bytes(to *[blockSize]byte) {
	for i, word := range b {
		binary.LittleEndian.PutUint64(to[8*i:], word)
	}
}

// add adds another block, as XOR.
func (b *block) add(other *block) {
	for i := range b {
		b[i] ^= other[i]
	}
}
