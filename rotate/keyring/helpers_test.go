package keyring_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// newRing returns a ring for the realm or fails the test.
func newRing(t testing.TB, realm string, keys ...keyring.Key) *keyring.Ring {
	t.Helper()
	ring, err := keyring.New(realm, keys...)
	require.NoError(t, err)
	return ring
}

// seal seals or fails the test.
func seal(t testing.TB, ring *keyring.Ring, id string, c keyring.Context, plaintext string) string {
	t.Helper()
	sealed, err := ring.Seal(id, c, []byte(plaintext))
	require.NoError(t, err)
	return sealed
}

// keyText returns the text of a key with the given id and a secret of 32 times b.
func keyText(id string, b byte) string {
	secret := make([]byte, 32)
	for i := range secret {
		secret[i] = b
	}
	return "tillkey-key-v1:" + id + ":" + base64.RawURLEncoding.EncodeToString(secret)
}

// fixedKey is the key of keyText.
func fixedKey(t testing.TB, id string, b byte) keyring.Key {
	t.Helper()
	k, err := keyring.ParseKey(keyText(id, b))
	require.NoError(t, err)
	return k
}
