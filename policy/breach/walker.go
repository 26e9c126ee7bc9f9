package breach

// walker goes over whole lines of a file in their order and stops at the first
// that is malformed or not above the one before.
type walker struct {
	name     string
	line     int64 // lines seen
	offset   int64 // of the next line
	first    digest
	previous digest

	widest     uint64 // largest distance between neighbours
	widestLine int64  // the line after it
}

// over checks the lines of b.
func (w *walker) over(b []byte) *FileError {
	for len(b) > 0 {
		l, n := cutLine(b)
		if n == 0 {
			problem, remedy := describe(b)
			return w.bad(problem, remedy)
		}
		if w.line == 0 {
			w.first = l.hash
		} else if !w.previous.less(l.hash) {
			if w.previous == l.hash {
				return w.bad("repeats the hash of the line before", remedySort)
			}
			return w.bad("is out of order", remedySort)
		}
		w.line++
		if gap := l.hash.high - w.previous.high; gap > w.widest {
			w.widest, w.widestLine = gap, w.line
		}
		w.previous = l.hash
		w.offset += int64(n)
		b = b[n:]
	}
	return nil
}

func (w *walker) bad(problem, remedy string) *FileError {
	return &FileError{Name: w.name, Line: w.line + 1, Offset: w.offset, Problem: problem, Remedy: remedy}
}
