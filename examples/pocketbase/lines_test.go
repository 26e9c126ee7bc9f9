package main

import (
	"bufio"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestAuthIsShort: the shop's side of Tillkey is at most 150 lines of code, of a
// width that can be read, and formatted like any other.
func TestAuthIsShort(t *testing.T) {
	const maxLines, maxWidth, tab = 150, 120, 4
	files, err := filepath.Glob("auth*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	lines := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		formatted, err := format.Source(text)
		require.NoError(t, err)
		require.Equal(t, string(formatted), string(text), file)
		scanner := bufio.NewScanner(strings.NewReader(string(text)))
		for scanner.Scan() {
			line := strings.ReplaceAll(scanner.Text(), "\t", strings.Repeat(" ", tab))
			require.LessOrEqual(t, utf8.RuneCountInString(line), maxWidth, line)
			code := strings.TrimSpace(line)
			require.NotContains(t, code, "/*", "a block comment would not be counted right")
			if code != "" && !strings.HasPrefix(code, "//") {
				lines++
			}
		}
	}
	require.LessOrEqual(t, lines, maxLines)
	t.Logf("%d lines in %v", lines, files)
}
