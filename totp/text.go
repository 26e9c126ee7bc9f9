package totp

import (
	"encoding/base32"
	"fmt"
	"strings"
)

// maxTypedSecret bounds the bytes of a typed secret: MaxSize bytes in base32,
// each character full-width, with spacing.
const maxTypedSecret = 1024

// Reveal returns the key in base32 (RFC 4648 section 6, without padding) in
// groups of four, for a person who types it into an app because no camera is
// at hand. It is empty for the zero Secret. Show it once, to its owner, and
// keep it out of logs and mails. The settings are not part of it: an app to
// which a key is typed assumes SHA1, 6 digits and 30 seconds.
func (s Secret) Reveal() string {
	return grouped(s.base32(), " ")
}

// base32 returns the key as the secret parameter of a URI; empty for the zero
// Secret.
func (s Secret) base32() string {
	if s.seed == nil {
		return ""
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(*s.seed.key)
}

// grouped puts a separator after every four characters of an ASCII text.
func grouped(text, separator string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4*len(separator))
	for i := range len(text) {
		if i > 0 && i%4 == 0 {
			b.WriteString(separator)
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// ParseSecret reads a key in base32 and gives it the default settings: SHA1,
// 6 digits, 30 seconds. Spaces, dashes, lower case, full-width letters and
// padding are accepted, up to 1024 bytes.
//
// It returns [ErrFormat] if the text is not base32 and a [*BoundsError] if
// the text is too long or the key not 16 to 128 bytes. A key below 16 bytes
// is too weak to go on with (RFC 4226 section 4 R6): enrol the customer anew.
func ParseSecret(text string) (Secret, error) {
	return ParseSecretWith(text, Options{})
}

// ParseSecretWith is [ParseSecret] for a key with other settings, such as one
// taken over from another system. Options.Size must be 0 or the length of the
// key in bytes, else it returns [ErrOptions]; settings out of range give the
// errors of [NewSecretWith].
func ParseSecretWith(text string, o Options) (Secret, error) {
	key, err := readKey(text)
	if err != nil {
		return Secret{}, err
	}
	if o.Size != 0 && o.Size != len(key) {
		return Secret{}, fmt.Errorf("%w: the key has %d bytes, not %d", ErrOptions, len(key), o.Size)
	}
	o.Size = len(key)
	if o, err = o.complete(); err != nil {
		return Secret{}, err
	}
	return newSecret(key, o), nil
}

// readKey decodes forgiving base32 into a key of 16 to 128 bytes.
//
// Bits beyond the last whole byte are dropped, whatever they are: systems
// that draw random characters instead of random bytes leave some there. A
// whole character too many is refused, because one was lost or doubled.
func readKey(text string) ([]byte, error) {
	if err := within("bytes of base32", len(text), 0, maxTypedSecret); err != nil {
		return nil, err
	}
	key := make([]byte, 0, MaxSize)
	var bits, held uint
	padded := false
	for _, r := range text {
		if filler(r) {
			continue
		}
		if r == '=' {
			padded = true
			continue
		}
		c, ok := plain(r)
		switch {
		case !ok || padded:
			return nil, fmt.Errorf("%w: not base32", ErrFormat)
		case c >= 'A' && c <= 'Z':
			bits = bits<<5 | uint(c-'A')
		case c >= '2' && c <= '7':
			bits = bits<<5 | uint(c-'2'+26)
		default:
			return nil, fmt.Errorf("%w: not base32", ErrFormat)
		}
		if held += 5; held >= 8 {
			held -= 8
			key = append(key, byte(bits>>held))
			bits &= 1<<held - 1
		}
	}
	if held >= 5 {
		return nil, fmt.Errorf("%w: base32 with a character too many or too few", ErrFormat)
	}
	if err := within("size in bytes", len(key), MinSize, MaxSize); err != nil {
		return nil, err
	}
	return key, nil
}
