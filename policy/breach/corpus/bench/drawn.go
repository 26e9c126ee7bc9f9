package main

import (
	"io"
	"io/fs"
	"strconv"
	"time"
)

// drawn is a folder of range files that are drawn when they are read.
type drawn struct{ synth }

func (d drawn) Open(name string) (fs.File, error) {
	prefix, err := strconv.ParseUint(name, 16, 32)
	if err != nil || len(name) != 5 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f := &drawnFile{name: name}
	for _, e := range d.entries(int(prefix), nil) {
		f.rest = appendLine(f.rest, e, 5)
	}
	f.size = int64(len(f.rest))
	return f, nil
}

// drawnFile is the rows of a range.
type drawnFile struct {
	name string
	size int64
	rest []byte
}

func (f *drawnFile) Read(b []byte) (int, error) {
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

func (f *drawnFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *drawnFile) Close() error               { return nil }
func (f *drawnFile) Name() string               { return f.name }
func (f *drawnFile) Size() int64                { return f.size }
func (f *drawnFile) Mode() fs.FileMode          { return 0o444 }
func (f *drawnFile) ModTime() time.Time         { return time.Time{} }
func (f *drawnFile) IsDir() bool                { return false }
func (f *drawnFile) Sys() any                   { return nil }
