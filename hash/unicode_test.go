package hash_test

import (
	"context"
	"errors"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func isFormat(err error) bool { return errors.Is(err, hash.ErrFormat) }

const (
	composed   = "caf\u00e9"  // U+00E9
	decomposed = "cafe\u0301" // U+0065 U+0301
)

func alien(t *testing.T, password string) string {
	t.Helper()
	encoded, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	require.NoError(t, err)
	return encoded
}

func TestNewHashesAreMadeOverNFC(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hasher := newHasher(t, hash.Config{})
	for _, typed := range []string{composed, decomposed} {
		encoded := mustHash(t, hasher, typed)
		assert.NoError(t, hasher.Verify(ctx, encoded, composed))
		assert.NoError(t, hasher.Verify(ctx, encoded, decomposed))
		match, err := argon2id.ComparePasswordAndHash(composed, encoded)
		assert.NoError(t, err)
		assert.True(t, match, "the bytes hashed are NFC")
	}
	// U+212B ANGSTROM SIGN is canonically U+00C5.
	assert.NoError(t, hasher.Verify(ctx, mustHash(t, hasher, "\u212b"), "\u00c5"))
	// U+FB01 and U+FF41 are only compatible with "fi" and "a", not equal.
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "\ufb01"), "fi"), hash.ErrMismatch)
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "\uff41"), "a"), hash.ErrMismatch)
	// No case folding, no trimming, NUL counts.
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "Password"), "password"), hash.ErrMismatch)
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "password "), "password"), hash.ErrMismatch)
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "pass\x00word"), "pass"), hash.ErrMismatch)
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "pass"), "pass\x00"), hash.ErrMismatch)
	assert.NoError(t, hasher.Verify(ctx, mustHash(t, hasher, "pass\x00word"), "pass\x00word"))
}

// A code point that is unassigned today may get a decomposition tomorrow.
func TestUnassignedCodePointsAreHashedAsTyped(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{})
	const typed = decomposed + "\U000377ff" // plane 3, unassigned
	encoded := mustHash(t, hasher, typed)
	match, err := argon2id.ComparePasswordAndHash(typed, encoded)
	require.NoError(t, err)
	assert.True(t, match)
	assert.NoError(t, hasher.Verify(context.Background(), encoded, typed))
}

func TestImportedHashesOverTypedBytesVerify(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hasher := newHasher(t, hash.Config{})
	encoded := alien(t, decomposed)
	assert.NoError(t, hasher.Verify(ctx, encoded, decomposed))
	assert.ErrorIs(t, hasher.Verify(ctx, encoded, composed), hash.ErrMismatch, "nothing turns NFC back")
}

func TestS15_ForeignHashesTryTheTypedBytesFirst(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, test := range []struct {
		typed, match string
		tried        []string
	}{
		{"plain", "other", []string{"plain"}},
		{composed, "other", []string{composed}},
		{decomposed, "other", []string{decomposed, composed}},
		{decomposed, decomposed, []string{decomposed}},
		{decomposed, composed, []string{decomposed, composed}},
		{"\xff\xfe", "other", []string{"\xff\xfe"}},
	} {
		scheme := &recorder{match: test.match}
		hasher := newHasher(t, hash.Config{Foreign: []legacy.Scheme{scheme}})
		err := hasher.Verify(ctx, "$recorder$", test.typed)
		assert.Equal(t, test.tried, scheme.tried)
		assert.Equal(t, test.tried[len(test.tried)-1] == test.match, err == nil)
		assert.EqualValues(t, 1, hasher.Budget().Stats().Granted, "one call, one permit")
	}
}

func TestForeignHashOverNFCVerifies(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{})
	for _, hashed := range []string{composed, decomposed} {
		encoded, err := bcrypt.GenerateFromPassword([]byte(hashed), bcrypt.MinCost)
		require.NoError(t, err)
		assert.NoError(t, hasher.Verify(context.Background(), string(encoded), decomposed))
	}
}

func TestS15_InvalidUTF8IsRefusedWhenSetAndTriedAsItIs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hasher := newHasher(t, hash.Config{})
	for _, typed := range []string{"\xff", "abc\xc3", "\xed\xa0\x80"} {
		_, err := hasher.Hash(ctx, typed)
		assert.ErrorIs(t, err, hash.ErrInvalidUTF8)
		assert.NoError(t, hasher.Verify(ctx, alien(t, typed), typed))
		assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "\ufffd"), typed), hash.ErrMismatch)
	}
	assert.ErrorIs(t, hasher.Verify(ctx, mustHash(t, hasher, "abc\ufffd"), "abc\xc3"), hash.ErrMismatch)
}

func TestDecoyDoesTheWorkOfAMismatch(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	hasher := newHasher(t, hash.Config{})
	current := mustHash(t, hasher, "current")
	hashes := func(call func()) uint64 {
		before := hasher.Budget().Stats().Hashes
		call()
		return hasher.Budget().Stats().Hashes - before
	}
	for typed, want := range map[string]uint64{
		"plain": 1, composed: 1, decomposed: 2, "": 1, "nul\x00": 1, "\xff": 1, "e\u0301\xff": 1,
	} {
		mismatch := hashes(func() { assert.ErrorIs(t, hasher.Verify(ctx, current, typed), hash.ErrMismatch) })
		decoy := hashes(func() { assert.NoError(t, hasher.Decoy(ctx, typed)) })
		assert.Equal(t, want, mismatch, "%q", typed)
		assert.Equal(t, want, decoy, "%q", typed)
	}
	assert.EqualValues(t, 8<<10, hasher.Budget().Stats().Peak, "same memory")
}
