package argon2

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each kernel gives the same block as the generic code, leaves prev and ref
// alone, knows the first word after its first half, and may write over ref.
func TestKernels(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9106, 3))
	fill := func(b *block) {
		few := random.IntN(4) == 0 // carries need words of ones and of zeros
		for i := range b {
			b[i] = random.Uint64()
			if few {
				b[i] = []uint64{0, 1, 1<<32 - 1, 1 << 32, 1 << 63, 1<<64 - 1}[random.IntN(6)]
			}
		}
	}
	memory := make([]block, 8)
	prev, ref, out, next := &memory[0], &memory[1], &memory[2], &memory[7]
	tmp, other := scratchOf(memory[3:5]), scratchOf(memory[5:7])
	for k := avx2; k <= bestKernel(); k++ {
		for range 500 {
			fill(prev)
			fill(ref)
			fill(out)
			for _, xor := range []bool{false, true} {
				want, before := *out, [2]block{*prev, *ref}
				mixGeneric(&want, prev, ref, other, xor)
				k.first(out, prev, ref, tmp, xor)
				require.Equal(t, want[0], out[0])
				k.second(out, tmp, next)
				require.Equal(t, want, *out)
				require.Equal(t, before, [2]block{*prev, *ref})
			}
			want := *out
			mixGeneric(&want, prev, ref, other, false)
			over := *ref
			k.first(&over, prev, &over, tmp, false)
			k.second(&over, tmp, next)
			require.Equal(t, want, over)
		}
	}
}

// P of a known state, by hand: one G_B on ones is easy to follow.
func TestGenericByHand(t *testing.T) {
	t.Parallel()
	// x + y + 2*x*y = 1 + 1 + 2, and (1 XOR 4) turned right by 32.
	x, z := quarter(1, 1, 1, 32)
	require.Equal(t, uint64(4), x)
	require.Equal(t, uint64(5)<<32, z)
	// Only the low halves are multiplied.
	x, _ = quarter(1<<32|3, 1<<33|5, 0, 1)
	require.Equal(t, uint64(3<<32+3+5+2*3*5), x)
}

// One block in the cache, with what other code needs for it where that can be
// called.
func BenchmarkBlock(b *testing.B) {
	memory := make([]block, 8)
	tmp := scratchOf(memory[4:6])
	for k, name := range []string{generic: "generic", avx2: "AVX2", avx512: "AVX-512"} {
		if kernel(k) > bestKernel() {
			continue
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(blockSize)
			for i := 0; b.Loop(); i++ {
				kernel(k).first(&memory[i&1], &memory[i&1^1], &memory[2], tmp, false)
				kernel(k).second(&memory[i&1], tmp, &memory[3])
			}
		})
	}
	if otherBlock != nil {
		b.Run("x crypto", func(b *testing.B) {
			b.SetBytes(blockSize)
			for i := 0; b.Loop(); i++ {
				otherBlock(&memory[i&1], &memory[i&1^1], &memory[2])
			}
		})
	}
}

// It is the same function, so a comparison of times compares like with like.
func TestOtherBlock(t *testing.T) {
	t.Parallel()
	if otherBlock == nil {
		t.Skip("golang.org/x/crypto has its assembly on amd64 alone")
	}
	memory := make([]block, 6)
	random := rand.New(rand.NewPCG(9106, 6))
	for i := range memory[0] {
		memory[0][i], memory[1][i] = random.Uint64(), random.Uint64()
	}
	mixGeneric(&memory[2], &memory[0], &memory[1], scratchOf(memory[4:6]), false)
	otherBlock(&memory[3], &memory[0], &memory[1])
	require.Equal(t, memory[2], memory[3])
}
