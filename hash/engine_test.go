//go:build !tillkey_xcrypto

package hash_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
)

// The memory of hashes is not of the Go heap, so however many there are, the
// garbage collector has nothing to do. Not parallel: it counts what the process
// allocates.
func TestHashesMakeNoGarbage(t *testing.T) {
	const hashes, memory = 50, 4 << 10 // KiB
	hasher := newHasher(t, hash.Config{Params: hash.Params{Memory: memory, Time: 1, Parallelism: 2}})
	encoded := mustHash(t, hasher, "right")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range hashes {
		require.NoError(t, hasher.Verify(context.Background(), encoded, "right"))
	}
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/hashes, uint64(memory<<10/100))
}

// What is kept in memory between hashes changes no hash.
func TestUnsafeKeepMemory(t *testing.T) {
	t.Parallel()
	keeping := newHasher(t, hash.Config{Budget: newBudget(t, hash.BudgetConfig{UnsafeKeepMemory: true})})
	wiping := newHasher(t, hash.Config{})
	for _, password := range []string{"", "one", "two"} {
		encoded := mustHash(t, keeping, password)
		require.NoError(t, keeping.Verify(context.Background(), encoded, password))
		require.NoError(t, wiping.Verify(context.Background(), encoded, password))
		require.ErrorIs(t, keeping.Verify(context.Background(), encoded, password+"x"), hash.ErrMismatch)
	}
}
