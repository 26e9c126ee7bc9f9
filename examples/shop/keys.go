package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// realm names this deployment. A copy for staging has another name and other
// keys.
const realm = "copper kettle demonstration"

// openKeys reads the key file. Only if the Store holds no credential is a new
// one made: a key that is missing must be put back, since nothing that was
// sealed under it opens with another.
func openKeys(ctx context.Context, path string, store rotate.Store) (*keyring.Ring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		n, err := store.Count(ctx, rotate.Query{})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			return nil, fmt.Errorf("key file %q is missing, but the database holds %d credentials sealed under it: put it back, or name it with -keys", path, n)
		}
		if text, err = makeKeys(path); err != nil {
			return nil, fmt.Errorf("making the key file: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	} else if err := checkMode(path); err != nil {
		return nil, err
	}
	ring, err := keyring.Parse(realm, string(text))
	if err != nil {
		return nil, fmt.Errorf("key file %q: %w", path, err)
	}
	return ring, nil
}

// makeKeys writes a file with one new key that only its owner can read. It is
// whole or not there, whenever the shop is killed, and takes nobody's place.
func makeKeys(path string) ([]byte, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	text := fmt.Appendf(nil, "# Keys of %q. Losing them loses every password.\n%s\n", realm, keyring.NewKey().Reveal())
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	// Nothing may be sealed under a key that a power cut can take away.
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return nil, err
	}
	return text, syncFolder(dir)
}

// syncFolder makes the names in a folder last, where folders can be synced.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// checkMode reports a key file that others can read, where files have modes.
func checkMode(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("reading the key file: %w", err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return fmt.Errorf("key file %q has mode %#o, so others can read it: chmod 600", path, mode)
	}
	return nil
}
