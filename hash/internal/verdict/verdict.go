// Package verdict holds the answers that reading and comparing a stored hash
// can give. Packages hash and hash/legacy share them and re-export them.
package verdict

import (
	"errors"
	"fmt"
)

// ErrMismatch says that the password is not the one that was hashed.
var ErrMismatch = errors.New("hash: password does not match")

// ErrFormat says that a stored string is in no format the reader knows, or
// breaks the rules of its format.
var ErrFormat = errors.New("hash: stored string has an unknown or broken format")

// Names of the bounded values, as found in BoundsError.Param.
const (
	ParamPassword    = "password length"
	ParamEncoded     = "stored string length"
	ParamMemory      = "memory"
	ParamTime        = "time"
	ParamParallelism = "parallelism"
	ParamSaltLength  = "salt length"
	ParamKeyLength   = "key length"
	ParamBcryptCost  = "bcrypt cost"
)

// BoundsError says which number was outside its bounds. It never holds a
// password, a salt or a key.
type BoundsError struct {
	Param            string // one of the Param constants
	Unit             string // "bytes", "KiB", or "" for a plain count
	Min, Max, Actual uint64 // Min and Max are allowed themselves
}

func (e *BoundsError) Error() string {
	unit := e.Unit
	if unit != "" {
		unit = " " + unit
	}
	return fmt.Sprintf("hash: %s is %d%s, allowed are %d to %d", e.Param, e.Actual, unit, e.Min, e.Max)
}

// Within returns nil if actual is inside min and max, both allowed, and a
// *BoundsError if it is not.
func Within(param, unit string, actual, min, max uint64) error {
	if actual < min || actual > max {
		return &BoundsError{Param: param, Unit: unit, Min: min, Max: max, Actual: actual}
	}
	return nil
}

// Broken returns an error that is ErrFormat and says what is wrong. The reason
// must not quote the stored string.
func Broken(reason string) error {
	return fmt.Errorf("%w: %s", ErrFormat, reason)
}
