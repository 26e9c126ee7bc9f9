//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd || solaris

package corpus

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// mapping is a file in memory. It is given back when nothing points to it any
// more: whoever uses the bytes keeps the mapping alive.
type mapping struct{ bytes []byte }

// newMapping maps a file, or returns nil if the system will not.
func newMapping(f *os.File, size int) *mapping {
	b, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	m := &mapping{b}
	runtime.AddCleanup(m, func(b []byte) { _ = unix.Munmap(b) }, b)
	return m
}

// advise tells the system how the file will be read. It is a hint: a system
// that knows none loses only time.
func advise(_ *os.File, m *mapping, preload bool) {
	if m == nil {
		return
	}
	advice := unix.MADV_RANDOM
	if preload {
		advice = unix.MADV_WILLNEED
	}
	_ = unix.Madvise(m.bytes, advice)
	runtime.KeepAlive(m)
}
