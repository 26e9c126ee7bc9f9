package keyring

import "fmt"

// Bounds of every input, in bytes unless said otherwise. They are checked before
// any work or allocation that grows with the input.
const (
	MaxRealm     = 255       // a realm has 1 to 255 bytes
	MaxPurpose   = 255       // a purpose has 1 to 255 bytes
	MaxAccount   = 255       // an account has 0 to 255 bytes; 0 means the value is nobody's
	MaxBinding   = 1024      // a binding has 0 to 1024 bytes; it may hold several ids
	MaxPlaintext = 64 << 10  // a hash has about 100 bytes, a ticket a few hundred
	MaxMACInput  = 64 << 10  // the data of one MAC
	MaxKeys      = 256       // keys in one ring; a shop that turns keys monthly needs a few
	MaxKeyFile   = 128 << 10 // room for MaxKeys lines and their comments

	// MaxSealed is the length of the sealed text of MaxPlaintext bytes. A value
	// of n bytes takes 14 + ceil(4*(n+40)/3) characters, all of them ASCII.
	MaxSealed = len(sealedVersion) + 1 + idLength + 1 + (4*(nonceLength+MaxPlaintext+tagLength)+2)/3
)

// BoundsError says that an input is too short or too long. It is a mistake of the
// caller or of whoever filled in the input; the same call will fail again.
type BoundsError struct {
	Param  string // which input: "realm", "keys", "key file", "purpose", "account", "binding", "plaintext", "data"
	Min    int    // the least that is allowed
	Max    int    // the most that is allowed
	Actual int    // what was given
}

// Error names the input, its size and its bounds, never its content.
func (e *BoundsError) Error() string {
	return fmt.Sprintf("keyring: %s: size %d is not within %d to %d", e.Param, e.Actual, e.Min, e.Max)
}

// within returns nil if min <= actual <= max, and a *BoundsError otherwise.
func within(param string, actual, min, max int) error {
	if actual < min || actual > max {
		return &BoundsError{Param: param, Min: min, Max: max, Actual: actual}
	}
	return nil
}
