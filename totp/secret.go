package totp

import (
	"crypto/rand"
	"crypto/subtle"
	"time"
)

// Secret is what a customer's authenticator app and the shop share. Make one
// with [NewSecret], or read one with [ParseSecret], [ParseURI] or
// UnmarshalBinary.
//
// A Secret does not change and is safe for concurrent use; only
// UnmarshalBinary replaces one. The zero Secret holds nothing: its Code is
// empty and its Verify fails with [ErrZero]. Compare secrets with Equal.
type Secret struct {
	seed *seed
}

type seed struct {
	algorithm Algorithm
	digits    int
	period    int64 // seconds
	// The key is the second of two pointers. Printing a struct that holds a
	// Secret in a private field does not reach the methods that redact;
	// package fmt then follows one pointer at most and shows the other as an
	// address.
	key *[]byte
}

// NewSecret makes a random secret of 160 bits for 6 digits every 30 seconds
// under SHA-1 (RFC 4226 section 4 R6, RFC 6238 sections 1.2 and 5.2).
//
// SHA-1 is the default because several widespread authenticator apps ignore
// the algorithm in the URI and always use it: under any other choice their
// owners would get codes that never match. The known collisions of SHA-1 do
// not weaken HMAC. Who must avoid it takes [NewSecretWith].
func NewSecret() Secret {
	s, _ := NewSecretWith(Options{}) // the defaults are within bounds
	return s
}

// NewSecretWith makes a random secret of the given kind. It returns a
// [*BoundsError] for a number out of range and [ErrOptions] for an unknown
// algorithm or a broken number of seconds; the caller corrects its settings.
func NewSecretWith(o Options) (Secret, error) {
	o, err := o.complete()
	if err != nil {
		return Secret{}, err
	}
	key := make([]byte, o.Size)
	rand.Read(key) // never fails: it ends the program if the system has no randomness
	return newSecret(key, o), nil
}

// newSecret takes ownership of key; o is complete.
func newSecret(key []byte, o Options) Secret {
	return Secret{&seed{
		algorithm: o.Algorithm,
		digits:    o.Digits,
		period:    int64(o.Period / time.Second),
		key:       &key,
	}}
}

// IsZero reports whether s holds nothing.
func (s Secret) IsZero() bool { return s.seed == nil }

// Algorithm returns the hash under the codes; SHA1 for the zero Secret.
func (s Secret) Algorithm() Algorithm {
	if s.seed == nil {
		return SHA1
	}
	return s.seed.algorithm
}

// Digits returns the length of a code; 0 for the zero Secret.
func (s Secret) Digits() int {
	if s.seed == nil {
		return 0
	}
	return s.seed.digits
}

// Period returns for how long a code is shown; 0 for the zero Secret.
func (s Secret) Period() time.Duration {
	if s.seed == nil {
		return 0
	}
	return time.Duration(s.seed.period) * time.Second
}

// Equal reports whether both secrets have the same key and settings. The time
// it takes does not depend on the content of equally long keys.
func (s Secret) Equal(other Secret) bool {
	a, b := s.seed, other.seed
	if a == nil || b == nil {
		return a == b
	}
	return a.algorithm == b.algorithm && a.digits == b.digits && a.period == b.period &&
		subtle.ConstantTimeCompare(*a.key, *b.key) == 1
}
