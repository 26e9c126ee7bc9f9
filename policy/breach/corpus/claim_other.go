//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package corpus

import (
	"os"
	"path/filepath"
)

// closeFirst tells whether a file must be closed before it gets another name or
// is removed.
const closeFirst = true

// claim makes an empty file with a name like the given one.
func claim(path string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
}

// lock makes or opens a file. There is no lock.
func lock(path string) (*os.File, error) { return create(path, 0) }
