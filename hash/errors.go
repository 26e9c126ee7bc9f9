package hash

import (
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// ErrMismatch is returned by Verify if the password is not the one that was
// hashed. Count it as a failed guess.
var ErrMismatch = verdict.ErrMismatch

// ErrFormat is returned by Verify and Inspect if the stored string is in no
// known format, or breaks the rules of its format. It is a fault of the stored
// data, not of the person who logs in: run Decoy, answer as for a wrong
// password, and report the row to the operator.
var ErrFormat = verdict.ErrFormat

// ErrInvalidUTF8 is returned by Hash if the password is not valid UTF-8. Ask
// for another password; replacing the bytes would make two passwords equal.
var ErrInvalidUTF8 = errors.New("hash: password is not valid UTF-8")

// ErrOverloaded is what every *OverloadedError is, for use with errors.Is.
var ErrOverloaded = errors.New("hash: too many password checks are waiting")

// BoundsError says which number was outside its bounds: a password that is too
// long (Param is ParamPassword, tell the person), or a number in the
// configuration or in a stored string (every other Param, tell the operator).
// It is returned before any hashing.
type BoundsError = verdict.BoundsError

// Names of the bounded values, as found in BoundsError.Param.
const (
	ParamPassword    = verdict.ParamPassword
	ParamEncoded     = verdict.ParamEncoded
	ParamMemory      = verdict.ParamMemory
	ParamTime        = verdict.ParamTime
	ParamParallelism = verdict.ParamParallelism
	ParamSaltLength  = verdict.ParamSaltLength
	ParamKeyLength   = verdict.ParamKeyLength
	ParamBcryptCost  = verdict.ParamBcryptCost
	ParamTarget      = "target of the calibration"
)

// OverloadedError is returned at once, without any hashing, when the queue of
// the Budget is full for the Class of the call. It is ErrOverloaded under
// errors.Is. Answer "try again later" (HTTP 503 with Retry-After), and do not
// count a failed guess.
type OverloadedError struct {
	// Wait is an estimate of the time until the hashes are done that are running
	// now, or waiting and come before a call of the same class. It is above zero.
	Wait time.Duration
	// Waiting is the number of calls of the same class that were in the queue.
	Waiting int
}

func (e *OverloadedError) Error() string {
	return fmt.Sprintf("%v: %d in the queue, try again in about %v", ErrOverloaded, e.Waiting, e.Wait)
}

// Is reports whether target is ErrOverloaded.
func (e *OverloadedError) Is(target error) bool { return target == ErrOverloaded }
