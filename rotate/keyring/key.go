package keyring

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	keyPrefix = "tillkey-key-v1:"

	// secretLength is the key size of XChaCha20-Poly1305
	// (draft-irtf-cfrg-xchacha-03, section 2.3; RFC 8439, section 2.8).
	secretLength = 32

	// An id is "k" and 40 random bits in lower-case base32. It is drawn without a
	// clock or a counter, and has no upper case, so that a database that ignores
	// case sees the same ids as one that does not.
	idPrefix     = "k"
	idRandomness = 5
	idAlphabet   = "abcdefghijklmnopqrstuvwxyz234567" // RFC 4648, section 6, in lower case
	idLength     = len(idPrefix) + idRandomness*8/5
)

// secretText is unpadded base64url (RFC 4648, section 5) with one text per value.
var secretText = base64.RawURLEncoding.Strict()

// Key is a 32 byte secret and the id it goes by. Make one with [NewKey] or
// [ParseKey]; [New] refuses a Key without a secret or with an id of another form.
//
// The id is public: it stands in every sealed value and in logs. The secret shows
// only through [Key.Reveal]; fmt, encoding/json and log/slog print the id alone. A
// Key is safe for concurrent use. Keys do not compile with ==, and to
// reflect.DeepEqual no two are equal.
type Key struct {
	ID     string // "k" and eight characters of a-z and 2-7
	secret hidden[[secretLength]byte]
}

// NewKey draws a key from crypto/rand. Its id is random too: 40 bits, so two of a
// thousand keys share one with a chance of about one in two million, and New would
// tell.
func NewKey() Key {
	var id [idRandomness]byte
	var secret [secretLength]byte
	rand.Read(id[:]) // never fails (crypto/rand)
	rand.Read(secret[:])
	return Key{
		ID:     idPrefix + base32.NewEncoding(idAlphabet).EncodeToString(id[:]),
		secret: hide(secret),
	}
}

// ParseKey reads the text form of a key, as Reveal prints it:
// "tillkey-key-v1:", the id, a colon and 43 characters of unpadded base64url.
// Nothing may stand before or after it, not even a line break; [Parse] reads files.
//
// The error is ErrKey with a reason that never quotes the text. A secret of zero
// bytes only is refused, for that is what an unset variable looks like.
func ParseKey(text string) (Key, error) {
	rest, ok := strings.CutPrefix(text, keyPrefix)
	if !ok {
		return Key{}, fmt.Errorf("%w: it does not start with %q", ErrKey, keyPrefix)
	}
	if len(rest) != idLength+1+secretText.EncodedLen(secretLength) || rest[idLength] != ':' {
		return Key{}, fmt.Errorf("%w: it does not have the length of a key; check for white space and cut ends", ErrKey)
	}
	id, encoded := rest[:idLength], rest[idLength+1:]
	if !validID(id) {
		return Key{}, fmt.Errorf("%w: the id is not %q and eight characters of a-z and 2-7", ErrKey, idPrefix)
	}
	// The decoder skips line breaks, so a text that has some decodes to less than
	// a secret.
	secret, err := secretText.DecodeString(encoded)
	if err != nil || len(secret) != secretLength {
		return Key{}, fmt.Errorf("%w: the secret is not 32 bytes in unpadded base64url", ErrKey)
	}
	// The id is cloned so that it does not keep the secret's text in memory.
	k := Key{ID: strings.Clone(id), secret: hide([secretLength]byte(secret))}
	if !k.valid() {
		return Key{}, fmt.Errorf("%w: the secret is all zero", ErrKey)
	}
	return k, nil
}

// Reveal returns the text form of the key, secret included, for a key file or a
// secret store. ParseKey reads it back. It is empty for a Key that did not come
// from NewKey or ParseKey.
func (k Key) Reveal() string {
	if !k.valid() {
		return ""
	}
	secret := k.secret()
	return keyPrefix + k.ID + ":" + secretText.EncodeToString(secret[:])
}

// valid reports whether the key has an id and a secret.
func (k Key) valid() bool {
	if k.secret == nil || !validID(k.ID) {
		return false
	}
	return !k.hasSecret([secretLength]byte{})
}

// hasSecret reports in constant time whether secret is the secret of k.
func (k Key) hasSecret(secret [secretLength]byte) bool {
	own := k.secret()
	return subtle.ConstantTimeCompare(own[:], secret[:]) == 1
}

// validID reports whether id has the form of a key id.
func validID(id string) bool {
	if len(id) != idLength || !strings.HasPrefix(id, idPrefix) {
		return false
	}
	for _, c := range []byte(id[len(idPrefix):]) {
		if strings.IndexByte(idAlphabet, c) < 0 {
			return false
		}
	}
	return true
}

// String returns the id without the secret.
func (k Key) String() string {
	if !k.valid() {
		return "keyring.Key(invalid)"
	}
	return "keyring.Key(" + k.ID + ")"
}

// GoString returns what String returns, for %#v.
func (k Key) GoString() string { return k.String() }

// Format writes what String returns, whatever the verb and flags.
func (k Key) Format(f fmt.State, verb rune) { io.WriteString(f, k.String()) }

// MarshalJSON returns what String returns, as a JSON string. It cannot be read
// back; use Reveal to store a key.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.String()) }

// LogValue returns what String returns, for log/slog.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
