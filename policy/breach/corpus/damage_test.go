package corpus_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// requireRightOrError opens the bytes and asks for the rows: every answer is an
// error or right. It returns how many errors there were.
func requireRightOrError(t *testing.T, b []byte, all []row, most map[uint64]uint32, depth uint) (failed int) {
	t.Helper()
	c, err := corpus.FromBytes(b)
	if err != nil {
		var bad *corpus.FileError
		require.ErrorAs(t, err, &bad)
		return 1
	}
	for _, r := range all {
		got, err := c.Count(r.sum[:])
		switch {
		case err != nil:
			if got != 0 || !errors.Is(err, policy.ErrUnchecked) {
				t.Fatalf("%d, %v", got, err)
			}
			failed++
		case got != int(most[truncated(r, depth)]):
			t.Fatalf("%x: got %d, want %d", r.sum, got, most[truncated(r, depth)])
		}
	}
	return failed
}

// damaged is what the tests of damage need.
func damaged(t *testing.T, n int, k int) (b []byte, all []row, most map[uint64]uint32, depth uint) {
	t.Helper()
	all = rows(n, 11)
	path, report := build(t, source(text(all, "\n")), corpus.Options{RemainderBits: k, Counts: true})
	depth = uint(report.BlockBits + 12 + report.RemainderBits)
	return read(t, path), all, kept(all, report.Info), depth
}

// No flipped bit makes a wrong answer, and Verify finds every one. By default
// a bit in 397 is flipped, and for it a part of the keys asked for; with
// CORPUS_FLIPS=N every Nth bit, and every key. All bits take some hours.
func TestEveryFlip(t *testing.T) {
	b, all, most, depth := damaged(t, 20_000, 16)
	require.InDelta(t, 64<<10, len(b), 8<<10)
	step, keys := 397, 100
	if text := os.Getenv("CORPUS_FLIPS"); text != "" {
		var err error
		step, err = strconv.Atoi(text)
		require.NoError(t, err)
		keys = len(all)
	}
	for bit := 0; bit < 8*len(b); bit += step {
		b[bit/8] ^= 1 << (bit % 8)
		from := bit % (len(all) - keys + 1)
		requireRightOrError(t, b, all[from:from+keys], most, depth)
		if c, err := corpus.FromBytes(b); err == nil {
			require.Error(t, c.Verify(t.Context()), "bit %d", bit)
		}
		b[bit/8] ^= 1 << (bit % 8)
	}
	require.Zero(t, requireRightOrError(t, b, all, most, depth))
}

// The same with a larger file, several flips at once, and all keys.
func TestSampledFlips(t *testing.T) {
	b, all, most, depth := damaged(t, 390_000, 16)
	require.InDelta(t, 1<<20, len(b), 100<<10)
	r := rand.New(rand.NewPCG(3, 4))
	for range 3 {
		var flipped []int
		for range 1 + r.IntN(3) {
			bit := r.IntN(8 * len(b))
			flipped = append(flipped, bit)
			b[bit/8] ^= 1 << (bit % 8)
		}
		requireRightOrError(t, b, all, most, depth)
		for _, bit := range flipped {
			b[bit/8] ^= 1 << (bit % 8)
		}
	}
	require.Zero(t, requireRightOrError(t, b, all, most, depth))
}

// A file that is cut anywhere does not open. By default one place in 3001 is
// tried; with CORPUS_FLIPS set every one.
func TestEveryTruncation(t *testing.T) {
	b, _, _, _ := damaged(t, 390_000, 16)
	step := 3001
	if os.Getenv("CORPUS_FLIPS") != "" {
		step = 1
	}
	for size := 0; size < len(b); size += step {
		_, err := corpus.FromBytes(b[:size])
		require.Error(t, err)
	}
	_, err := corpus.FromBytes(append(b, 0))
	require.Error(t, err)
}

// A file that is cut while it is open gives errors or right answers, whether it
// is mapped or read, and whether its blocks were used before.
func TestCutWhileOpen(t *testing.T) {
	b, all, most, depth := damaged(t, 100_000, 16)
	for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
		for _, warm := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "corpus")
			require.NoError(t, os.WriteFile(path, b, 0o600))
			c := open(t, path, access)
			if warm {
				for _, r := range all {
					if _, err := c.Count(r.sum[:]); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, size := range []int64{int64(len(b)) - 1, 100_001, 5000, 0} {
				require.NoError(t, os.Truncate(path, size))
				failed := 0
				for i := 0; i < len(all); i += 60 {
					r := all[i]
					got, err := c.Count(r.sum[:])
					if err != nil {
						if unchecked, ok := err.(*corpus.UncheckedError); !ok || got != 0 || unchecked.Reason != corpus.ReasonCut {
							t.Fatalf("%d, %v", got, err)
						}
						failed++
					} else if want := int(most[truncated(r, depth)]); got != want {
						t.Fatalf("cut to %d: got %d, want %d", size, got, want)
					}
				}
				require.NotZero(t, failed)
				require.Error(t, c.Verify(t.Context()))
			}
		}
	}
}
