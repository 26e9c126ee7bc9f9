package corpus

import "context"

// synced is the ranges that an update got, and in a corpus those that did not
// change.
type synced struct {
	old     *file // nil if all ranges are in the journal
	journal *journal
}

func (s synced) open(context.Context, workspace) (reader, error) { return s, nil }

func (s synced) facts() facts {
	f := facts{
		size: s.journal.size, depth: maxBlockBits + slotBits + uint(s.journal.remainderBits),
		counted: s.journal.counts, least: s.journal.minCount, complete: true,
	}
	if s.journal.changed < s.journal.ranges() {
		f.size, f.depth = f.size+s.old.fileSize, s.old.depth()
	}
	return f
}

// expect knows it.
func (s synced) expect(uint32) (keys, deviation float64, err error) {
	return float64(s.journal.kept), 0, nil
}

func (s synced) cursor() cursor {
	o := Options{RemainderBits: s.journal.remainderBits, Counts: s.journal.counts, MinCount: s.journal.minCount}
	c := &syncedCursor{synced: s, packing: newPacking(o, s.journal.digits), cached: -1}
	if s.old != nil {
		c.block = make([]byte, s.old.largest)
	}
	return c
}

// finish finds nothing: that every range was answered is known before.
func (s synced) finish() error { return nil }

// hole is called if there is no row at all.
func (s synced) hole(uint64) error {
	return &FileError{Name: s.journal.file.Name(), Problem: "has no row in any range", Remedy: "check the server, or lower MinCount"}
}

func (s synced) close() {}

// prefixBits returns how many bits the hashes of a range have in common.
func (s synced) prefixBits() uint { return 4 * uint(s.journal.digits) }

// syncedCursor reads the ranges of an update.
type syncedCursor struct {
	synced
	packing packing
	entry   []byte
	block   []byte
	cached  int // the block of the old corpus that was read last, or -1
}

func (c *syncedCursor) load(ctx context.Context, s stretch, into *batch) error {
	shift := 64 - c.prefixBits()
	for prefix := s.first >> shift; prefix <= s.last>>shift; prefix++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		part := s
		part.first, part.last = max(s.first, prefix<<shift), min(s.last, prefix<<shift|(1<<shift-1))
		if err := c.loadRange(int(prefix), part, into); err != nil {
			return err
		}
	}
	return nil
}

// loadRange adds the keys of a stretch that lies in one range.
func (c *syncedCursor) loadRange(prefix int, s stretch, into *batch) error {
	if c.journal.fresh[prefix] {
		e, err := c.journal.load(prefix, &c.entry)
		if err == nil {
			err = c.packing.unpack(&e, s, into)
		}
		into.bytes += int64(len(e.payload))
		if err != nil {
			return unwritten(c.journal.file.Name(), err)
		}
		return nil
	}
	for i := c.old.layout.block(key{high: s.first}); i <= c.old.layout.block(key{high: s.last}); i++ {
		if err := c.read(i); err != nil {
			return err
		}
		c.old.decode(c.block[:c.old.blockSize(i)], i, c.old.places[i].keys(), s, into)
	}
	return nil
}

// read reads a block of the old corpus.
func (c *syncedCursor) read(i int) error {
	if i == c.cached {
		return nil
	}
	c.cached = -1
	if _, err := c.old.read(i, c.block); err != nil {
		return (&existing{c.old}).damaged(i, err)
	}
	c.cached = i
	return nil
}

// keeps tells whether a block of the new corpus is one of the old.
func (c *syncedCursor) keeps(l layout, i int) bool {
	if c.old == nil || c.old.layout != l {
		return false
	}
	s, shift := l.stretchOf(i), 64-c.prefixBits()
	for prefix := s.first >> shift; prefix <= s.last>>shift; prefix++ {
		if c.journal.fresh[prefix] {
			return false
		}
	}
	return true
}

// stretchOf returns the hashes of the i-th block.
func (l layout) stretchOf(i int) stretch {
	first := uint64(i) << (64 - l.blockBits)
	return stretch{first: first, last: first + (1<<(64-l.blockBits) - 1), minCount: l.minCount}
}

// patch fills a task block by block, and copies those that did not change.
func (w *writing) patch(ctx context.Context, from *syncedCursor, e *encoder, t *task) error {
	t.out, t.sizes, t.keys = t.out[:0], t.sizes[:0], t.keys[:0]
	var rows, bytes int64
	blocks := 1 << (w.blockBits - w.taskBits)
	for i := t.number * blocks; i < (t.number+1)*blocks; i++ {
		before := len(t.out)
		t.batch.reset()
		n := 0
		if from.keeps(w.layout, i) {
			if err := from.read(i); err != nil {
				return err
			}
			n = from.old.places[i].keys()
			t.out = append(t.out, from.block[:from.old.blockSize(i)]...)
			rows += int64(n)
		} else {
			s := w.stretchOf(i)
			if err := from.load(ctx, s, &t.batch); err != nil {
				return err
			}
			rows += t.batch.rows
			t.batch.unify(w.depth())
			if n = len(t.batch.keys); n > maxBlockKeys {
				return errCrowded
			}
			t.out = e.encode(t.out, i, t.batch.keys, t.batch.counts)
		}
		t.sizes, t.keys = append(t.sizes, len(t.out)-before), append(t.keys, n)
		bytes += t.batch.bytes + int64(len(t.out)-before)
	}
	t.batch.reset()
	t.batch.rows, t.batch.bytes = rows, bytes
	return nil
}
