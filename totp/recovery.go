package totp

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
)

const (
	// DefaultRecoveryCodes is how many codes NewRecoveryCodes(0) makes.
	DefaultRecoveryCodes = 10
	// MaxRecoveryCodes bounds how many codes one account may have.
	MaxRecoveryCodes = 100

	recoveryLength   = 24  // characters of 5 bits: 120 bits
	maxTypedRecovery = 256 // bytes of a typed code: full-width, with spacing

	// recoveryAlphabet is base32 as Douglas Crockford draws it: no I, L, O
	// and U, so that no two characters look alike.
	recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// RecoveryCode opens the second factor once when the authenticator is lost.
// It holds 120 random bits, does not change, and is safe for concurrent use.
// The zero RecoveryCode matches nothing.
type RecoveryCode struct {
	text **[recoveryLength]byte // two pointers, for the reason given at the key of a Secret
}

// Sum is the stored form of a recovery code: the SHA-256 of its 24 characters
// in upper case, without dashes. The zero Sum matches nothing, so a used code
// may be blanked instead of removed.
type Sum [sha256.Size]byte

// NewRecoveryCodes makes n codes, 1 to 100; 0 means 10. Show them once and
// store their Sums; new codes replace all older ones. It returns a
// [*BoundsError] for any other n.
func NewRecoveryCodes(n int) ([]RecoveryCode, error) {
	if n == 0 {
		n = DefaultRecoveryCodes
	}
	if err := within("number of recovery codes", n, 1, MaxRecoveryCodes); err != nil {
		return nil, err
	}
	codes := make([]RecoveryCode, n)
	for i := range codes {
		text := new([recoveryLength]byte)
		rand.Read(text[:])
		for j, b := range text {
			text[j] = recoveryAlphabet[b%32] // 256 is a multiple of 32: no character is favoured
		}
		codes[i] = RecoveryCode{&text}
	}
	return codes, nil
}

// ParseRecoveryCode reads a typed code. Case, spaces, dashes and full-width
// characters do not matter; O is read as 0, and I and L as 1. Anything that
// is not 24 characters after that, or has over 256 bytes, gives [ErrRecovery],
// and the guess counts.
func ParseRecoveryCode(typed string) (RecoveryCode, error) {
	if len(typed) > maxTypedRecovery {
		return RecoveryCode{}, ErrRecovery
	}
	text := new([recoveryLength]byte)
	n := 0
	for _, r := range typed {
		if filler(r) {
			continue
		}
		c, ok := plain(r)
		switch c {
		case 'O':
			c = '0'
		case 'I', 'L':
			c = '1'
		}
		if !ok || n == recoveryLength || strings.IndexByte(recoveryAlphabet, c) < 0 {
			return RecoveryCode{}, ErrRecovery
		}
		text[n] = c
		n++
	}
	if n != recoveryLength {
		return RecoveryCode{}, ErrRecovery
	}
	return RecoveryCode{&text}, nil
}

// Reveal returns the code as its owner writes it down: six groups of four
// characters with dashes. It is empty for the zero RecoveryCode.
func (c RecoveryCode) Reveal() string {
	if c.text == nil {
		return ""
	}
	return grouped(string((*c.text)[:]), "-")
}

// Sum returns what to store; the zero Sum for the zero RecoveryCode. No salt
// or slow hash is needed at 120 bits (NIST SP 800-63B-4 section 3.1.2.2,
// OWASP ASVS 5.0 6.5.2).
func (c RecoveryCode) Sum() Sum {
	if c.text == nil {
		return Sum{}
	}
	return sha256.Sum256((*c.text)[:])
}

// ReadSum reads a stored Sum. It returns [ErrFormat] unless stored has 32
// bytes.
func ReadSum(stored []byte) (Sum, error) {
	if len(stored) != len(Sum{}) {
		return Sum{}, fmt.Errorf("%w: a sum of %d bytes", ErrFormat, len(stored))
	}
	return Sum(stored), nil
}

// MatchRecovery returns the index of the sum that belongs to code. The caller
// removes or blanks that sum in the transaction that accepts the login, on
// the condition that it is still there, and tells the customer how many are
// left.
//
// It returns -1 with [ErrRecovery] if none matches, [ErrZero] for the zero
// RecoveryCode, and a [*BoundsError] for more than 100 sums. All sums are
// compared in constant time.
func MatchRecovery(sums []Sum, code RecoveryCode) (index int, err error) {
	if code.text == nil {
		return -1, ErrZero
	}
	if err := within("number of recovery codes", len(sums), 0, MaxRecoveryCodes); err != nil {
		return -1, err
	}
	sum := code.Sum()
	index = -1
	for i := range sums {
		same := subtle.ConstantTimeCompare(sums[i][:], sum[:])
		index = subtle.ConstantTimeSelect(same, i, index)
	}
	if index < 0 {
		return -1, ErrRecovery
	}
	return index, nil
}
