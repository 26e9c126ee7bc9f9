// Package legacy verifies password hashes that other software made. It never
// makes one: a password that verified here is hashed again with argon2id by the
// caller, and the foreign string is forgotten.
//
// A format is a value of type Scheme. Bcrypt is the first one. Whatever a site
// adds to its hashes outside of the stored string (a pepper, a cookie key, a
// signer key) is a field of the Scheme value, so one program can hold two sites
// with two keys. A salt that lives in a column of its own is written into the
// stored string at import, so that one string is always enough.
//
// Most programs do not call this package: they list schemes in hash.Config and
// call hash.Hasher.Verify, which also waits for the memory budget.
package legacy

import "github.com/tillkey/tillkey/hash/internal/verdict"

// ErrMismatch says that the password is not the one that was hashed. It is the
// same value as hash.ErrMismatch.
var ErrMismatch = verdict.ErrMismatch

// ErrFormat says that the stored string breaks the rules of its format. It is
// the same value as hash.ErrFormat.
var ErrFormat = verdict.ErrFormat

// BoundsError says that a number in the stored string is outside its bounds. It
// is the same type as hash.BoundsError.
type BoundsError = verdict.BoundsError

// Names of bounded values that schemes of this package report in
// BoundsError.Param.
const (
	ParamMemory     = verdict.ParamMemory
	ParamBcryptCost = verdict.ParamBcryptCost
)
