package corpus_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// row is one hash with its count.
type row struct {
	sum   [20]byte
	count uint32
}

// aCount draws a count about as often as Pwned Passwords has it: 56.6 % are at
// least 2, 21.8 % at least 5, 8.9 % at least 10, 0.6 % at least 100.
func aCount(r *rand.Rand) uint32 {
	switch u := r.Float64(); {
	case u < 1e-4:
		return r.Uint32() | 1
	default:
		return uint32(min(1+1.2/(u+0.0001)*r.Float64()*1.3, 1<<31))
	}
}

// rows returns n different hashes in order. They depend on the seed alone.
func rows(n int, seed uint64) []row {
	r := rand.New(rand.NewPCG(seed, 7))
	all := make([]row, n)
	for i := range all {
		binary.BigEndian.PutUint64(all[i].sum[:], r.Uint64())
		binary.BigEndian.PutUint64(all[i].sum[8:], r.Uint64())
		binary.BigEndian.PutUint32(all[i].sum[16:], r.Uint32())
		all[i].count = aCount(r)
	}
	sortRows(all)
	return all
}

func sortRows(all []row) {
	slices.SortFunc(all, func(a, b row) int { return bytes.Compare(a.sum[:], b.sum[:]) })
}

// text returns the rows as lines.
func text(all []row, lineEnd string) []byte {
	b := make([]byte, 0, len(all)*48)
	for _, r := range all {
		at := len(b)
		b = hex.AppendEncode(b, r.sum[:])
		copy(b[at:], bytes.ToUpper(b[at:]))
		b = append(b, ':')
		b = strconv.AppendUint(b, uint64(r.count), 10)
		b = append(b, lineEnd...)
	}
	return b
}

func source(b []byte) corpus.Source { return corpus.TextReader(bytes.NewReader(b), int64(len(b))) }

// build builds a corpus in a new folder and returns its path.
func build(t testing.TB, s corpus.Source, o corpus.Options) (string, corpus.Report) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "corpus")
	report, err := corpus.Build(context.Background(), path, s, o)
	require.NoError(t, err)
	requireAlone(t, path)
	return path, report
}

// requireAlone checks that nothing is beside a file.
func requireAlone(t testing.TB, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, filepath.Base(path), entries[0].Name())
}

func open(t testing.TB, path string, access corpus.Access) *corpus.Corpus {
	t.Helper()
	c, err := corpus.Open(path, corpus.OpenOptions{Access: access})
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

// many is the rows of the large tests, made once: 60,000, or as many as the
// environment variable CORPUS_KEYS says. CORPUS_KEYS=10000000 needs about 4 GB
// and some minutes.
var many = sync.OnceValue(func() []row {
	n := 60_000
	if text := os.Getenv("CORPUS_KEYS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			panic(err)
		}
	}
	return rows(n, 1)
})

// truncated is what a corpus keeps of a row: its first bits, up to 64.
func truncated(r row, depth uint) uint64 {
	return binary.BigEndian.Uint64(r.sum[:]) >> (64 - depth)
}

// kept returns what a corpus shall answer for each row that it keeps: the
// largest count of those whose first bits are the same.
func kept(all []row, info corpus.Info) map[uint64]uint32 {
	depth := uint(info.BlockBits + 12 + info.RemainderBits)
	most := make(map[uint64]uint32, len(all))
	for _, r := range all {
		if r.count >= info.MinCount {
			most[truncated(r, min(depth, 64))] = max(most[truncated(r, min(depth, 64))], r.count)
		}
	}
	return most
}

// requireMembers checks the answer for every row, with the slow map as judge.
func requireMembers(t testing.TB, c *corpus.Corpus, all []row) {
	t.Helper()
	info := c.Info()
	most := kept(all, info)
	require.EqualValues(t, len(most), info.Keys)
	depth := min(uint(info.BlockBits+12+info.RemainderBits), 64)
	for _, r := range all {
		want := most[truncated(r, depth)]
		if !info.Counts && want > 0 {
			want = 1
		}
		if got, err := c.Count(r.sum[:]); err != nil || got != int(want) {
			t.Fatalf("%x: got %d, %v, want %d", r.sum, got, err, want)
		}
	}
}

func passwordRow(password string, count uint32) row { return row{sha1.Sum([]byte(password)), count} }
