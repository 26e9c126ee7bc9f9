package corpus

import "fmt"

// FileError says what is wrong with a corpus or with what one is built from,
// where, and what to do. It never repeats what the file holds, which might be
// passwords.
type FileError struct {
	Name    string // the path, or "corpus" or "text" if there is none
	Line    int64  // of a text, from 1, or 0 if not known or not in a text
	Offset  int64  // in bytes from 0; 0 also if not known
	Problem string
	Remedy  string
	Err     error // the cause, or nil
}

// Error says where, what and the remedy.
func (e *FileError) Error() string {
	text := fmt.Sprintf("corpus: %q", e.Name)
	switch {
	case e.Line > 0:
		text += fmt.Sprintf(": line %d", e.Line)
	case e.Offset > 0:
		text += fmt.Sprintf(": offset %d", e.Offset)
	}
	text += " " + e.Problem
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.Remedy == "" {
		return text
	}
	return text + "; " + e.Remedy
}

// Unwrap returns the cause, or nil.
func (e *FileError) Unwrap() error { return e.Err }

const remedyRebuild = "build or download the corpus again"
