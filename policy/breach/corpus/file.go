package corpus

import (
	"errors"
	"hash/crc32"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
)

// file is an open corpus. It does not change.
type file struct {
	header
	name   string
	places []place

	reader  io.ReaderAt
	closer  io.Closer // nil if there is nothing to close
	info    os.FileInfo
	begin   int64 // of the blocks
	largest int   // bytes of the largest block

	mapping *mapping        // keeps the memory valid, or nil
	memory  []byte          // all blocks if they are in memory, else nil
	mapped  bool            // reading blocks may fault
	ending  uint64          // the last word of all blocks
	checked []atomic.Uint64 // a bit for each block whose bytes were checked
	buffers sync.Pool       // of *[]byte, with room for the largest block
}

// memory reads from bytes.
type memory []byte

func (m memory) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 || at > int64(len(m)) {
		return 0, io.EOF
	}
	if n := copy(b, m[at:]); n < len(b) {
		return n, io.EOF
	}
	return len(b), nil
}

func unopened(path string, err error) error {
	return &FileError{Name: path, Problem: "cannot be opened", Remedy: "check the path and the permissions", Err: err}
}

func openFile(path string, options OpenOptions) (*file, error) {
	handle, err := os.Open(path)
	if err != nil {
		return nil, unopened(path, err)
	}
	info, err := handle.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		handle.Close()
		return nil, unopened(path, err)
	}
	var m *mapping
	var b []byte
	if options.Access == Map && info.Size() >= headerSize && info.Size() <= math.MaxInt {
		// Without a map the file is read.
		if m = newMapping(handle, int(info.Size())); m != nil {
			b = m.bytes
		}
	}
	f, err := newFile(path, handle, info.Size(), b)
	if err != nil {
		handle.Close()
		return nil, err
	}
	f.closer, f.info, f.mapping, f.mapped = handle, info, m, m != nil
	advise(handle, m, options.Preload)
	return f, nil
}

// newFile checks the header and the directory. If whole is not nil it is all
// bytes of the file.
func newFile(name string, reader io.ReaderAt, size int64, whole []byte) (*file, error) {
	bad := func(problem string) error {
		return &FileError{Name: name, Problem: problem, Remedy: remedyRebuild}
	}
	page := make([]byte, headerSize)
	if size < headerSize {
		return nil, bad("is no corpus of this format")
	}
	if err := readFull(reader, page, 0); err != nil {
		return nil, unopened(name, err)
	}
	h, problem := parseHeader(page)
	if problem != "" {
		return nil, bad(problem)
	}
	if h.fileSize != size {
		return nil, bad("is cut or has a tail: its size is not that in its header")
	}
	directory, _ := h.section(sectionDirectory)
	b := make([]byte, directory.length)
	if err := readFull(reader, b, directory.offset); err != nil {
		return nil, unopened(name, err)
	}
	if crc32.Checksum(b, castagnoli) != directory.crc {
		return nil, bad("has a damaged directory")
	}
	f := &file{header: h, name: name, reader: reader, places: parseDirectory(b, &h)}
	if f.places == nil {
		return nil, bad("has a directory that does not fit its blocks")
	}
	blocks, _ := h.section(sectionBlocks)
	f.begin = blocks.offset
	if whole != nil {
		f.memory = whole[blocks.offset:blocks.end()]
		f.ending = word(f.memory, len(f.memory)/8-1)
		f.checked = make([]atomic.Uint64, (h.blocks()+63)/64)
	}
	for i := range h.blocks() {
		f.largest = max(f.largest, f.blockSize(i))
	}
	f.buffers.New = func() any {
		b := make([]byte, f.largest)
		return &b
	}
	return f, f.canaries()
}

// blockSize returns the bytes of the i-th block.
func (f *file) blockSize(i int) int { return int(f.places[i+1].offset() - f.places[i].offset()) }

// close closes the file. The mapping goes when no look-up can use it.
func (f *file) close() {
	if f.closer != nil {
		_ = f.closer.Close() // it was only read
	}
}

// count returns the count of a key.
func (f *file) count(k key) (n int, err error) {
	i := f.block(k)
	p := f.places[i]
	if f.memory == nil || f.checked[i>>6].Load()&(1<<(i&63)) == 0 {
		return f.countRead(k, i)
	}
	if f.mapped {
		// A file that was cut under us faults. That is an answer, not a crash.
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if fault := recover(); fault != nil {
				n, err = 0, faulted(fault)
			}
		}()
	}
	b := block(f.memory[p.offset():f.places[i+1].offset()])
	n = f.look(b, k, p.keys())
	// Where a file was cut within a page the rest of it reads as zeros, up to the
	// end of the page and so of the file.
	cut := word(f.memory, len(f.memory)/8-1) != f.ending
	runtime.KeepAlive(f.mapping)
	if cut {
		return 0, &UncheckedError{Reason: ReasonCut}
	}
	return n, nil
}

// countRead is count for a block that must be read and checked.
func (f *file) countRead(k key, i int) (int, error) {
	buffer := f.buffers.Get().(*[]byte)
	defer f.buffers.Put(buffer)
	b, err := f.read(i, *buffer)
	if err != nil {
		return 0, err
	}
	if f.memory != nil {
		f.checked[i>>6].Or(1 << (i & 63))
	}
	return f.look(b, k, f.places[i].keys()), nil
}

// read reads the i-th block into a buffer and checks it.
func (f *file) read(i int, buffer []byte) (block, error) {
	b := buffer[:f.blockSize(i)]
	if err := readFull(f.reader, b, f.begin+f.places[i].offset()); err != nil {
		return nil, unread(err)
	}
	checked := f.check(b, i, f.places[i].keys())
	if checked == nil {
		return nil, &UncheckedError{Reason: ReasonDamaged}
	}
	return checked, nil
}

// look returns the count of a key in its block of n keys.
func (f *file) look(b block, k key, n int) int {
	slot := f.slot(k)
	f.approach(b, slot, n)
	keys := b.slotKeys(slot)
	if keys.count == 0 {
		return 0
	}
	if f.counts {
		f.approachCount(b, slot, n)
	}
	i := b.find(keys, f.remainder(k), f.remainderBits, n)
	switch {
	case i < 0:
		return 0
	case !f.counts:
		return 1
	}
	count := uint64(f.layout.count(b, n, i)) + uint64(f.minCount)
	return int(min(count, math.MaxInt))
}

// readFull fills b or returns an error, io.ErrUnexpectedEOF if there is less.
func readFull(reader io.ReaderAt, b []byte, at int64) error {
	n, err := reader.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	}
	return err
}

// unread turns the error of a read, which may name an offset, into one that
// does not.
func unread(err error) *UncheckedError {
	failure := &UncheckedError{Reason: ReasonRead}
	var number syscall.Errno
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		failure.Reason = ReasonCut
	case errors.Is(err, os.ErrClosed):
		failure.Reason, failure.Err = ReasonClosed, os.ErrClosed
	case errors.As(err, &number):
		failure.Err = number
	}
	return failure
}

// faulted turns a fault of mapped memory into an error, and panics again with
// anything else.
func faulted(fault any) error {
	if e, ok := fault.(interface {
		runtime.Error
		Addr() uintptr
	}); ok {
		_ = e.Addr()
		return &UncheckedError{Reason: ReasonCut}
	}
	panic(fault)
}
