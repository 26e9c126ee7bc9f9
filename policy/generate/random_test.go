package generate_test

import (
	"crypto/rand"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/generate"
)

// TestRandomIsFair: every number comes up as often as the others.
func TestRandomIsFair(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3, 10, 57, 62, 256, 1682, 7776} {
		counts := make([]int, n)
		for range max(40*n, 100_000) {
			counts[generate.Random(n)]++
		}
		require.Less(t, chiSquare(counts), chiSquareLimit(n-1), "%d", n)
	}
	require.Zero(t, generate.Random(1))
}

// TestBiasIsFound: the test above sees the bias of one byte modulo 62.
func TestBiasIsFound(t *testing.T) {
	t.Parallel()
	counts, b := make([]int, 62), make([]byte, 100_000)
	rand.Read(b)
	for _, c := range b {
		counts[c%62]++
	}
	require.Greater(t, chiSquare(counts), chiSquareLimit(61))
}

// TestEvenly: of the 2^32 numbers, each of n results gets the same share, and
// fewer than n are thrown away.
func TestEvenly(t *testing.T) {
	t.Parallel()
	for _, n := range []uint32{1, 2, 3, 7, 57, 62, 100, 7776, 65536, 1<<31 - 1, 1 << 31} {
		kept := uint64(1<<32) / uint64(n) * uint64(n)
		require.Less(t, uint64(1<<32)-kept, uint64(n))
		for _, bits := range []uint64{0, 1, uint64(n) - 1, uint64(n), kept / 2, kept - 1, kept, math.MaxUint32} {
			if bits > math.MaxUint32 {
				continue
			}
			i, ok := generate.Evenly(uint32(bits), n)
			require.Equal(t, bits < kept, ok, "%d of %d", bits, n)
			if ok {
				require.EqualValues(t, bits%uint64(n), i)
			}
		}
	}
}

// TestSignsAreFair: each place of a password has each sign as often, and the
// same for words.
func TestSignsAreFair(t *testing.T) {
	t.Parallel()
	g := newGenerator(t, generate.Recipe{Length: 8, Symbols: true})
	alphabet := generate.Letters + generate.Digits + generate.Symbols
	counts := make([][]int, 8)
	for i := range counts {
		counts[i] = make([]int, len(alphabet))
	}
	for range 4_000 {
		for i, c := range []byte(password(t, g)) {
			counts[i][strings.IndexByte(alphabet, c)]++
		}
	}
	for i := range counts {
		require.Less(t, chiSquare(counts[i]), chiSquareLimit(len(alphabet)-1), "place %d", i)
	}

	words := strings.Fields("elm oak ash yew fir box may fig")
	g = newGenerator(t, generate.Recipe{Kind: generate.Passphrase, List: words, Words: 14, Separator: " "})
	places := make([]int, 14*len(words))
	for range 2_000 {
		for i, word := range strings.Fields(password(t, g)) {
			for j := range words {
				if words[j] == word {
					places[i*len(words)+j]++
				}
			}
		}
	}
	require.Less(t, chiSquare(places), chiSquareLimit(len(places)-14))
}
