package breach

import (
	"bytes"
	"context"
	"fmt"
	"math"
)

// verifyBlock is what Verify reads at once.
const verifyBlock = 256 << 10

// Verify reads the whole file and returns nil if every line is well formed, the
// hashes ascend without repeats, and no stretch of hashes is missing, as it is
// after a download that lost a range. Otherwise it returns a [*FileError] that
// names the first bad line and the remedy, or an error that matches ctx.Err()
// if ctx ended first. It needs one block of 256 KiB and may run beside
// look-ups. A missing stretch of fewer than about 64 hashes is not noticed.
func (f *File) Verify(ctx context.Context) error {
	block := make([]byte, min(verifyBlock, f.size))
	walk := walker{name: f.name}
	for walk.offset < f.size {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("breach: %q not verified beyond offset %d: %w", f.name, walk.offset, err)
		}
		b := block[:min(int64(len(block)), f.size-walk.offset)]
		if failure := f.read(b, walk.offset); failure != nil {
			return &FileError{
				Name: f.name, Offset: walk.offset,
				Problem: "cannot be read", Remedy: "check the disk, and whether the file was changed in place", Err: failure,
			}
		}
		if walk.offset+int64(len(b)) < f.size {
			if end := bytes.LastIndexByte(b, '\n') + 1; end > 0 {
				b = b[:end]
			}
		}
		if err := walk.over(b); err != nil {
			return err
		}
	}
	if tail := math.MaxUint64 - walk.previous.high; tail > walk.widest {
		walk.widest, walk.widestLine = tail, walk.line
	}
	if hole(walk.widest, walk.line) {
		return &FileError{
			Name: f.name, Line: walk.widestLine,
			Problem: "has a neighbour that is too far away: a range of hashes is missing", Remedy: remedyComplete,
		}
	}
	return nil
}
