//go:build tillkey_xcrypto

package hash

import (
	"math"

	"github.com/alexedwards/argon2id"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// maxMemory is the most memory of one hash in KiB, as of the other engine.
const maxMemory = min(4<<20, math.MaxInt/2>>10)

// engine computes argon2id with golang.org/x/crypto, in memory of the Go heap.
type engine struct{}

func newEngine(int64, int, bool) engine { return engine{} }

// create returns the stored string of a password with a fresh salt. The
// parameters have been checked.
func (engine) create(password string, p Params) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{
		Memory:      p.Memory,
		Iterations:  p.Time,
		Parallelism: p.Parallelism,
		SaltLength:  p.SaltLength,
		KeyLength:   p.KeyLength,
	})
}

// compare computes and compares in constant time. The string has been read by
// phc.Parse: the package called here has no bounds of its own and panics on zero
// passes, zero lanes and an empty key.
func (engine) compare(stored phc.Hash, password string) error {
	match, err := argon2id.ComparePasswordAndHash(password, stored.Encode())
	switch {
	case err != nil:
		return verdict.Broken("argon2id refused the stored string")
	case !match:
		return ErrMismatch
	}
	return nil
}
