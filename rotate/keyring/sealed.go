package keyring

import (
	"encoding/base64"
	"strings"
)

const (
	sealedVersion = "tk1"

	// Lengths in bytes (draft-irtf-cfrg-xchacha-03, section 2.3; RFC 8439,
	// section 2.8). A random nonce of 24 bytes does not repeat in practice: after
	// 2^80 seals under one key the chance is about 2^-33.
	nonceLength = 24
	tagLength   = 16
)

// bodyText is unpadded base64url (RFC 4648, section 5) with one text per value.
var bodyText = base64.RawURLEncoding.Strict()

// sealed is the parsed form of a sealed text: "tk1.", the key id, a dot and body
// in base64url.
type sealed struct {
	keyID string
	body  []byte // nonce, ciphertext and tag
}

// String is the inverse of parseSealed.
func (s sealed) String() string {
	b := make([]byte, 0, len(sealedVersion)+1+idLength+1+bodyText.EncodedLen(len(s.body)))
	b = append(b, sealedVersion...)
	b = append(b, '.')
	b = append(b, s.keyID...)
	b = append(b, '.')
	return string(bodyText.AppendEncode(b, s.body))
}

// parseSealed reads a sealed text. Every value has exactly one text; anything else
// is ErrSealed. The length is checked before anything is decoded.
func parseSealed(text string) (sealed, error) {
	if len(text) > MaxSealed {
		return sealed{}, ErrSealed
	}
	rest, ok := strings.CutPrefix(text, sealedVersion+".")
	if !ok {
		return sealed{}, ErrSealed
	}
	id, encoded, ok := strings.Cut(rest, ".")
	// The decoder skips line breaks, which would give one value many texts.
	if !ok || !validID(id) || strings.ContainsAny(encoded, "\r\n") {
		return sealed{}, ErrSealed
	}
	body, err := bodyText.DecodeString(encoded)
	if err != nil || len(body) < nonceLength+tagLength {
		return sealed{}, ErrSealed
	}
	return sealed{keyID: id, body: body}, nil
}

// KeyID returns the id of the key that a value was sealed under, for a column that
// counts the values of each key. It only parses: the value may still not open. The
// error is ErrSealed if the text does not have the form of a sealed value.
func KeyID(text string) (string, error) {
	s, err := parseSealed(text)
	if err != nil {
		return "", err
	}
	return strings.Clone(s.keyID), nil
}

// Stale reports whether a value should be sealed again: it was sealed under
// another key than primary, or does not have the form of a sealed value. It only
// parses; if Open then fails, keep the value and report the error.
func Stale(text, primary string) bool {
	s, err := parseSealed(text)
	return err != nil || s.keyID != primary
}
