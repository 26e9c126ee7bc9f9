package totp

import (
	"bytes"
	"fmt"
	"time"
)

// The stored form, version 1:
//
//	byte 0    version, 1
//	byte 1    algorithm: 1 SHA1, 2 SHA256, 3 SHA512
//	byte 2    digits, 6 to 8
//	byte 3    period in seconds, 15 to 120
//	byte 4-   key, 16 to 128 bytes
const (
	binaryVersion = 1
	binaryHeader  = 4
)

// MarshalBinary returns the whole secret in its stored form, key and settings
// in the clear: seal it before it is written anywhere. It returns [ErrZero]
// for the zero Secret.
//
// Encoders that look for this method, such as encoding/gob, would write the
// key: give them the sealed bytes instead of the Secret.
func (s Secret) MarshalBinary() ([]byte, error) {
	if s.seed == nil {
		return nil, ErrZero
	}
	out := make([]byte, 0, binaryHeader+len(*s.seed.key))
	out = append(out, binaryVersion, byte(s.seed.algorithm)+1, byte(s.seed.digits), byte(s.seed.period))
	return append(out, *s.seed.key...), nil
}

// UnmarshalBinary replaces s by the secret that MarshalBinary wrote. It
// copies what it keeps. It returns [ErrFormat] for another version or a cut
// value and a [*BoundsError] for a number out of range, and then leaves s as
// it was; the stored value is damaged, or newer than this program.
//
// It must not run while s is in use.
func (s *Secret) UnmarshalBinary(stored []byte) error {
	if len(stored) < binaryHeader {
		return fmt.Errorf("%w: %d bytes stored", ErrFormat, len(stored))
	}
	if stored[0] != binaryVersion {
		return fmt.Errorf("%w: version %d, this program knows %d", ErrFormat, stored[0], binaryVersion)
	}
	if stored[1] < 1 || stored[1] > byte(SHA512)+1 {
		return fmt.Errorf("%w: algorithm %d", ErrFormat, stored[1])
	}
	key := stored[binaryHeader:]
	if stored[2] == 0 || stored[3] == 0 || len(key) == 0 {
		return fmt.Errorf("%w: a setting or the key is missing", ErrFormat)
	}
	o, err := Options{
		Algorithm: Algorithm(stored[1] - 1),
		Digits:    int(stored[2]),
		Period:    time.Duration(stored[3]) * time.Second,
		Size:      len(key),
	}.complete()
	if err != nil {
		return err
	}
	*s = newSecret(bytes.Clone(key), o)
	return nil
}
