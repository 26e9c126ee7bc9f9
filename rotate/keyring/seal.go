package keyring

import (
	"crypto/rand"
	"slices"
)

// Seal encrypts plaintext under the key with the given id and binds it to c, the
// realm and the key. The result is printable ASCII, "tk1.", the key id, a dot and
// base64url, of 14 + ceil(4*(n+40)/3) characters for n bytes. Sealing the same
// value twice gives two texts. The plaintext may be empty; it is not kept.
//
// The error is a *MissingKeyError if the ring lacks the key, or a *BoundsError if
// the context is out of bounds or the plaintext is over 64 KiB. It is safe for
// concurrent use.
func (r *Ring) Seal(keyID string, c Context, plaintext []byte) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	if err := within("plaintext", len(plaintext), 0, MaxPlaintext); err != nil {
		return "", err
	}
	k, err := r.key(keyID)
	if err != nil {
		return "", err
	}
	body := make([]byte, nonceLength, nonceLength+len(plaintext)+tagLength)
	rand.Read(body) // never fails (crypto/rand)
	body = k.seal.Seal(body, body, plaintext, c.additionalData(r.realm, keyID))
	return sealed{keyID: keyID, body: body}.String(), nil
}

// Open returns the plaintext of a sealed text. It opens only in the realm, under
// the key and with the context it was sealed with.
//
// The error is a *MissingKeyError if the text is well formed and names a key that
// the ring lacks: that is a fault of the set-up, not of the value. Everything else
// is ErrSealed: a text that is malformed, too long, changed or bound to something
// else, and a context that Seal would refuse. No plaintext is returned with an
// error. It is safe for concurrent use.
func (r *Ring) Open(c Context, text string) ([]byte, error) {
	s, err := parseSealed(text)
	if err != nil || c.check() != nil {
		return nil, ErrSealed
	}
	k, err := r.key(s.keyID)
	if err != nil {
		return nil, err
	}
	nonce, box := s.body[:nonceLength], s.body[nonceLength:]
	plaintext, err := k.seal.Open(box[:0], nonce, box, c.additionalData(r.realm, s.keyID))
	if err != nil {
		return nil, ErrSealed
	}
	return slices.Clip(plaintext), nil
}
