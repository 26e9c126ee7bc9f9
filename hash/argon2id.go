package hash

import (
	"crypto/rand"

	"github.com/alexedwards/argon2id"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// createArgon2id returns the stored string of a password with a fresh salt. The
// parameters have been checked.
func createArgon2id(password string, p Params) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{
		Memory:      p.Memory,
		Iterations:  p.Time,
		Parallelism: p.Parallelism,
		SaltLength:  p.SaltLength,
		KeyLength:   p.KeyLength,
	})
}

// compareArgon2id computes and compares in constant time. The string has been
// read by phc.Parse: the package called here has no bounds of its own and
// panics on zero passes, zero lanes and an empty key.
func compareArgon2id(encoded, password string) error {
	match, err := argon2id.ComparePasswordAndHash(password, encoded)
	switch {
	case err != nil:
		return verdict.Broken("argon2id refused the stored string")
	case !match:
		return ErrMismatch
	}
	return nil
}

// decoyArgon2id returns a stored string with the given parameters that no
// password matches: its key is random and not the output of any hash.
func decoyArgon2id(p Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	rand.Read(salt)
	rand.Read(key)
	return phc.New(p.Memory, p.Time, p.Parallelism, salt, key).Encode()
}
