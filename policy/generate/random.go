package generate

import (
	"crypto/rand"
	"encoding/binary"
	"math"
)

// random returns a number from 0 to n-1, each with the same chance. n is 1 to
// 2^31. The topmost of the 2^32 numbers that crypto/rand gives, which do not
// divide evenly, are thrown away.
func random(n int) int {
	var b [4]byte
	for {
		rand.Read(b[:]) // never fails
		if i, ok := evenly(binary.LittleEndian.Uint32(b[:]), uint32(n)); ok {
			return i
		}
	}
}

// evenly maps a number of 32 random bits to one below n, or says that another
// one must be drawn.
func evenly(bits, n uint32) (int, bool) {
	excess := (math.MaxUint32%n + 1) % n // 2^32 mod n
	if bits > math.MaxUint32-excess {
		return 0, false
	}
	return int(bits % n), true
}

// randomBytes returns n bytes of an alphabet of ASCII.
func randomBytes(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[random(len(alphabet))]
	}
	return string(b)
}
