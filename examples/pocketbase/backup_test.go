package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBackupWhileCustomersSignIn: a backup of PocketBase that is made while
// Tillkey writes holds whole credentials, and no key.
func TestBackupWhileCustomersSignIn(t *testing.T) {
	i := start(t)
	const n = 8
	for k := range n {
		i.old(t, "nils"+strconv.Itoa(k)+"@example.com")
	}
	var work sync.WaitGroup
	for k := range n {
		work.Go(func() {
			for range 4 {
				i.visitor(t).signIn("nils"+strconv.Itoa(k)+"@example.com", password)
			}
		})
	}
	err := i.app.CreateBackup(t.Context(), "backup.zip")
	work.Wait()
	require.NoError(t, err)

	dir := t.TempDir()
	archive, err := zip.OpenReader(filepath.Join(i.dir, "backups", "backup.zip"))
	require.NoError(t, err)
	defer archive.Close()
	key, err := os.ReadFile(i.config.keys)
	require.NoError(t, err)
	fields := strings.Split(strings.TrimSpace(string(key)), ":")
	secret := fields[len(fields)-1]
	require.Greater(t, len(secret), 40)
	for _, file := range archive.File {
		in, err := file.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(in)
		require.NoError(t, err)
		require.NotContains(t, string(text), secret)
		at := filepath.Join(dir, filepath.FromSlash(file.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(at), 0o700))
		require.NoError(t, os.WriteFile(at, text, 0o600))
	}

	j := &instance{dir: dir, clock: i.clock, config: i.config}
	require.NoError(t, j.open("127.0.0.1:0"))
	defer func() { require.NoError(t, j.close()) }()
	var sound string
	require.NoError(t, j.app.ConcurrentDB().NewQuery("PRAGMA integrity_check").Row(&sound))
	require.Equal(t, "ok", sound)
	for k := range n {
		require.Equal(t, 200, j.visitor(t).signIn("nils"+strconv.Itoa(k)+"@example.com", password).status)
	}
}
