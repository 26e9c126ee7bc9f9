package argon2

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size of a huge page on amd64, and on arm64 with pages of 4
// KiB. Where it is another, huge pages are used less well.
const hugePage = 2 << 20

// mapBlocks returns zeroed blocks outside the Go heap, where the collector does
// not count them, and the mapping for unmap. Large ones ask for huge pages:
// 2300 ns for each page of 4 KiB add up to as much time as the hash. They are
// left out of core dumps. It returns nil if there is no memory.
func mapBlocks(n int) (blocks []block, mapped []byte) {
	length := n * blockSize
	room := length
	if length >= hugePage {
		room += hugePage // to begin at the begin of a page
	}
	mapped, err := unix.Mmap(-1, 0, room, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, nil
	}
	begin := 0
	if length >= hugePage {
		begin = int(-uintptr(unsafe.Pointer(unsafe.SliceData(mapped))) % hugePage)
		_ = unix.Madvise(mapped[begin:begin+length/hugePage*hugePage], unix.MADV_HUGEPAGE)
	}
	_ = unix.Madvise(mapped, unix.MADV_DONTDUMP)
	return unsafe.Slice((*block)(unsafe.Pointer(&mapped[begin])), n), mapped
}

func unmap(mapped []byte) {
	if mapped != nil {
		_ = unix.Munmap(mapped)
	}
}

// discard gives the memory of blocks of a mapping back. They are zero when they
// are used again.
func discard(blocks []block) {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(blocks))), len(blocks)*blockSize)
	page := uintptr(os.Getpagesize())
	begin := int(-uintptr(unsafe.Pointer(unsafe.SliceData(bytes))) % page)
	if begin < len(bytes) {
		_ = unix.Madvise(bytes[begin:], unix.MADV_DONTNEED)
	}
}
