package policy

import (
	"fmt"
	"strings"
)

// FileError says what is wrong with a policy file, and where. It wraps
// ErrInvalid. Mend the file.
type FileError struct {
	// Name is the path given to ReadFile, "" from Read.
	Name string

	// Line and Column are where the value or name at fault starts, counted
	// from 1; a column is a code point. Both are 0 where the file as a whole
	// is meant.
	Line, Column int

	// Field is the path of the field, such as
	// groups["store-17/customers"].words[2], "" for the file as a whole.
	Field string

	// Problem is what is wrong with it.
	Problem string
}

// Error names everything that is known.
func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString("policy: ")
	if e.Name != "" {
		b.WriteString(e.Name + ":")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if e.Name != "" || e.Line > 0 {
		b.WriteString(" ")
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	return b.String() + e.Problem
}

// Unwrap returns ErrInvalid.
func (e *FileError) Unwrap() error { return ErrInvalid }
