package keyring

import (
	"errors"
	"fmt"
)

var (
	// ErrSealed says that a text is not a sealed value, or does not open under
	// this realm, key and context. Which of these it is stays untold, since the
	// text may come from a stranger. Treat the value as lost or forged; trying
	// again cannot help.
	ErrSealed = errors.New("keyring: sealed value does not open")

	// ErrMissingKey is what every *MissingKeyError is, for errors.Is.
	ErrMissingKey = errors.New("keyring: missing key")

	// ErrKey says that a text is not a key, or that a Key did not come from
	// NewKey or ParseKey.
	ErrKey = errors.New("keyring: not a key")

	// ErrDuplicateKey says that two keys of a ring share their id or their secret.
	// Remove one of them; make a new key with NewKey rather than renaming one.
	ErrDuplicateKey = errors.New("keyring: duplicate key")
)

// MissingKeyError says that the ring lacks the key a value was sealed under, or
// was asked to seal with. It says nothing about the value: a missing key is not a
// wrong password. Put the key back into the ring and try again.
//
// From Open the id has the form of a key id but is not authenticated: in a text
// that came from outside, anybody may have written it.
type MissingKeyError struct {
	ID string // the key that is missing; empty if what Seal or MAC was given is not a key id
}

// Error names the missing key.
func (e *MissingKeyError) Error() string {
	return fmt.Sprintf("keyring: missing key %q", e.ID)
}

// Is reports whether target is ErrMissingKey.
func (e *MissingKeyError) Is(target error) bool { return target == ErrMissingKey }
