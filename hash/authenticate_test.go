package hash_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

// Unknown name, wrong password against any row: one permit each, of no less memory
// and no fewer hashes than a Decoy, so the queue is joined as often.
func TestAuthenticateTakesTheWorkOfADecoy(t *testing.T) {
	t.Parallel()
	old, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	require.NoError(t, err)
	params := hash.Params{Memory: 64, Time: 1}
	current := mustHash(t, newHasher(t, hash.Config{Params: params}), "right")
	weak := mustHash(t, newHasher(t, hash.Config{}), "right")
	dear := stored(hash.Params{Memory: 256, Time: 1, Parallelism: 1, SaltLength: 8, KeyLength: 32}) // stale for its salt
	for _, test := range []struct {
		name, encoded, typed string
		match                bool
		hashes               uint64
		kib                  int64
	}{
		{"nobody", "", "wrong", false, 1, 64},
		{"current", current, "wrong", false, 1, 64},
		{"weak", weak, "wrong", false, 2, 64},
		{"foreign", string(old), "wrong", false, 2, 64},
		{"dear", dear, "wrong", false, 2, 256},
		{"nobody, two forms", "", decomposed, false, 2, 64},
		{"current, two forms", current, decomposed, false, 2, 64},
		{"weak, two forms", weak, decomposed, false, 4, 64},
		{"foreign, two forms", string(old), decomposed, false, 4, 64},
		{"current, right", current, "right", true, 1, 64},
		{"weak, right", weak, "right", true, 1, 64},
		{"foreign, right", string(old), "right", true, 1, 64},
	} {
		hasher := newHasher(t, hash.Config{Params: params})
		switch {
		case test.encoded == "":
			require.NoError(t, hasher.Decoy(context.Background(), test.typed))
		case test.match:
			require.NoError(t, hasher.Authenticate(context.Background(), test.encoded, test.typed), test.name)
		default:
			require.Equal(t, hash.ErrMismatch, hasher.Authenticate(context.Background(), test.encoded, test.typed), test.name)
		}
		stats := hasher.Budget().Stats()
		require.EqualValues(t, 1, stats.Granted, test.name)
		require.Equal(t, test.hashes, stats.Hashes, test.name)
		require.Equal(t, test.kib<<10, stats.Peak, test.name)
		require.Zero(t, stats.InUse, test.name)
	}
}

// What is not compared costs nothing, as with Verify.
func TestAuthenticateAnswersLikeVerify(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{Limits: hash.Limits{Memory: 64}, Foreign: []legacy.Scheme{&panicker{}}})
	ctx := context.Background()
	for _, test := range []struct{ encoded, password string }{
		{"broken", "password"},
		{"", ""},
		{"$argon2id$v=19$m=8,t=1,p=1$$", ""},
		{stored(hash.Params{Memory: 65, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}), "password"},
		{stored(tiny()), string(make([]byte, 4097))},
		{"$recorder$", "panics"},
	} {
		want := hasher.Verify(ctx, test.encoded, test.password)
		require.Error(t, want)
		before := hasher.Budget().Stats().Hashes
		require.Equal(t, want, hasher.Authenticate(ctx, test.encoded, test.password))
		require.LessOrEqual(t, hasher.Budget().Stats().Hashes, before+1)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, hasher.Authenticate(ctx, stored(tiny()), ""), context.Canceled)
	require.Zero(t, hasher.Budget().Stats().InUse)
}
