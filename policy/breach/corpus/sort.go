package corpus

import (
	"bufio"
	"context"
	"io"
	"os"
	"slices"
)

const (
	// sortRecords is how many records are sorted in memory, 8 MB.
	sortRecords = 1 << 18
	// mergeRuns is how many sorted runs are merged at once.
	mergeRuns = 64
	// mergeBuffer is what is read of a run at once.
	mergeBuffer = 32 << 10
)

// sorter sorts records on disk and adds up those of one hash.
type sorter struct {
	dir     string
	records []record
	file    *os.File
	runs    []run // in the file
	size    int64 // of the file
}

// run is sorted records in a file.
type run struct{ begin, end int64 }

func newSorter(dir string) (*sorter, error) {
	f, err := newScratch(dir)
	if err != nil {
		return nil, err
	}
	return &sorter{dir: dir, file: f, records: make([]record, 0, sortRecords)}, nil
}

func (s *sorter) close() { discardScratch(s.file) }

// add takes a record.
func (s *sorter) add(r record) error {
	s.records = append(s.records, r)
	if len(s.records) < sortRecords {
		return nil
	}
	return s.flush()
}

// flush writes the records in memory as a run.
func (s *sorter) flush() error {
	slices.SortFunc(s.records, record.compare)
	out := s.writer(s.file)
	for _, r := range s.records {
		if err := out.add(r); err != nil {
			return err
		}
	}
	s.records = s.records[:0]
	return s.ended(out)
}

// ended notes the run that was written.
func (s *sorter) ended(out *runWriter) error {
	n, err := out.flush()
	s.runs = append(s.runs, run{s.size, s.size + n})
	s.size += n
	return err
}

// finish merges all runs into one, which is then the whole file.
func (s *sorter) finish(ctx context.Context) error {
	if err := s.flush(); err != nil {
		return err
	}
	s.records = nil
	for len(s.runs) > 1 {
		from, runs := s.file, s.runs
		to, err := newScratch(s.dir)
		if err != nil {
			return err
		}
		s.file, s.runs, s.size = to, nil, 0
		for part := range slices.Chunk(runs, mergeRuns) {
			if err := ctx.Err(); err != nil {
				discardScratch(from)
				return err
			}
			if err := s.merge(ctx, from, part); err != nil {
				discardScratch(from)
				return err
			}
		}
		discardScratch(from)
	}
	return nil
}

// merge writes some runs of a file as one run of the sorter's.
func (s *sorter) merge(ctx context.Context, from *os.File, runs []run) error {
	heads := make([]runReader, len(runs))
	for i, r := range runs {
		in := bufio.NewReaderSize(io.NewSectionReader(from, r.begin, r.end-r.begin), mergeBuffer)
		heads[i] = runReader{in: in}
		if err := heads[i].next(); err != nil {
			return err
		}
	}
	out := s.writer(s.file)
	for n := 0; ; n++ {
		if n&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		best := -1
		for i := range heads {
			if heads[i].alive && (best < 0 || heads[i].record.compare(heads[best].record) < 0) {
				best = i
			}
		}
		if best < 0 {
			return s.ended(out)
		}
		if err := out.add(heads[best].record); err != nil {
			return err
		}
		if err := heads[best].next(); err != nil {
			return err
		}
	}
}

// runReader reads the records of a run.
type runReader struct {
	in     *bufio.Reader
	record record
	alive  bool
}

func (r *runReader) next() error {
	b, err := r.in.Peek(recordSize)
	if len(b) == 0 && err == io.EOF {
		r.alive = false
		return nil
	}
	if err != nil {
		return err
	}
	r.record, r.alive = parseRecord(b), true
	_, err = r.in.Discard(recordSize)
	return err
}

// runWriter writes the records of a run, one for each hash.
type runWriter struct {
	out   *bufio.Writer
	held  record
	some  bool
	bytes int64
	b     []byte
}

func (s *sorter) writer(f *os.File) *runWriter {
	return &runWriter{out: bufio.NewWriterSize(io.NewOffsetWriter(f, s.size), textBuffer)}
}

func (w *runWriter) add(r record) error {
	if w.some && w.held.compare(r) == 0 {
		w.held.add(r)
		return nil
	}
	err := w.release()
	w.held, w.some = r, true
	return err
}

// release writes the record that is held.
func (w *runWriter) release() error {
	if !w.some {
		return nil
	}
	w.b = w.held.append(w.b[:0])
	w.bytes += recordSize
	_, err := w.out.Write(w.b)
	return err
}

// flush writes all and returns how many bytes the run has.
func (w *runWriter) flush() (int64, error) {
	if err := w.release(); err != nil {
		return w.bytes, err
	}
	return w.bytes, w.out.Flush()
}
