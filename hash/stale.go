package hash

import "github.com/tillkey/tillkey/hash/internal/phc"

// Stale reports whether a stored string should be replaced by a new hash the
// next time its password is known. It reads the parameters and computes nothing.
//
// It is true for a foreign format, for a string that cannot be read, and for an
// argon2id hash that is weaker than the parameters of the hasher: a shorter key
// (counted up to 32 bytes), a shorter salt (up to 16 bytes), or less memory held
// for less time (memory times memory times passes). It is false for an equal or
// stronger hash, so rehashing never weakens one, and parallelism does not matter,
// so hashes from machines with more or fewer processors are left alone. Of two
// hashers with different parameters at most one finds the other's hashes stale.
func (h *Hasher) Stale(encoded string) bool {
	stored, err := phc.Parse(encoded)
	if err != nil {
		return true
	}
	return paramsOf(stored).compareStrength(h.params) < 0
}
