package breach_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/breach"
)

// A range of 2,000 rows has about 79 KB, as ranges of 2026 have.
func BenchmarkParseRange(b *testing.B) {
	body := []byte(rangeBody(filler(2000)...))
	parse := breach.RangeParser()
	require.True(b, parse(body))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if !parse(body) {
			b.Fatal("refused")
		}
	}
}

func BenchmarkRangeSeenCached(b *testing.B) {
	r := client(b, answers(b, rangeBody(filler(2000)...)), breach.RangeConfig{})
	_, err := r.Seen(b.Context(), leaked)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Seen(b.Context(), leaked); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFileSeen(b *testing.B) {
	f := benchmarkFile(b)
	passwords := make([]string, 1<<12)
	for i := range passwords {
		passwords[i] = fmt.Sprint("member ", i*77%400_000) // every second one is in the file
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := f.Seen(b.Context(), passwords[i%len(passwords)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkFileVerify(b *testing.B) {
	f := benchmarkFile(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Verify(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkFile(b *testing.B) *breach.File {
	path := filepath.Join(b.TempDir(), "corpus.txt")
	content := corpus(members(200_000), "\r\n")
	require.NoError(b, os.WriteFile(path, content, 0o600))
	f, err := breach.Open(path)
	require.NoError(b, err)
	b.Cleanup(func() { f.Close() })
	b.SetBytes(int64(len(content)))
	return f
}
