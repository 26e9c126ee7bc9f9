package main

import (
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestAuthenticationIsShort counts the lines of the shop's own authentication:
// the files named auth, without blank lines and comments.
func TestAuthenticationIsShort(t *testing.T) {
	files, err := filepath.Glob("auth*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	chain := regexp.MustCompile(`;\s*\S`)
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		plain, err := format.Source(text)
		require.NoError(t, err)
		require.Equal(t, string(plain), string(text), "%s is not as gofmt writes it", file)
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "//") {
				continue
			}
			n++
			require.LessOrEqual(t, utf8.RuneCountInString(line), 120, "%s: %s", file, line)
			header := strings.HasPrefix(line, "if ") || strings.HasPrefix(line, "switch ") || strings.HasPrefix(line, "for ")
			require.True(t, header || !chain.MatchString(line), "%s: one statement a line: %s", file, line)
		}
	}
	t.Logf("%d lines", n)
	require.LessOrEqual(t, n, 150)
}

// TestReadmePointsAtTheRightLines: what is named there is there.
func TestReadmePointsAtTheRightLines(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	rows := regexp.MustCompile("(?m)^\\| `([a-z_]+\\.go):(\\d+)` \\| `(\\w+)`").FindAllStringSubmatch(string(readme), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		text, err := os.ReadFile(row[1])
		require.NoError(t, err)
		n, err := strconv.Atoi(row[2])
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		require.Greater(t, len(lines), n)
		require.True(t, strings.HasPrefix(lines[n-1], "func ") && strings.Contains(lines[n-1], row[3]+"("), "%s:%d is %q", row[1], n, lines[n-1])
	}
}
