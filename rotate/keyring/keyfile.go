package keyring

import (
	"fmt"
	"strings"
)

// KeyFileError says which line of a key file is wrong, and why.
type KeyFileError struct {
	Line int   // counted from 1
	Err  error // ErrKey or ErrDuplicateKey, with a reason
}

// Error names the line, never its content.
func (e *KeyFileError) Error() string {
	return fmt.Sprintf("keyring: key file line %d: %s", e.Line, strings.TrimPrefix(e.Err.Error(), "keyring: "))
}

// Unwrap returns the reason.
func (e *KeyFileError) Unwrap() error { return e.Err }

// Parse makes a ring from the text of a key file. Each line is one key as
// [Key.Reveal] prints it, or blank, or a comment that starts with #. White space
// around a line is ignored, line breaks may be those of Windows, and a byte order
// mark at the start is skipped. The order of the keys means nothing.
//
// The error is a *KeyFileError for a line that is not a key or repeats one, a
// *BoundsError for a file over 128 KiB and for a file with no key or more than 256
// (Param "keys"), and otherwise as for [New].
func Parse(realm, text string) (*Ring, error) {
	if err := within("key file", len(text), 0, MaxKeyFile); err != nil {
		return nil, err
	}
	var keys []Key
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := within("keys", len(keys)+1, 1, MaxKeys); err != nil {
			return nil, err
		}
		k, err := ParseKey(line)
		if err == nil {
			err = unlike(k, keys)
		}
		if err != nil {
			return nil, &KeyFileError{Line: number, Err: err}
		}
		keys = append(keys, k)
	}
	return New(realm, keys...)
}
