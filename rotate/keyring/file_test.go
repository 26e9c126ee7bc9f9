package keyring_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestCreateFileMakesWhatReadFileReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "shop", "shop.keys")
	_, err := keyring.ReadFile("shop", path)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, keyring.CreateFile("shop", path))
	ring, err := keyring.ReadFile("shop", path)
	require.NoError(t, err)
	require.Len(t, ring.IDs(), 1)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode())
	}
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing else is left behind")
}

// TestCreateFileReplacesNothing: of many who make a file at once, one does, and
// all read the same key.
func TestCreateFileReplacesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.keys")
	var made, ids sync.Map
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			err := keyring.CreateFile("shop", path)
			if err == nil {
				made.Store(i, true)
			} else if !isExist(err) {
				t.Errorf("%v", err)
			}
			ring, err := keyring.ReadFile("shop", path)
			if err != nil {
				t.Errorf("%v", err)
				return
			}
			ids.Store(ring.IDs()[0], true)
		})
	}
	wait.Wait()
	require.Equal(t, 1, count(&made))
	require.Equal(t, 1, count(&ids))
}

func TestReadFileRefuses(t *testing.T) {
	key := keyText("kaaaaaaaa", 1)
	write := func(text string, mode fs.FileMode) string {
		path := filepath.Join(t.TempDir(), "shop.keys")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, os.Chmod(path, mode))
		return path
	}
	_, err := keyring.ReadFile("shop", write(key, 0o600))
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		for _, mode := range []fs.FileMode{0o640, 0o604, 0o660} {
			_, err = keyring.ReadFile("shop", write(key, mode))
			require.ErrorIs(t, err, keyring.ErrFileMode)
			require.Contains(t, err.Error(), "chmod 600")
		}
	}
	_, err = keyring.ReadFile("shop", write(key+"\n"+strings.Repeat("#", keyring.MaxKeyFile), 0o600))
	require.ErrorAs(t, err, new(*keyring.BoundsError))
	_, err = keyring.ReadFile("shop", write("nonsense "+key, 0o600))
	require.ErrorAs(t, err, new(*keyring.KeyFileError))
	require.NotContains(t, err.Error(), key)
	require.Error(t, keyring.CreateFile("", filepath.Join(t.TempDir(), "shop.keys")))
}

func isExist(err error) bool { return errors.Is(err, fs.ErrExist) }

func count(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}
