package main

import (
	"io"
	"io/fs"
	"strconv"
	"sync"
	"time"
)

// drawn is a folder of range files that are drawn when they are read.
type drawn struct{ synth }

func (d drawn) Open(name string) (fs.File, error) {
	prefix, err := strconv.ParseUint(name, 16, 32)
	if err != nil || len(name) != 5 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, ok := unused.Get().(*drawnFile)
	if !ok {
		f = new(drawnFile)
	}
	f.name, f.rows = name, f.rows[:0]
	f.room = d.entries(int(prefix), f.room)
	for _, e := range f.room {
		f.rows = appendLine(f.rows, e, 5)
	}
	f.rest, f.size = f.rows, int64(len(f.rows))
	return f, nil
}

// unused keeps files that were closed, so that the memory of a build is its own
// and not that of the drawing.
var unused sync.Pool

// drawnFile is the rows of a range.
type drawnFile struct {
	name string
	size int64
	rest []byte
	rows []byte
	room []entry
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
func (f *drawnFile) Close() error               { unused.Put(f); return nil }
func (f *drawnFile) Name() string               { return f.name }
func (f *drawnFile) Size() int64                { return f.size }
func (f *drawnFile) Mode() fs.FileMode          { return 0o444 }
func (f *drawnFile) ModTime() time.Time         { return time.Time{} }
func (f *drawnFile) IsDir() bool                { return false }
func (f *drawnFile) Sys() any                   { return nil }
