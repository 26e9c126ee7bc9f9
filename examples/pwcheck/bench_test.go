package main

import (
	"bytes"
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

func BenchmarkBatch(b *testing.B) {
	const n = 20_000
	list := words()
	r := rand.New(rand.NewPCG(1, 2))
	var input strings.Builder
	for range n {
		for range 4 {
			input.WriteString(list[r.IntN(len(list))] + " ")
		}
		input.WriteByte('\n')
	}
	text := input.String()
	b.ReportAllocs()
	for b.Loop() {
		if code := run(b.Context(), []string{"check", "--batch"}, strings.NewReader(text), io.Discard, io.Discard); code != exitFine {
			b.Fatal(code)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
