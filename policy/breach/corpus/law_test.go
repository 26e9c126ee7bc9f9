package corpus_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// Strangers are found by chance as often as the number of bits says.
func TestFalsePositives(t *testing.T) {
	all := many()
	lines := text(all, "\n")
	strangers := max(1_000_000, 5*len(all))
	for _, k := range []int{8, 16} {
		path, _ := build(t, source(lines), corpus.Options{RemainderBits: k})
		c := open(t, path, corpus.Map)
		r := rand.New(rand.NewPCG(99, uint64(k)))
		found := 0
		sum := make([]byte, 20)
		for range strangers {
			for i := 0; i < len(sum); i += 4 {
				x := r.Uint32()
				sum[i], sum[i+1], sum[i+2], sum[i+3] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
			}
			n, err := c.Count(sum)
			require.NoError(t, err)
			found += n
		}
		want := c.Info().FalsePositives * float64(strangers)
		t.Logf("K=%d: %d of %d, expected %.1f", k, found, strangers, want)
		require.InDelta(t, want, found, 4*math.Sqrt(want))
		if k == 8 && strangers >= 50_000_000 {
			require.InEpsilon(t, want, found, 0.01)
		}
	}
}

// A corpus is the same bytes however it comes about.
func TestSameBytes(t *testing.T) {
	all := many()
	lines := text(all, "\r\n")
	for _, o := range []corpus.Options{
		{RemainderBits: 8}, {}, {Counts: true}, {RemainderBits: 32, Counts: true}, {RemainderBits: 40, Counts: true, MinCount: 3},
	} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			o.Workers = 2
			path, report := build(t, source(lines), o)
			want := read(t, path)
			require.EqualValues(t, len(want), report.Bytes)
			same := func(s corpus.Source, o corpus.Options) {
				t.Helper()
				again, _ := build(t, s, o)
				if !bytes.Equal(want, read(t, again)) {
					t.Fatal("the bytes differ")
				}
			}
			one := o
			one.Workers = 1
			same(source(text(all, "\n")), one)
			same(corpus.CorpusFile(path), o)

			// From what keeps more bits, and from two halves.
			deep := o
			deep.RemainderBits = 40
			var even, odd []row
			for i, r := range all {
				if i%2 == 0 {
					even = append(even, r)
				} else {
					odd = append(odd, r)
				}
			}
			whole, _ := build(t, source(lines), deep)
			same(corpus.CorpusFile(whole), o)
			same(corpus.Merge(source(text(even, "\n")), source(text(odd, "\n"))), o)
			if o.RemainderBits < 40 {
				a, _ := build(t, source(text(even, "\n")), deep)
				b, _ := build(t, source(text(odd, "\n")), deep)
				same(corpus.Merge(corpus.CorpusFile(a), corpus.CorpusFile(b)), o)
			}
		})
	}
}

// A threshold at the build is that on the text, and every member is found with its
// count.
func TestMinCount(t *testing.T) {
	all := many()
	whole, _ := build(t, source(text(all, "\n")), corpus.Options{Counts: true, RemainderBits: 32})
	for _, least := range []uint32{1, 2, 5, 100, 10_000} {
		var rare []row
		for _, r := range all {
			if r.count >= least {
				rare = append(rare, r)
			}
		}
		path, report := build(t, source(text(all, "\n")), corpus.Options{Counts: true, MinCount: least})
		require.EqualValues(t, len(all)-len(rare), report.Dropped)
		c := open(t, path, corpus.Map)
		requireMembers(t, c, all)
		again, _ := build(t, corpus.CorpusFile(whole), corpus.Options{Counts: true, MinCount: least})
		require.True(t, bytes.Equal(read(t, path), read(t, again)))
		_, err := corpus.Build(t.Context(), filepath.Join(t.TempDir(), "x"), corpus.CorpusFile(path), corpus.Options{Counts: true, RemainderBits: 24})
		require.ErrorContains(t, err, "too few")
	}
}

// Where one file holds a hash more often than the other, the larger count
// stays; the newer stamp stays too.
func TestMergeOverlap(t *testing.T) {
	all := rows(20_000, 5)
	var a, b, want []row
	for i, r := range all {
		low := r
		low.count = max(r.count/2, 1)
		switch i % 3 {
		case 0:
			a = append(a, r)
		case 1:
			b = append(b, r)
		default:
			a, b = append(a, low), append(b, r)
		}
		want = append(want, r)
	}
	o := corpus.Options{Counts: true}
	path, _ := build(t, source(text(want, "\n")), o)
	merged, report := build(t, corpus.Merge(source(text(a, "\n")), source(text(b, "\n"))), o)
	require.True(t, bytes.Equal(read(t, path), read(t, merged)))
	require.EqualValues(t, len(a)+len(b)-len(want), report.Merged)
}

func TestWorkersOfAnyNumber(t *testing.T) {
	all := rows(100_000, 3)
	var want []byte
	for _, workers := range []int{1, 2, 3, 7, 64} {
		path, _ := build(t, source(text(all, "\n")), corpus.Options{Counts: true, Workers: workers})
		if want == nil {
			want = read(t, path)
		}
		require.True(t, bytes.Equal(want, read(t, path)))
	}
	require.NotEmpty(t, want)
}
