package corpus

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// PasswordFile is a list of passwords, one per line, in any order. Lines end
// with LF or CRLF; empty lines are passed over. The bytes of a line are hashed
// as they are. How often a password is in the list is its count. A line of more
// than 64 KiB is refused, and for NTLM one that is no UTF-8.
//
// The hashes are sorted on disk, in files without a name in the folder of the
// corpus, which need at most 48 bytes per line.
func PasswordFile(path string) Source { return passwordFile(path) }

type passwordFile string

func (path passwordFile) open(ctx context.Context, w workspace) (reader, error) {
	f, err := os.Open(string(path))
	if err != nil {
		return nil, unopened(string(path), err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unopened(string(path), err)
	}
	s, err := newSorter(w.dir)
	if err != nil {
		return nil, err
	}
	err = hashLines(ctx, f, w.kind, string(path), s, func(done int64) { w.progress(StageSort, done, info.Size()) })
	if err == nil {
		err = s.finish(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return &records{file: s.file, name: string(path), n: s.size / recordSize}, nil
}

// hashLines gives the hashes of all lines to a sorter.
func hashLines(ctx context.Context, r io.Reader, kind Kind, name string, s *sorter, progress func(int64)) error {
	in := bufio.NewReaderSize(r, maxPassword+2)
	done, noted := int64(0), int64(0)
	for line := int64(1); ; line++ {
		b, err := in.ReadSlice('\n')
		done += int64(len(b))
		if done-noted >= taskBytes || err == io.EOF {
			noted = done
			progress(done)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		ended := err == io.EOF
		if err != nil && !ended && !errors.Is(err, bufio.ErrBufferFull) {
			return &FileError{Name: name, Line: line, Problem: "cannot be read", Remedy: "check the disk", Err: err}
		}
		b = bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
		if len(b) > 0 || err != nil && !ended {
			r, reason := kind.record(b)
			if reason != "" || err != nil && !ended {
				return refused(name, line, reason)
			}
			if err := s.add(r); err != nil {
				return err
			}
		}
		if ended {
			return nil
		}
	}
}

// record returns the record of a password.
func (k Kind) record(password []byte) (record, Reason) {
	sum, reason := k.sum(string(password))
	if reason != "" {
		return record{}, reason
	}
	r := record{key: newKey(sum[:]), count: 1}
	if k == SHA1 {
		r.rest = binary.BigEndian.Uint32(sum[16:])
	}
	return r, ""
}

// refused returns the error of a line that cannot be hashed.
func refused(name string, line int64, reason Reason) error {
	e := &FileError{Name: name, Line: line}
	switch reason {
	case ReasonNotText:
		e.Problem, e.Remedy = "is no valid UTF-8", "convert the list to UTF-8"
	case ReasonNoHash:
		e.Problem, e.Remedy = "cannot be hashed: "+reason.text(), "build where they are allowed"
	default:
		e.Problem, e.Remedy = "is longer than 64 KiB", "give a text with one password per line"
	}
	return e
}
