package hash

import (
	"crypto/rand"

	"github.com/tillkey/tillkey/hash/internal/phc"
)

// decoyArgon2id returns a stored string with the given parameters that no
// password matches: its key is random and not the output of any hash.
func decoyArgon2id(p Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	rand.Read(salt)
	rand.Read(key)
	return phc.New(p.Memory, p.Time, p.Parallelism, salt, key).Encode()
}
