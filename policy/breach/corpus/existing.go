package corpus

import (
	"context"
	"fmt"
	"math"
)

// CorpusFile is another corpus. From it one with fewer remainder bits, without
// counts or with a larger MinCount can be built; from itself it comes out byte
// for byte the same.
func CorpusFile(path string) Source { return corpusFile(path) }

type corpusFile string

func (path corpusFile) open(_ context.Context, w workspace) (reader, error) {
	f, err := openFile(string(path), OpenOptions{Access: Read})
	if err != nil {
		return nil, err
	}
	if f.kind != w.kind {
		f.close()
		return nil, &FileError{
			Name: string(path), Problem: fmt.Sprintf("is a corpus of %s hashes, not of %s", f.kind, w.kind), Remedy: "set the right Kind",
		}
	}
	return &existing{f}, nil
}

// existing is a corpus that is being read.
type existing struct{ *file }

func (e *existing) facts() facts {
	return facts{
		size: e.fileSize, depth: e.file.depth(), counted: e.counts,
		least: e.minCount, full: e.full, stamp: e.stamp,
	}
}

// expect counts in a sample of the blocks.
func (e *existing) expect(minCount uint32) (keys, deviation float64, err error) {
	if minCount <= e.minCount {
		return float64(e.keys), 0, nil
	}
	step := max(e.blocks()/probes, 1)
	buffer := make([]byte, e.largest)
	var sample batch
	read := 0
	for i := 0; i < e.blocks(); i += step {
		b, err := e.read(i, buffer)
		if err != nil {
			return 0, 0, e.damaged(i, err)
		}
		sample.reset()
		e.decode(b, i, e.places[i].keys(), stretch{last: math.MaxUint64, minCount: minCount}, &sample)
		keys += float64(len(sample.keys))
		read++
	}
	if step == 1 {
		return keys, 0, nil
	}
	return keys / float64(read) * float64(e.blocks()), 0.002 + 4/math.Sqrt(keys+1), nil
}

func (e *existing) cursor() cursor {
	return &existingCursor{e, make([]byte, e.largest)}
}

// finish finds nothing: every block was checked.
func (e *existing) finish() error { return nil }

func (e *existing) hole(uint64) error {
	return &FileError{Name: e.name, Problem: "lacks a range of hashes or all", Remedy: remedyRebuild}
}

func (e *existing) damaged(i int, err error) error {
	return &FileError{
		Name: e.name, Offset: e.begin + e.places[i].offset(), Problem: "has a damaged block", Remedy: remedyRebuild, Err: err,
	}
}

type existingCursor struct {
	*existing
	buffer []byte
}

func (c *existingCursor) load(ctx context.Context, s stretch, into *batch) error {
	for i := c.block(key{high: s.first}); i <= c.block(key{high: s.last}); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := c.read(i, c.buffer)
		if err != nil {
			return c.damaged(i, err)
		}
		c.decode(b, i, c.places[i].keys(), s, into)
		if first := uint64(i) << (64 - c.blockBits); first >= s.first {
			into.bytes += int64(len(b))
		}
	}
	return nil
}
