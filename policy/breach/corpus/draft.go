package corpus

import (
	"errors"
	"os"
	"path/filepath"
)

// draft is a file that shall take the place of another.
type draft struct {
	path string // of the other
	file *os.File
	rest []*os.File // that are gone afterwards
}

// newDraft makes the file beside its path.
func newDraft(path string) (*draft, error) {
	f, err := claim(path + ".building")
	if err != nil {
		return nil, &FileError{Name: path, Problem: "cannot be written", Remedy: "check the folder and whether another build is under way", Err: err}
	}
	return &draft{path: path, file: f}, nil
}

// second makes another file.
func (d *draft) second() (*os.File, error) {
	f, err := create(d.path+".building.2", os.O_TRUNC)
	if err == nil {
		d.rest = append(d.rest, f)
	}
	return f, err
}

// use lets the draft be the other file.
func (d *draft) use(f *os.File) {
	for i, other := range d.rest {
		if other == f {
			d.rest[i], d.file = d.file, f
		}
	}
}

// sync brings the file to the disk.
func (d *draft) sync() error {
	if err := d.file.Sync(); err != nil {
		return &FileError{Name: d.path, Problem: "cannot be written", Remedy: "check the disk", Err: err}
	}
	return nil
}

// commit brings the file to its place. It must be on the disk.
func (d *draft) commit() error {
	var err error
	if closeFirst {
		err = d.file.Close()
	}
	if err == nil {
		err = os.Rename(d.file.Name(), d.path)
	}
	if err == nil {
		if !closeFirst {
			err = d.file.Close()
		}
		d.file = nil
	}
	if err == nil {
		err = syncDir(filepath.Dir(d.path))
	}
	if err != nil {
		return &FileError{Name: d.path, Problem: "cannot be written", Remedy: "check the disk", Err: err}
	}
	return nil
}

// discard removes what is not committed.
func (d *draft) discard() {
	for _, f := range append(d.rest, d.file) {
		if f != nil {
			_ = os.Remove(f.Name())
			_ = f.Close()
		}
	}
	d.rest, d.file = nil, nil
}

// syncDir brings the names in a folder to the disk.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	err = dir.Sync()
	// Some systems and disks cannot, and have no need to.
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, os.ErrInvalid) {
		err = nil
	}
	return errors.Join(err, dir.Close())
}
