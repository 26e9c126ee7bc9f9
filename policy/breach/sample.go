package breach

import "math"

const (
	samples = 64
	// rareGap is how many times the mean distance between two hashes a gap must
	// have to be a hole. Hashes are spread evenly, so that in a whole file of
	// 2^31 lines a gap of 64 comes by chance once in 10^18 files.
	rareGap = 64
	// rareShift is how many times 1/sqrt(lines) the place of a hash in the file
	// may differ from the place of its value among all hashes. By the bound of
	// Dvoretzky, Kiefer and Wolfowitz, 2*exp(-2*6*6), that happens to one whole
	// file in 10^31.
	rareShift = 6
)

// sample reads the first line, the last line and 64 blocks between them, and
// refuses a file that is not a sorted, whole corpus.
func (f *File) sample() error {
	if f.size < shortestLine {
		return &FileError{Name: f.name, Problem: "holds no line", Remedy: remedyComplete}
	}
	block := new([blockSize]byte)
	whole := span{high: f.size}
	walk := walker{name: f.name}
	for i := range int64(samples + 1) {
		at := f.size/samples*i + f.size%samples*i/samples
		lines, begin, failure := f.lines(block, at, whole)
		if failure != nil {
			return f.unreadable(failure, at)
		}
		if begin < walk.offset {
			// In a small file samples overlap.
			lines = lines[min(walk.offset-begin, int64(len(lines))):]
			begin = walk.offset
		}
		walk.offset = begin
		if err := walk.over(lines); err != nil {
			if begin > 0 {
				err.Line = 0
			}
			return err
		}
		if i == 0 {
			f.first = walk.first
		}
		if err := f.misplaced(walk.previous, walk.offset); err != nil {
			return err
		}
	}
	f.last = walk.previous
	return f.coverage()
}

// unreadable turns the failure of a read at Open into a FileError.
func (f *File) unreadable(failure *UncheckedError, at int64) error {
	if failure.Reason == ReasonMalformed {
		return &FileError{Name: f.name, Offset: at, Problem: "has a line that is too long", Remedy: remedyFormat}
	}
	return &FileError{Name: f.name, Offset: at, Problem: "cannot be read", Remedy: "check the disk", Err: failure}
}

// misplaced refuses a hash that cannot be at the given offset of a whole file.
func (f *File) misplaced(hash digest, offset int64) error {
	lines := max(float64(f.size)/longestLine, 1)
	place, value := float64(offset)/float64(f.size), float64(hash.high)/(1<<64)
	if math.Abs(place-value) <= rareShift/math.Sqrt(lines)+blockSize/float64(f.size) {
		return nil
	}
	return &FileError{
		Name: f.name, Offset: offset,
		Problem: "has hashes that are spread unevenly, so a part is missing or the lines are no SHA-1 hashes",
		Remedy:  remedyComplete,
	}
}

// coverage refuses a file that begins too late or ends too early.
func (f *File) coverage() error {
	lines := f.size / longestLine
	if hole(f.first.high, lines) {
		return &FileError{Name: f.name, Problem: "lacks its beginning", Remedy: remedyComplete}
	}
	if hole(math.MaxUint64-f.last.high, lines) {
		return &FileError{Name: f.name, Problem: "lacks its end", Remedy: remedyComplete}
	}
	return nil
}

// hole tells whether a gap between two neighbours is too wide to be chance.
func hole(gap uint64, lines int64) bool {
	return float64(gap)*float64(lines) > rareGap*float64(1<<64)
}
