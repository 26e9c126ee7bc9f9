package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAuthIsShort: what a shop writes itself to sign customers in fits in 150
// lines of at most 120 characters, blank lines and comments aside.
func TestAuthIsShort(t *testing.T) {
	files, err := filepath.Glob("auth*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	n := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\n")
			require.LessOrEqual(t, len([]rune(strings.ReplaceAll(line, "\t", "    "))), 120, "%s: %s", name, line)
			if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "//") {
				n++
			}
		}
	}
	t.Logf("%d lines", n)
	require.LessOrEqual(t, n, 150)
}
