package totp

import (
	"errors"
	"fmt"
)

var (
	// ErrCode means that the typed code belongs to no step of the window, or
	// is not a code at all. The guess counts; let the customer try again.
	ErrCode = errors.New("totp: wrong code")

	// ErrReplayed means that the code is genuine but its step is not above
	// the last one used. The guess counts; ask for the next code.
	ErrReplayed = errors.New("totp: code was used before")

	// ErrRecovery means that the typed text is no recovery code, or none that
	// is left. The guess counts; let the customer try again.
	ErrRecovery = errors.New("totp: wrong recovery code")

	// ErrZero means that the secret or recovery code is the zero value. A
	// secret that should have been loaded was not: treat it as a fault of the
	// server, never as a wrong code.
	ErrZero = errors.New("totp: zero value holds no secret")

	// ErrFormat means that stored bytes or a text cannot be read. Its message
	// never repeats what was read.
	ErrFormat = errors.New("totp: unreadable value")

	// ErrOptions means that options contradict each other or name an
	// algorithm that does not exist.
	ErrOptions = errors.New("totp: impossible options")
)

// BoundsError says which number is outside its range. It is a fault of the
// caller's settings or of the data being read, never a wrong code.
type BoundsError struct {
	Name     string // what was measured, with its unit
	Min, Max int    // both inclusive
	Actual   int
}

// Error names the number and its range.
func (e *BoundsError) Error() string {
	return fmt.Sprintf("totp: %s must be %d to %d, not %d", e.Name, e.Min, e.Max, e.Actual)
}

// within returns a *BoundsError if actual is outside min to max.
func within(name string, actual, min, max int) error {
	if actual < min || actual > max {
		return &BoundsError{Name: name, Min: min, Max: max, Actual: actual}
	}
	return nil
}
