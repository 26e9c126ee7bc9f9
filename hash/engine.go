//go:build !tillkey_xcrypto

package hash

import (
	"crypto/rand"
	"crypto/subtle"

	"github.com/tillkey/tillkey/hash/internal/argon2"
	"github.com/tillkey/tillkey/hash/internal/phc"
)

// maxMemory is the most memory of one hash in KiB.
const maxMemory = argon2.MaxMemory

// engine computes argon2id in arenas, one for each slot of a budget.
type engine struct{ argon2 *argon2.Engine }

func newEngine(bytes int64, slots int, keepMemory bool) engine {
	return engine{argon2.New(argon2.Config{Slots: slots, Bytes: bytes, UnsafeKeepMemory: keepMemory})}
}

// create returns the stored string of a password with a fresh salt. The
// parameters have been checked.
func (e engine) create(password string, p Params) (string, error) {
	salt := make([]byte, p.SaltLength)
	rand.Read(salt)
	key, err := e.key(password, salt, p)
	if err != nil {
		return "", err
	}
	return phc.New(p.Memory, p.Time, p.Parallelism, salt, key).Encode(), nil
}

// compare computes and compares in constant time.
func (e engine) compare(stored phc.Hash, password string) error {
	key, err := e.key(password, stored.Salt(), paramsOf(stored))
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(key, stored.Key()) != 1 {
		return ErrMismatch
	}
	return nil
}

func (e engine) key(password string, salt []byte, p Params) ([]byte, error) {
	typed := []byte(password)
	defer clear(typed)
	return e.argon2.Key(argon2.Params{
		Variant:   argon2.ID,
		Version:   argon2.Version13,
		Time:      p.Time,
		Memory:    p.Memory,
		Lanes:     uint32(p.Parallelism),
		KeyLength: p.KeyLength,
	}, argon2.Input{Password: typed, Salt: salt})
}
