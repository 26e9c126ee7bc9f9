package argon2

import (
	"encoding/binary"
	"hash"

	"golang.org/x/crypto/blake2b"
)

// initial is H_0 of RFC 9106, section 3.2, and room for the two numbers that
// follow it in the input of the first blocks.
type initial [blake2b.Size + 8]byte

// set hashes everything that a key depends on. It fills an array of the caller, so
// that there is no copy the caller cannot clear.
func (h *initial) set(p Params, in Input) {
	digest := sized(blake2b.Size)
	defer wipe(digest)
	var number [4]byte
	write := func(n uint32) {
		binary.LittleEndian.PutUint32(number[:], n)
		digest.Write(number[:])
	}
	write(p.Lanes)
	write(p.KeyLength)
	write(p.Memory)
	write(p.Time)
	write(uint32(p.Version))
	write(uint32(p.Variant))
	for _, field := range [...][]byte{in.Password, in.Salt, in.Secret, in.Data} {
		write(uint32(len(field)))
		digest.Write(field)
	}
	digest.Sum(h[:0])
}

// block sets one of the first two blocks of a lane (steps 4 and 5).
func (h *initial) block(b *block, column, lane uint32) {
	binary.LittleEndian.PutUint32(h[blake2b.Size:], column)
	binary.LittleEndian.PutUint32(h[blake2b.Size+4:], lane)
	var bytes [blockSize]byte
	expand(bytes[:], h[:])
	b.setBytes(&bytes)
	clear(bytes[:])
}

// expand is H' of RFC 9106, section 3.3: it fills out from in.
func expand(out, in []byte) {
	var length [4]byte
	binary.LittleEndian.PutUint32(length[:], uint32(len(out)))
	if len(out) <= blake2b.Size {
		sum(out, length[:], in)
		return
	}
	var v [blake2b.Size]byte
	defer clear(v[:])
	sum(v[:], length[:], in)
	for {
		out = out[copy(out, v[:blake2b.Size/2]):]
		if len(out) <= blake2b.Size {
			sum(out, v[:])
			return
		}
		v = blake2b.Sum512(v[:])
	}
}

// sum is BLAKE2b of all parts, 1 to 64 bytes long.
func sum(out []byte, parts ...[]byte) {
	digest := sized(len(out))
	defer wipe(digest)
	for _, part := range parts {
		digest.Write(part)
	}
	digest.Sum(out[:0])
}

// sized returns BLAKE2b with a digest of 1 to 64 bytes.
func sized(bytes int) hash.Hash {
	digest, _ := blake2b.New(bytes, nil) // fails only for another size
	return digest
}

// wipe makes a digest forget what it has read: Reset alone leaves the last block
// of it in its buffer.
func wipe(digest hash.Hash) {
	digest.Reset()
	var zero [blake2b.BlockSize]byte
	digest.Write(zero[:])
	digest.Reset()
}
