package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// A megabyte in place of a password costs no more than reading its beginning.
func BenchmarkCheckMegabyte(b *testing.B) {
	input := bytes.Repeat([]byte("x"), 1<<20)
	b.ReportAllocs()
	for b.Loop() {
		if code := run(b.Context(), []string{"check", "--json"}, bytes.NewReader(input), io.Discard, io.Discard); code != exitWeak {
			b.Fatal(code)
		}
	}
}

// Passwords as customers choose them, a word and two digits, and phrases of four
// words, which take longer.
func BenchmarkBatch(b *testing.B) {
	const n = 20_000
	list := words()
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string { return list[r.IntN(len(list))] }
	for name, kind := range map[string]struct {
		line func() string
		code int
	}{
		"passwords": {func() string { return fmt.Sprintf("%s%02d", word(), r.IntN(100)) }, exitWeak},
		"phrases":   {func() string { return strings.Join([]string{word(), word(), word(), word()}, " ") }, exitFine},
	} {
		var input strings.Builder
		for range n {
			input.WriteString(kind.line() + "\n")
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if code := run(b.Context(), []string{"check", "--batch"}, strings.NewReader(input.String()), io.Discard, io.Discard); code != kind.code {
					b.Fatal(code)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
