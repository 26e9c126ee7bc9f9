package main

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// splitLines is what lineReader does, for texts that fit into memory.
func splitLines(text string, limit int) []string {
	lines := []string{}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutSuffix(line, "\n"); ok {
			line = strings.TrimSuffix(rest, "\r")
		}
		lines = append(lines, cut(line, limit+1))
	}
	return lines
}

func readLines(t require.TestingT, in io.Reader, limit int) []string {
	r := newLineReader(in, limit)
	lines := []string{}
	for {
		line, err := r.next()
		if err == io.EOF {
			return lines
		}
		require.NoError(t, err)
		lines = append(lines, line)
	}
}

func TestLineReader(t *testing.T) {
	t.Parallel()
	const limit = 5
	for _, text := range []string{
		"", "\n", "\r\n", "\r", "a", "a\r", "a\r\n", "a\r\r\n", "\n\n", "a\n\r\nb",
		"12345", "12345\n", "12345\r\n", "12345\r", "123456", "123456\n", "123456\r\n", "12345\r\r\n", "1234567\n8",
		strings.Repeat("x", 64<<10) + "\ny", strings.Repeat("x", 200<<10) + "\r\ny\r\n",
		strings.Repeat("x", 64<<10-1) + "\r\ny", strings.Repeat("\r", 100) + "\n",
	} {
		require.Equal(t, splitLines(text, limit), readLines(t, strings.NewReader(text), limit))
		require.Equal(t, splitLines(text, limit), readLines(t, iotest.OneByteReader(strings.NewReader(text)), limit))
	}
}

func FuzzLineReader(f *testing.F) {
	f.Add("a\r\nb\nc", 3)
	f.Add(strings.Repeat("long", 10)+"\r\n\r", 8)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = min(max(limit, 0), 1<<20)
		require.Equal(t, splitLines(text, limit), readLines(t, strings.NewReader(text), limit))
	})
}
