package legacy

// Scheme verifies one foreign format. Implementations are plain values, safe
// for use by many goroutines at once, and hold no state beyond their settings.
//
// Contract:
//   - No method panics, whatever the stored string or the password is.
//   - Match and Inspect do no hashing and allocate no more than the length of
//     the stored string asks for.
//   - Every number in the stored string is bounded before memory or time is
//     spent on it, in Inspect and in Verify alike.
//   - No error holds a password, a salt, a key or a part of the stored string.
//   - The password is the bytes to try, nothing more: the caller has chosen the
//     Unicode form and calls Verify once for each form.
type Scheme interface {
	// Name is the short constant name of the format, such as "bcrypt". Two
	// schemes of one hasher have different names.
	Name() string

	// Match reports whether the stored string claims to be of this format. It
	// looks at the prefix or the shape only; a string that matches may still
	// be broken. The first scheme of a hasher that matches gets the string,
	// and no other scheme is tried.
	Match(encoded string) bool

	// Inspect reads the cost of the stored string. It returns an ErrFormat
	// error for a broken string and a *BoundsError for a cost that is outside
	// the settings of the scheme.
	Inspect(encoded string) (Cost, error)

	// Verify computes the hash of password and compares in constant time. It
	// returns nil for a match, ErrMismatch for another password, and what
	// Inspect returns for a string that must not be computed. It does not
	// modify or keep password.
	Verify(encoded string, password []byte) error
}

// Cost is what verifying one stored string takes.
type Cost struct {
	// Memory is the working memory of one computation in bytes. It is taken
	// from the memory budget while the computation runs.
	Memory int64
	// Text is the cost in the words of the format, such as "cost=12". It never
	// holds a salt or a key.
	Text string
}
