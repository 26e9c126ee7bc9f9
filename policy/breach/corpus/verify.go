package corpus

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Verify reads the whole file and returns nil if every byte of it is as it was
// written. Otherwise it returns a [*FileError] that says where and what to do,
// an [*UncheckedError] if the corpus is closed, or an error that matches
// ctx.Err() if ctx ended first. It needs about a megabyte and may run beside
// look-ups.
func (c *Corpus) Verify(ctx context.Context) error {
	f := c.file.Load()
	if f == nil {
		return &UncheckedError{Reason: ReasonClosed}
	}
	return f.verify(ctx)
}

// verifyBuffer is what verify reads at once, if no block is larger.
const verifyBuffer = 1 << 20

func (f *file) verify(ctx context.Context) error {
	_, err := f.fingerprint(ctx, func(int64) {})
	return err
}

// fingerprint is verify, and tells one whole file from another. Progress is
// told how many bytes were read.
func (f *file) fingerprint(ctx context.Context, progress func(done int64)) (sum fingerprint, err error) {
	head, err := f.verifyHead()
	if err != nil {
		return sum, err
	}
	// The checksums of the blocks stand for their bytes.
	h := sha256.New()
	_, _ = h.Write(head)
	err = f.verifyBlocks(ctx, func(b []byte) { _, _ = h.Write(b[len(b)-4:]) }, progress)
	h.Sum(sum[:0])
	return sum, err
}

type fingerprint [sha256.Size]byte

// verifyBlocks checks all blocks in order and hands each that is good to a
// function.
func (f *file) verifyBlocks(ctx context.Context, good func([]byte), progress func(done int64)) error {
	buffer := make([]byte, max(verifyBuffer, f.largest))
	for i := 0; i < f.blocks(); {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("corpus: %q not verified: %w", f.name, err)
		}
		begin, end := f.places[i].offset(), i
		for end < f.blocks() && f.places[end+1].offset()-begin <= int64(len(buffer)) {
			end++
		}
		b := buffer[:f.places[end].offset()-begin]
		if err := readFull(f.reader, b, f.begin+begin); err != nil {
			return f.bad(f.begin+begin, "cannot be read", err)
		}
		for ; i < end; i++ {
			n := f.blockSize(i)
			if f.check(b[:n], i, f.places[i].keys()) == nil || !f.ascending(b[:n], f.places[i].keys()) {
				return f.bad(f.begin+f.places[i].offset(), "has a damaged block", nil)
			}
			good(b[:n])
			b = b[n:]
		}
		progress(f.begin + f.places[end].offset())
	}
	return nil
}

// verifyHead reads everything before the blocks again and returns it.
func (f *file) verifyHead() ([]byte, error) {
	head := make([]byte, f.begin)
	if err := readFull(f.reader, head, 0); err != nil {
		return nil, f.bad(0, "cannot be read", err)
	}
	if h, problem := parseHeader(head); problem != "" || !bytes.Equal(h.marshal(), head[:headerSize]) {
		return nil, f.bad(0, "has a damaged header", nil)
	}
	end := int64(headerSize)
	for _, s := range f.sections {
		if !zero(head[end:min(s.offset, f.begin)]) {
			return nil, f.bad(end, "has bytes between its sections", nil)
		}
		if end = s.end(); s.id != sectionBlocks && crc32.Checksum(head[s.offset:end], castagnoli) != s.crc {
			return nil, f.bad(s.offset, "has a damaged section", nil)
		}
	}
	return head, nil
}

// ascending tells whether the remainders of each slot ascend.
func (l layout) ascending(b block, n int) bool {
	rest, size, mask := b[remaindersAt(n):], int(l.remainderBits/8), uint64(1)<<l.remainderBits-1
	for slot := range slots {
		r := b.slotKeys(slot)
		for i := r.first + 1; i < r.first+r.count; i++ {
			before := binary.LittleEndian.Uint64(rest[(i-1)*size:]) & mask
			if binary.LittleEndian.Uint64(rest[i*size:])&mask <= before {
				return false
			}
		}
	}
	return true
}

func (f *file) bad(offset int64, problem string, err error) error {
	return &FileError{Name: f.name, Offset: offset, Problem: problem, Remedy: remedyRebuild, Err: err}
}
