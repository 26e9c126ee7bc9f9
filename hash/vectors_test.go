package hash_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tillkey/tillkey/hash"
)

func TestReferenceVectors(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{})
	// The argon2 reference implementation (P-H-C/phc-winner-argon2), src/test.c,
	// argon2id, version 0x13.
	for _, vector := range []struct{ password, encoded string }{
		{"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
		{"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
		{"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
		{"password", "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"},
		{"password", "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw"},
		{"differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
		{"password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"},
	} {
		assert.NoError(t, hasher.Verify(context.Background(), vector.encoded, vector.password), vector.encoded)
		assert.ErrorIs(t, hasher.Verify(context.Background(), vector.encoded, vector.password+"x"), hash.ErrMismatch, vector.encoded)
	}
}

// The example of the PHC string format specification was made with the secret
// "pepper", which the string does not show. It parses and never verifies.
func TestSpecificationExample(t *testing.T) {
	t.Parallel()
	const encoded = "$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno"
	info, err := hash.Inspect(encoded)
	assert.NoError(t, err)
	assert.Equal(t, hash.Params{Memory: 65536, Time: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, info.Params)

	hasher := newHasher(t, hash.Config{})
	assert.ErrorIs(t, hasher.Verify(context.Background(), encoded, "hunter2"), hash.ErrMismatch)
	// The same inputs without the secret, computed with x/crypto/argon2.
	const unpeppered = "$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$9dzn6OYzH4VILTZyq3hAt5wVM0TIkfA4Gxs7W93u26I"
	assert.NoError(t, hasher.Verify(context.Background(), unpeppered, "hunter2"))
}

func TestBcryptThroughHasher(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{})
	// golang.org/x/crypto/bcrypt, bcrypt_test.go.
	const encoded = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"
	assert.NoError(t, hasher.Verify(context.Background(), encoded, "allmine"))
	assert.ErrorIs(t, hasher.Verify(context.Background(), encoded, "allminE"), hash.ErrMismatch)
	assert.ErrorIs(t, hasher.Verify(context.Background(), encoded, "allmine\x00"), hash.ErrMismatch)
	assert.True(t, hasher.Stale(encoded))

	// Made with PHP 8.2 from 72 times "a": what follows is not read.
	const long = "$2y$05$GWuMhoJonj9hXDqror9IReIOXj0By2Ow2Mx8T.8uoP6/4MH.PvPke"
	assert.NoError(t, hasher.Verify(context.Background(), long, strings.Repeat("a", 72)))
	assert.NoError(t, hasher.Verify(context.Background(), long, strings.Repeat("a", 73)))
	assert.ErrorIs(t, hasher.Verify(context.Background(), long, strings.Repeat("a", 71)), hash.ErrMismatch)

	none := newHasher(t, hash.Config{Foreign: noSchemes()})
	assert.ErrorIs(t, none.Verify(context.Background(), encoded, "allmine"), hash.ErrFormat)
}
