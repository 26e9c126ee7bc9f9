package breach

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
)

const fileSource = "file"

// File looks passwords up in a sorted text file of leaked hashes, as the
// downloaders of Pwned Passwords write it: one line HASH:COUNT per password,
// with a SHA-1 of 40 hexadecimal characters in either case, in ascending order,
// each hash once. Lines end with LF or CRLF; the last one may end with the
// file. It implements policy.List.
//
// Nothing of the file is loaded. A look-up in the full corpus reads about four
// blocks of 4 KiB. A File is safe for concurrent use. It keeps the file that it
// opened: replace a corpus by renaming a new file over the old one and opening
// that, never by writing in place.
type File struct {
	reader io.ReaderAt
	closer io.Closer // nil if the caller keeps the reader
	name   string
	size   int64
	first  digest
	last   digest
	blocks sync.Pool // of *[blockSize]byte
}

// Open opens a corpus on disk and checks it by samples: the width of the
// hashes, the order of 64 lines, and whether the file seems to hold the whole
// range of hashes, as one that was downloaded in part does not. A file that
// fails gives a [*FileError] that says where and what to do. Samples find the
// usual mistakes, not a single bad line: run [File.Verify] once per download.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &FileError{Name: path, Problem: "cannot be opened", Remedy: "check the path and the permissions", Err: err}
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		file.Close()
		return nil, &FileError{Name: path, Problem: "cannot be read", Remedy: "give the path of one text file", Err: err}
	}
	f, err := newFile(file, info.Size(), path)
	if err != nil {
		file.Close()
		return nil, err
	}
	f.closer = file
	return f, nil
}

// NewFile is [Open] for a corpus that is not a file on disk. The reader must
// allow parallel calls, as [io.ReaderAt] demands, and must outlive the File;
// Close does not close it. Its content must not change.
func NewFile(reader io.ReaderAt, size int64) (*File, error) {
	return newFile(reader, size, "corpus")
}

func newFile(reader io.ReaderAt, size int64, name string) (*File, error) {
	f := &File{reader: reader, name: name, size: size}
	f.blocks.New = func() any { return new([blockSize]byte) }
	if err := f.sample(); err != nil {
		return nil, err
	}
	return f, nil
}

// Close closes the file. Look-ups after it, and those under way, give an error
// that matches policy.ErrUnchecked.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Seen returns the count of the password in the file: zero means that the file
// does not hold it, or holds it with count zero, as padding does. Every error
// is an [*UncheckedError] and matches policy.ErrUnchecked: the file cannot be
// read, or is not what Open took it for; then Verify tells where. If ctx ends
// first, the error also matches ctx.Err().
func (f *File) Seen(ctx context.Context, password string) (int, error) {
	d, reason := newDigest(password)
	if reason != "" {
		return 0, &UncheckedError{Source: fileSource, Reason: reason}
	}
	count, failure := f.find(ctx, d)
	if failure != nil {
		return 0, failure
	}
	return toInt(count), nil
}

// read fills b from the given offset of the file.
func (f *File) read(b []byte, at int64) *UncheckedError {
	n, err := f.reader.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return &UncheckedError{Source: fileSource, Reason: ReasonCut}
	}
	// Other errors of a reader may name the offset, which must not be told.
	failure := &UncheckedError{Source: fileSource, Reason: ReasonRead}
	var number syscall.Errno
	switch {
	case errors.Is(err, os.ErrClosed):
		failure.Err = os.ErrClosed
	case errors.As(err, &number):
		failure.Err = number
	}
	return failure
}
