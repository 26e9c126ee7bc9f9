package keyring

import (
	"crypto/cipher"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Ring holds the keys of one realm. Make one with [New] or [Parse]. It never
// changes and is safe for concurrent use; to add or remove a key, make another.
type Ring struct {
	realm string
	keys  map[string]hidden[derived] // by key id
}

// derived is what a ring keeps of a key. The key itself is not needed again.
type derived struct {
	seal cipher.AEAD // XChaCha20-Poly1305, keyed for sealing alone
	prk  []byte      // HKDF pseudorandom key, from which MAC keys are expanded
}

// New makes a ring of keys for a realm.
//
// A realm is one deployment: a name of 1 to 255 bytes that never changes, such as
// "shop.example production". Every key is derived together with it, so a key that
// is copied to a staging system opens nothing that production sealed.
//
// The error is a *BoundsError for a realm or a number of keys out of bounds (1 to
// 256 keys), ErrDuplicateKey if two keys share an id or a secret, ErrKey for a Key
// that did not come from NewKey or ParseKey, and any other error if the platform
// refuses the cipher, as Go does in its FIPS 140-only mode.
func New(realm string, keys ...Key) (*Ring, error) {
	if err := within("realm", len(realm), 1, MaxRealm); err != nil {
		return nil, err
	}
	if err := within("keys", len(keys), 1, MaxKeys); err != nil {
		return nil, err
	}
	r := &Ring{realm: strings.Clone(realm), keys: make(map[string]hidden[derived], len(keys))}
	for i, k := range keys {
		if !k.valid() {
			return nil, fmt.Errorf("%w: key %d was not made by NewKey or ParseKey", ErrKey, i+1)
		}
		if err := unlike(k, keys[:i]); err != nil {
			return nil, err
		}
		d, err := derive(r.realm, k)
		if err != nil {
			return nil, err
		}
		r.keys[strings.Clone(k.ID)] = hide(d)
	}
	return r, nil
}

// unlike returns ErrDuplicateKey if k shares its id or its secret with one of the
// others, which must be valid.
func unlike(k Key, others []Key) error {
	for _, o := range others {
		if o.ID == k.ID {
			return fmt.Errorf("%w: id %q occurs twice", ErrDuplicateKey, k.ID)
		}
		if o.hasSecret(k.secret()) {
			return fmt.Errorf("%w: %q and %q have the same secret", ErrDuplicateKey, o.ID, k.ID)
		}
	}
	return nil
}

// derive makes the keys that the ring works with out of k.
func derive(realm string, k Key) (derived, error) {
	secret := k.secret()
	prk, err := extract(secret[:])
	if err != nil {
		return derived{}, err
	}
	sealKey, err := expand(prk, realm, "seal")
	if err != nil {
		return derived{}, err
	}
	aead, err := chacha20poly1305.NewX(sealKey)
	if err != nil {
		return derived{}, fmt.Errorf("keyring: cipher: %w", err)
	}
	return derived{seal: aead, prk: prk}, nil
}

// key returns the key with the given id, or a *MissingKeyError. The error repeats
// the id only if it is one: a caller may have passed the text of a key instead.
func (r *Ring) key(id string) (derived, error) {
	if d := r.keys[id]; d != nil {
		return d(), nil
	}
	if !validID(id) {
		return derived{}, &MissingKeyError{}
	}
	return derived{}, &MissingKeyError{ID: strings.Clone(id)}
}

// Has reports whether the ring holds the key with the given id.
func (r *Ring) Has(id string) bool { return r.keys[id] != nil }

// IDs returns the ids of all keys, sorted. The slice is the caller's.
func (r *Ring) IDs() []string { return slices.Sorted(maps.Keys(r.keys)) }

// The methods below are on the value so that a Ring prints as little as a *Ring.

// String returns the realm and the key ids.
func (r Ring) String() string {
	return fmt.Sprintf("keyring.Ring(%q %s)", r.realm, strings.Join(r.IDs(), " "))
}

// GoString returns what String returns, for %#v.
func (r Ring) GoString() string { return r.String() }

// Format writes what String returns, whatever the verb and flags.
func (r Ring) Format(f fmt.State, verb rune) { io.WriteString(f, r.String()) }

// MarshalJSON returns what String returns, as a JSON string.
func (r Ring) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// LogValue returns what String returns, for log/slog.
func (r Ring) LogValue() slog.Value { return slog.StringValue(r.String()) }
