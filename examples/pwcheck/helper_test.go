package main

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// full is an output that cannot take any more, gone one that nobody reads.
type (
	full struct{}
	gone struct{}
)

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }
func (gone) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

func sha1Hex(password string) string {
	return fmt.Sprintf("%X", sha1.Sum([]byte(password)))
}

// leakedText writes a file of leaked hashes that holds the given passwords among
// others, each with its count.
func leakedText(t *testing.T, counts map[string]int) string {
	t.Helper()
	var rows []string
	for i := range 4000 {
		rows = append(rows, fmt.Sprintf("%s:%d", sha1Hex(fmt.Sprint("member ", i)), i+1))
	}
	for password, count := range counts {
		rows = append(rows, fmt.Sprintf("%s:%d", sha1Hex(password), count))
	}
	slices.Sort(rows)
	path := filepath.Join(t.TempDir(), "pwned.txt")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(rows, "\r\n")+"\r\n"), 0o600))
	return path
}
