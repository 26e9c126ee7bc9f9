package breach

import (
	"bytes"
	"fmt"
)

// FileError says what is wrong with a corpus file, where, and what to do. It
// never repeats what the file holds, which might be passwords.
type FileError struct {
	Name    string // the path, or "corpus" for NewFile
	Line    int64  // from 1, or 0 if not known
	Offset  int64  // of the line, in bytes from 0; 0 also if not known
	Problem string
	Remedy  string
	Err     error // the cause, or nil
}

// Error says where, what and the remedy.
func (e *FileError) Error() string {
	text := fmt.Sprintf("breach: %q", e.Name)
	switch {
	case e.Line > 0:
		text += fmt.Sprintf(": line %d (offset %d)", e.Line, e.Offset)
	case e.Offset > 0:
		text += fmt.Sprintf(": offset %d", e.Offset)
	}
	text += " " + e.Problem
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text + "; " + e.Remedy
}

// Unwrap returns the cause, or nil.
func (e *FileError) Unwrap() error { return e.Err }

const (
	remedyFormat   = "lines must be HASH:COUNT with a SHA-1 hash of 40 hexadecimal characters and a count"
	remedySort     = "sort the file by its hashes in the C locale, each hash once"
	remedyComplete = "download the whole corpus again"
)

// describe says what is wrong with the malformed line at the start of b, and
// what to do.
func describe(b []byte) (problem, remedy string) {
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		b = b[:end]
	}
	b = bytes.TrimSuffix(b, []byte("\r"))
	hash, _, counted := bytes.Cut(b, []byte(":"))
	switch width := hexLength(hash); {
	case len(b) == 0:
		return "is empty", "remove empty lines"
	case width < len(hash) || width == 0:
		return "does not begin with a hash", "unpack the file if it is compressed; " + remedyFormat
	case width == 32:
		return "has a hash of 32 characters, as NTLM and MD5 have", "use the SHA-1 corpus"
	case width != hashLength:
		return fmt.Sprintf("has a hash of %d characters", width), remedyFormat
	case !counted:
		return "has no count", remedyFormat
	}
	return "has a count that is not a number from 0 to 4294967295 without leading zeros", remedyFormat
}

// hexLength returns how many hexadecimal characters b begins with.
func hexLength(b []byte) int {
	for i, c := range b {
		if folded := c | 0x20; (c < '0' || c > '9') && (folded < 'a' || folded > 'f') {
			return i
		}
	}
	return len(b)
}
