package corpus

import (
	"crypto/fips140"
	"crypto/sha1"

	"github.com/tillkey/tillkey/policy/breach/internal/ntlm"
)

// Kind is the hash that a corpus holds.
type Kind uint8

// The kinds of hashes. The numbers are those of the file format.
const (
	SHA1 Kind = 1 // SHA-1 of the password's UTF-8 bytes
	NTLM Kind = 2 // MD4 of the password's UTF-16LE units, as Windows stores it
)

// Size returns the bytes of a hash: 20 for SHA1, 16 for NTLM, 0 for no kind.
func (k Kind) Size() int {
	switch k {
	case SHA1:
		return sha1.Size
	case NTLM:
		return ntlm.Size
	}
	return 0
}

// width returns the hexadecimal characters of a hash.
func (k Kind) width() int { return 2 * k.Size() }

// String returns the usual name of the hash.
func (k Kind) String() string {
	switch k {
	case SHA1:
		return "SHA-1"
	case NTLM:
		return "NTLM"
	}
	return "unknown"
}

// maxPassword bounds, in bytes, what is hashed. It is far above every policy's
// maximum and keeps one call below a tenth of a millisecond.
const maxPassword = 64 << 10

// shortPassword is up to how many bytes a look-up makes no allocation.
const shortPassword = 128

// digest hashes a password, or says why it must not be hashed.
func (k Kind) digest(password string) (key, Reason) {
	sum, reason := k.sum(password)
	if reason != "" {
		return key{}, reason
	}
	return newKey(sum[:]), ""
}

// sum is digest with all bytes of the hash. Those of an NTLM hash end with
// zeros.
func (k Kind) sum(password string) (sum [sha1.Size]byte, reason Reason) {
	switch {
	case password == "":
		return sum, ReasonEmpty
	case len(password) > maxPassword:
		return sum, ReasonTooLong
	case fips140.Enforced():
		// SHA-1 panics in this mode, and MD4 is no better.
		return sum, ReasonNoHash
	case k == SHA1 && len(password) <= shortPassword:
		var short [shortPassword]byte // not on the heap
		return sha1.Sum(short[:copy(short[:], password)]), ""
	case k == SHA1:
		return sha1.Sum([]byte(password)), ""
	}
	short, ok := ntlm.Sum(password)
	if !ok {
		return sum, ReasonNotText
	}
	copy(sum[:], short[:])
	return sum, ""
}
