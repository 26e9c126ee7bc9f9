package keyring

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// ReadFile makes a ring from a key file (see [Parse]) that its owner alone can
// read: where files have modes, one that others may read is refused.
//
// Errors: fs.ErrNotExist; [ErrFileMode], and the text says what to run; those of
// Parse. None holds a key. A missing file must be put back: what was sealed
// under its keys opens with no other. Only for a store without credentials make
// one by [CreateFile], as rotate.OpenKeys does.
func ReadFile(realm, path string) (*Ring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, fmt.Errorf("%w: %q has mode %#o: run chmod 600", ErrFileMode, path, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, MaxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	ring, err := Parse(realm, string(text))
	if err != nil {
		return nil, fmt.Errorf("%w (key file %q)", err, path)
	}
	return ring, nil
}

// ErrFileMode says that others than its owner may read a key file.
var ErrFileMode = errors.New("keyring: the key file is open to others")

// CreateFile writes a key file with one new key, readable for its owner alone,
// and makes the folders above it. The file is whole and on the disk, or not
// there, whenever the process or the machine stops; it never takes the place of
// another. Keep it apart from the database and its backups, and keep a copy:
// losing it loses every password.
//
// Errors: fs.ErrExist, somebody was faster: read that one; those of the file
// system.
func CreateFile(realm, path string) (err error) {
	if err := within("realm", len(realm), 1, MaxRealm); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintf(f, "# Keys of %q. Losing them loses every password.\n%s\n", realm, NewKey().Reveal())
	// Nothing may be sealed under a key that a power cut can take away.
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return nil
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
