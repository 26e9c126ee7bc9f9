package corpus

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
)

// state is what the last update of a corpus left beside it: a journal without
// rows, with the ETag of every range as the corpus has it.
type state struct {
	journalHead
	file *os.File // nil: nothing is known
}

// openState opens the state of a corpus. One that is missing, damaged, or about
// another corpus, other options or another server is as good as none.
func openState(path string, head journalHead) (*state, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &state{journalHead: head}, nil
	}
	if err != nil {
		return nil, unopened(path, err)
	}
	s := &state{head, f}
	if err := s.check(); err != nil {
		f.Close()
		if errors.Is(err, errEntry) {
			return &state{journalHead: head}, nil
		}
		return nil, unopened(path, err)
	}
	return s, nil
}

// check reads the whole file.
func (s *state) check() error {
	head := make([]byte, journalSize)
	if _, err := io.ReadFull(s.file, head); err != nil {
		return cutEntry(err)
	}
	if string(head) != string(s.marshal()) {
		return errEntry
	}
	for _, err := range s.entries(0) {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *state) close() {
	if s.file != nil {
		_ = s.file.Close() // it was only read
	}
}

// entries returns what is known of the ranges from one on.
func (s *state) entries(from int) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		var in io.Reader
		if s.file != nil {
			in = bufio.NewReaderSize(io.NewSectionReader(s.file, journalSize, maxFileSize), textBuffer)
		}
		var buffer []byte
		for prefix := range s.ranges() {
			e, flags, err := entry{prefix: prefix}, byte(0), error(nil)
			if in != nil {
				e, flags, err = readEntry(in, &buffer)
			}
			if err == nil && (e.prefix != prefix || flags != 0) {
				err = errEntry
			}
			if err != nil || prefix >= from {
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}

// writeState writes the state that a complete journal leaves.
func writeState(path string, j *journal, corpus fingerprint) (err error) {
	f, err := create(path+".building", os.O_TRUNC)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
			_ = f.Close()
		}
	}()
	head := j.journalHead
	head.base, head.begun = corpus, 0
	out := bufio.NewWriterSize(f, textBuffer)
	if _, err := out.Write(head.marshal()); err != nil {
		return err
	}
	var b, buffer []byte
	for prefix := range j.ranges() {
		e, err := j.load(prefix, &buffer)
		if err != nil {
			return err
		}
		e.fresh, e.payload = false, nil
		b = e.append(b[:0], 0)
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	if err := errors.Join(out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
