package corpus

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/bits"
	"os"
	"sync"
	"sync/atomic"
)

// taskKeys is about how many keys a worker takes at once: few enough for the
// caches, enough to make the search for their beginning cheap.
const taskKeys = 16 << 10

// taskBytes is how much of a source is read between two notes of progress.
const taskBytes = 8 << 20

// task is the blocks of one stretch of the hashes.
type task struct {
	number int
	batch  batch
	out    []byte
	sizes  []int // of the blocks
	keys   []int // of the blocks
	err    error
}

// writing is a corpus that is being written by several workers.
type writing struct {
	*plan
	in       reader
	taskBits uint // a task has the hashes that begin with so many bits
	partBits uint // and is read in parts by so many more
	next     atomic.Int64
	read     chan int64 // bytes, while tasks have parts
	free     chan *task
	done     chan *task
}

// write writes the whole corpus. The workers take tasks in their order, and
// one goroutine writes their blocks in the same order.
func (p *plan) write(ctx context.Context, in reader, f *os.File) (Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &writing{plan: p, in: in}
	// On average a block has between 0.71 and 1.42 of its slots in keys.
	perTask := uint(bits.Len(taskKeys>>slotBits)) - 1
	w.taskBits = min(p.blockBits-min(p.blockBits, perTask), maxTaskBits)
	for w.taskBits+w.partBits < maxTaskBits && p.facts.size>>(w.taskBits+w.partBits) > taskBytes {
		w.partBits++
	}
	w.read = make(chan int64)
	pending := 2 * p.workers
	w.free, w.done = make(chan *task, pending), make(chan *task, pending)
	for range pending {
		w.free <- new(task)
	}
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	for range p.workers {
		workers.Go(func() { w.work(ctx) })
	}
	return w.collect(ctx, f)
}

// maxTaskBits makes a task at least as large as a range of Pwned Passwords, so
// that a file of a range is read once.
const maxTaskBits = 20

// work loads and encodes tasks until there are none.
func (w *writing) work(ctx context.Context) {
	cursor := w.in.cursor()
	encoder := encoder{layout: w.layout}
	for {
		var t *task
		select {
		case <-ctx.Done():
			return
		case t = <-w.free:
		}
		t.number = int(w.next.Add(1)) - 1
		if t.number>>w.taskBits > 0 {
			return
		}
		t.batch.reset()
		t.err = w.fill(ctx, cursor, &encoder, t)
		w.done <- t // has room for all tasks
	}
}

// fill loads and encodes a task.
func (w *writing) fill(ctx context.Context, from cursor, e *encoder, t *task) error {
	if c, ok := from.(*syncedCursor); ok {
		return w.patch(ctx, c, e, t)
	}
	if err := w.load(ctx, from, t); err != nil {
		return err
	}
	return w.encode(e, t)
}

// load reads the keys of a task in parts.
func (w *writing) load(ctx context.Context, from cursor, t *task) error {
	shift := 64 - w.taskBits - w.partBits
	first := uint64(t.number) << (64 - w.taskBits)
	for range 1 << w.partBits {
		before := t.batch.bytes
		s := stretch{first: first, last: first + (1<<shift - 1), minCount: w.minCount, short: w.depth() <= 64}
		if err := from.load(ctx, s, &t.batch); err != nil {
			return err
		}
		first = s.last + 1
		if w.partBits > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case w.read <- t.batch.bytes - before:
			}
		}
	}
	t.batch.dropped = t.batch.rows - int64(len(t.batch.keys))
	return nil
}

// encode makes the blocks of a task.
func (w *writing) encode(e *encoder, t *task) error {
	t.batch.unify(w.depth())
	t.out, t.sizes, t.keys = t.out[:0], t.sizes[:0], t.keys[:0]
	keys, counts := t.batch.keys, t.batch.counts
	blocks := 1 << (w.blockBits - w.taskBits)
	for i := t.number * blocks; i < (t.number+1)*blocks; i++ {
		n := len(keys)
		if i < (t.number+1)*blocks-1 {
			n = w.keysOf(i, keys)
		}
		if n > maxBlockKeys {
			return errCrowded
		}
		before := len(t.out)
		t.out = e.encode(t.out, i, keys[:n], counts[:n])
		t.sizes, t.keys = append(t.sizes, len(t.out)-before), append(t.keys, n)
		keys, counts = keys[n:], counts[n:]
	}
	return nil
}

var errCrowded = errors.New("corpus: the hashes are spread unevenly, so they are no hashes of passwords or most are missing")

// keysOf returns how many of the keys are in the i-th block.
func (l layout) keysOf(i int, keys []key) int {
	low, high := 0, len(keys)
	for low < high {
		middle := int(uint(low+high) / 2)
		if l.block(keys[middle]) <= i {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// collect writes the tasks in their order and then the header.
func (w *writing) collect(ctx context.Context, f *os.File) (Report, error) {
	h := w.header()
	directory := section{id: sectionDirectory, offset: headerSize, length: int64(w.blocks()+1) * 8}
	memory := section{id: sectionBlocks, offset: alignPage(directory.end())}
	places := make([]byte, 0, directory.length)
	var report Report
	var gaps gaps
	read := int64(0)
	waiting := make(map[int]*task)
	for number := 0; number>>w.taskBits == 0; {
		t := waiting[number]
		if t == nil {
			select {
			case <-ctx.Done():
				return Report{}, ctx.Err()
			case n := <-w.read:
				read += n
				w.progress(Progress{Stage: StageEncode, Done: read, Total: w.facts.size, Keys: h.keys})
			case t = <-w.done:
				waiting[t.number] = t
			}
			continue
		}
		delete(waiting, number)
		number++
		if t.err != nil {
			return Report{}, t.err
		}
		if _, err := f.WriteAt(t.out, memory.end()); err != nil {
			return Report{}, err
		}
		for i, n := range t.keys {
			places = binary.LittleEndian.AppendUint64(places, uint64(newPlace(memory.length, n)))
			memory.length += int64(t.sizes[i])
			h.keys += int64(n)
		}
		gaps.add(&t.batch)
		read = max(read, gaps.bytes)
		w.progress(Progress{Stage: StageEncode, Done: read, Total: w.facts.size, Keys: h.keys})
		report.Dropped += t.batch.dropped
		w.free <- t
	}
	if err := w.in.finish(); err != nil {
		return Report{}, err
	}
	if err := w.checkWhole(&gaps); err != nil {
		return Report{}, err
	}
	places = binary.LittleEndian.AppendUint64(places, uint64(newPlace(memory.length, 0)))
	directory.crc = crc32.Checksum(places, castagnoli)
	h.sections, h.fileSize = []section{directory, memory}, memory.end()
	for _, part := range []struct {
		b  []byte
		at int64
	}{{places, directory.offset}, {h.marshal(), 0}} {
		if _, err := f.WriteAt(part.b, part.at); err != nil {
			return Report{}, err
		}
	}
	if err := f.Truncate(h.fileSize); err != nil {
		return Report{}, err
	}
	report.Info, report.Rows = h.info(), gaps.rows
	report.Merged = report.Rows - report.Dropped - report.Keys
	return report, nil
}
