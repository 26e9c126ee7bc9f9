package corpus_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// A small corpus stays in the caches: this is the work without the wait for
// memory. The command in bench measures large ones.
func BenchmarkCount(b *testing.B) {
	all := rows(100_000, 2)
	strangers := rows(100_000, 3)
	for _, o := range []corpus.Options{{}, {Counts: true}, {RemainderBits: 32, Counts: true}} {
		path, _ := build(b, source(text(all, "\n")), o)
		c := open(b, path, corpus.Map)
		for name, sums := range map[string][]row{"hit": all, "miss": strangers} {
			b.Run(fmt.Sprintf("K=%d counts=%v %s", max(o.RemainderBits, 16), o.Counts, name), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					if _, err := c.Count(sums[i*7919%len(sums)].sum[:]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkSeen(b *testing.B) {
	path, _ := build(b, source(text(rows(100_000, 2), "\n")), corpus.Options{Counts: true})
	for _, access := range []corpus.Access{corpus.Map, corpus.Read} {
		c := open(b, path, access)
		b.Run(map[corpus.Access]string{corpus.Map: "map", corpus.Read: "read"}[access], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Seen(b.Context(), "correct horse battery staple"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The bytes are those of the text; a line has 43 to 45.
func BenchmarkBuild(b *testing.B) {
	lines := text(rows(400_000, 2), "\r\n")
	for _, counts := range []bool{false, true} {
		b.Run(fmt.Sprintf("counts=%v", counts), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "corpus")
			b.SetBytes(int64(len(lines)))
			for b.Loop() {
				_, err := corpus.Build(context.Background(), path, source(lines), corpus.Options{Counts: counts, Workers: 1})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	path, report := build(b, source(text(rows(400_000, 2), "\n")), corpus.Options{Counts: true})
	c := open(b, path, corpus.Map)
	b.SetBytes(report.Bytes)
	for b.Loop() {
		require.NoError(b, c.Verify(b.Context()))
	}
}
