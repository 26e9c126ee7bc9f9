package breach

import (
	"crypto/fips140"
	"crypto/sha1"
	"encoding/binary"

	"github.com/tillkey/tillkey/policy/breach/internal/ntlm"
)

// maxPassword bounds, in bytes, what is hashed. It is far above every policy's
// maximum and keeps one call below a tenth of a millisecond.
const maxPassword = 64 << 10

// digest is a hash as numbers, most significant part first. Those of an NTLM
// hash, which is shorter, end with zero.
type digest struct {
	high, middle uint64
	low          uint32
}

// newDigest takes the SHA-1 of a password, or says why it must not be hashed.
func newDigest(password string) (digest, Reason) {
	if reason := unhashable(password); reason != "" {
		return digest{}, reason
	}
	sum := sha1.Sum([]byte(password))
	return digest{
		high:   binary.BigEndian.Uint64(sum[0:8]),
		middle: binary.BigEndian.Uint64(sum[8:16]),
		low:    binary.BigEndian.Uint32(sum[16:20]),
	}, ""
}

// newNTLMDigest is newDigest for the NTLM hash.
func newNTLMDigest(password string) (digest, Reason) {
	if reason := unhashable(password); reason != "" {
		return digest{}, reason
	}
	sum, ok := ntlm.Sum(password)
	if !ok {
		return digest{}, ReasonNotText
	}
	return digest{high: binary.BigEndian.Uint64(sum[0:8]), middle: binary.BigEndian.Uint64(sum[8:16])}, ""
}

// unhashable says why a password must not be hashed, or nothing.
func unhashable(password string) Reason {
	switch {
	case password == "":
		return ReasonEmpty
	case len(password) > maxPassword:
		return ReasonTooLong
	case fips140.Enforced():
		// SHA-1 panics in this mode, and MD4 is no better.
		return ReasonNoSHA1
	}
	return ""
}

// less orders digests as their hexadecimal texts are ordered.
func (d digest) less(other digest) bool {
	if d.high != other.high {
		return d.high < other.high
	}
	if d.middle != other.middle {
		return d.middle < other.middle
	}
	return d.low < other.low
}

// prefix returns the first 20 bits: what the range interface is asked for.
func (d digest) prefix() prefix { return prefix(d.high >> 44) }

// suffix returns the 64 bits after the prefix. They stand for the whole
// remainder in a cached range: with 2,000 rows, a password that did not leak
// meets one of them by chance once in 10^16.
func (d digest) suffix() uint64 { return d.high<<20 | d.middle>>44 }

// prefix is the first 20 bits of a hash.
type prefix uint32

// String returns the five upper-case hexadecimal characters of the prefix.
func (p prefix) String() string {
	const digits = "0123456789ABCDEF"
	return string([]byte{
		digits[p>>16&15], digits[p>>12&15], digits[p>>8&15], digits[p>>4&15], digits[p&15],
	})
}
