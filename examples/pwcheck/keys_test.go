package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// requireMode fails the test if others may read the file.
func requireMode(t *testing.T, path string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		return // no modes
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
}

func TestKeysNew(t *testing.T) {
	t.Parallel()
	r := execute(t, "", "keys", "new")
	require.Equal(t, exitFine, r.code)
	key, err := keyring.ParseKey(strings.TrimSuffix(r.stdout, "\n"))
	require.NoError(t, err)
	require.NotEqual(t, r.stdout, execute(t, "", "keys", "new").stdout)

	path := filepath.Join(t.TempDir(), "shop.keys")
	r = execute(t, "", "keys", "new", "--out", path)
	require.Equal(t, exitFine, r.code)
	requireMode(t, path)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	ring, err := keyring.Parse("shop", string(text))
	require.NoError(t, err)
	require.Equal(t, []string{strings.TrimSpace(r.stdout)}, ring.IDs())
	require.NotEqual(t, key.ID, ring.IDs()[0])

	r = execute(t, "", "keys", "new", "-o", path)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "the file exists and is not replaced")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, text, after)

	r = execute(t, "", "keys", "new", "-o", filepath.Join(path, "below", "a file"))
	require.Equal(t, exitFailed, r.code)
	require.Empty(t, r.stdout)
}
