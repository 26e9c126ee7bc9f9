//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package corpus

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// closeFirst tells whether a file must be closed before it gets another name or
// is removed. Here the lock is kept until then.
const closeFirst = false

// claim makes an empty file, or takes over one that a killed process has left,
// and locks it. It fails if a living process has it.
func claim(path string) (*os.File, error) {
	f, err := lock(path)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(0); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// lock makes or opens a file and locks it until it is closed. It fails if a
// living process has it.
func lock(path string) (*os.File, error) {
	for {
		f, err := create(path, 0)
		if err != nil {
			return nil, err
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			f.Close()
			return nil, err
		}
		// Whoever had it may have moved or removed it meanwhile: that file is not
		// ours.
		held, err := f.Stat()
		named, namedErr := os.Lstat(path)
		switch {
		case err == nil && namedErr == nil && os.SameFile(held, named):
			return f, nil
		case err != nil || namedErr != nil && !errors.Is(namedErr, os.ErrNotExist):
			f.Close()
			return nil, errors.Join(err, namedErr)
		}
		f.Close()
	}
}
