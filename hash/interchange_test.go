package hash_test

import (
	"context"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func noSchemes() []legacy.Scheme { return []legacy.Scheme{} }

func TestInterchange(t *testing.T) {
	t.Parallel()
	for _, params := range []hash.Params{
		tiny(),
		{Memory: 64, Time: 3, Parallelism: 4, SaltLength: 8, KeyLength: 12},
		{Memory: 67, Time: 1, Parallelism: 3, SaltLength: 48, KeyLength: 64},
		{Memory: 2040, Time: 1, Parallelism: 255, SaltLength: 16, KeyLength: 33},
		hash.DefaultParams(),
	} {
		t.Run(params.String(), func(t *testing.T) {
			t.Parallel()
			hasher := newHasher(t, hash.Config{Params: params})
			for _, password := range []string{"", "correct horse", "nul\x00inside", "snowman ☃"} {
				ours := mustHash(t, hasher, password)
				match, theirParams, err := argon2id.CheckHash(password, ours)
				require.NoError(t, err)
				assert.True(t, match)
				assert.Equal(t, params.Memory, theirParams.Memory)
				assert.Equal(t, params.Time, theirParams.Iterations)
				assert.Equal(t, params.Parallelism, theirParams.Parallelism)
				assert.Equal(t, params.SaltLength, theirParams.SaltLength)
				assert.Equal(t, params.KeyLength, theirParams.KeyLength)

				theirs, err := argon2id.CreateHash(password, theirParams)
				require.NoError(t, err)
				assert.NoError(t, hasher.Verify(context.Background(), theirs, password))
				assert.ErrorIs(t, hasher.Verify(context.Background(), theirs, password+"x"), hash.ErrMismatch)
				assert.False(t, hasher.Stale(theirs))
			}
		})
	}
}

// The defaults of that package take the number of processors as parallelism and
// 64 MiB. A hasher with default settings must verify them on any host.
func TestInterchangeDefaults(t *testing.T) {
	t.Parallel()
	theirs, err := argon2id.CreateHash("correct horse", argon2id.DefaultParams)
	require.NoError(t, err)
	hasher, err := hash.New(hash.Config{})
	require.NoError(t, err)
	assert.NoError(t, hasher.Verify(context.Background(), theirs, "correct horse"))
	assert.False(t, hasher.Stale(theirs), "more memory held for longer than m=19456 t=2")
}
