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

// TestLines: the shop's own code for credentials fits on a few pages. Blank lines
// and comments are not counted.
func TestLines(t *testing.T) {
	files, err := filepath.Glob("auth*.go")
	require.NoError(t, err)
	count := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		formatted, err := format.Source(text)
		require.NoError(t, err)
		require.Equal(t, string(formatted), string(text), "%s: gofmt it", file)
		for number, line := range strings.Split(string(text), "\n") {
			// A tab is four columns wide.
			width := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    "))
			require.LessOrEqual(t, width, 120, "%s:%d", file, number+1)
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "//") {
				count++
			}
		}
		require.NotContains(t, string(text), "/*", file)
	}
	t.Logf("%d lines", count)
	require.Positive(t, count)
	require.LessOrEqual(t, count, 150)
}

// TestReadme: the lines that the README names hold what it says.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	rows := regexp.MustCompile("(?m)^\\| (\\w+\\.go):(\\d+) `([^`]+)`").FindAllStringSubmatch(string(text), -1)
	require.Len(t, rows, 8)
	for _, row := range rows {
		code, err := os.ReadFile(row[1])
		require.NoError(t, err)
		number, err := strconv.Atoi(row[2])
		require.NoError(t, err)
		lines := strings.Split(string(code), "\n")
		require.Less(t, number, len(lines), row[0])
		require.Contains(t, lines[number-1], row[3], row[0])
	}
}
