package keyring_test

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestSealOpensAgain(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "test", Account: "1", Binding: "2"}
	form := regexp.MustCompile(`^tk1\.kaaaaaaaa\.[A-Za-z0-9_-]+$`)
	for _, n := range []int{0, 1, 2, 3, 23, 64, 100, 4096, keyring.MaxPlaintext} {
		plaintext := bytes.Repeat([]byte{0xa5}, n)
		sealed, err := ring.Seal("kaaaaaaaa", c, plaintext)
		require.NoError(t, err)
		assert.Regexp(t, form, sealed)
		assert.Len(t, sealed, 14+(4*(n+40)+2)/3, "the documented length")
		assert.LessOrEqual(t, len(sealed), keyring.MaxSealed)
		assert.Equal(t, bytes.Repeat([]byte{0xa5}, n), plaintext, "Seal changed its input")

		opened, err := ring.Open(c, sealed)
		require.NoError(t, err)
		assert.NotNil(t, opened)
		assert.True(t, bytes.Equal(plaintext, opened))
		assert.Equal(t, len(opened), cap(opened))
	}
	assert.Len(t, seal(t, ring, "kaaaaaaaa", c, strings.Repeat("x", keyring.MaxPlaintext)), keyring.MaxSealed)
}

func TestEqualTextsSealDifferently(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "test"}
	const nonce = 24 * 8 / 6 // characters of the nonce
	texts, nonces := map[string]bool{}, map[string]bool{}
	for range 500 {
		sealed := seal(t, ring, "kaaaaaaaa", c, "the same")
		body := strings.TrimPrefix(sealed, "tk1.kaaaaaaaa.")
		nonces[body[:nonce]], texts[body[nonce:]] = true, true
	}
	assert.Len(t, nonces, 500)
	assert.Len(t, texts, 500)
}

func TestS03_AMissingKeyIsNotAWrongSeal(t *testing.T) {
	old, fresh := fixedKey(t, "kaaaaaaaa", 1), fixedKey(t, "kbbbbbbbb", 2)
	c := keyring.Context{Purpose: "password hash", Account: "1"}
	sealed := seal(t, newRing(t, "shop", old, fresh), old.ID, c, "hash")

	_, err := newRing(t, "shop", fresh).Open(c, sealed)
	var missing *keyring.MissingKeyError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, "kaaaaaaaa", missing.ID)
	assert.ErrorIs(t, err, keyring.ErrMissingKey)
	assert.NotErrorIs(t, err, keyring.ErrSealed)
	assert.EqualError(t, err, `keyring: missing key "kaaaaaaaa"`)

	// A wrong seal is not a missing key either.
	_, err = newRing(t, "shop", old).Open(keyring.Context{Purpose: "password hash", Account: "2"}, sealed)
	assert.ErrorIs(t, err, keyring.ErrSealed)
	assert.NotErrorIs(t, err, keyring.ErrMissingKey)

	// With the key back, the value opens.
	opened, err := newRing(t, "shop", fresh, old).Open(c, sealed)
	require.NoError(t, err)
	assert.Equal(t, "hash", string(opened))
}

// The parts of a seal's binding: what must be equal for it to open.
type bound struct {
	realm, id        string
	secret           byte
	purpose, account string
	binding          string
}

func (b bound) ring(t *testing.T) *keyring.Ring {
	return newRing(t, b.realm, fixedKey(t, b.id, b.secret))
}

func (b bound) context() keyring.Context {
	return keyring.Context{Purpose: b.purpose, Account: b.account, Binding: b.binding}
}

func TestS18_SealsAreBoundToRealmKeyPurposeAccountAndBinding(t *testing.T) {
	// Every pair of these differs. Many hold the same bytes when run together, so
	// that only the length prefixes tell them apart.
	all := []bound{
		{"shop", "kaaaaaaaa", 1, "ab", "c", "d"},
		{"shop", "kaaaaaaaa", 1, "a", "bc", "d"},
		{"shop", "kaaaaaaaa", 1, "abc", "", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "cd", ""},
		{"shop", "kaaaaaaaa", 1, "ab", "", "cd"},
		{"shop", "kaaaaaaaa", 1, "abcd", "", ""},
		{"shop", "kaaaaaaaa", 1, "a", "b", "cd"},
		{"shop", "kaaaaaaaa", 1, "ab", "d", "c"},
		{"shop", "kaaaaaaaa", 1, "c", "ab", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "c", "d\x00"},
		{"shop", "kaaaaaaaa", 1, "ab\x00", "c", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "c\x00", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "C", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "c ", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "\u00e9", "d"},  // one code point
		{"shop", "kaaaaaaaa", 1, "ab", "e\u0301", "d"}, // the same letter as two
		{"shop", "kaaaaaaaa", 2, "ab", "c", "d"},       // other secret, same id
		{"shop", "kbbbbbbbb", 1, "ab", "c", "d"},       // other id, same secret
		{"shop", "kbbbbbbbb", 2, "ab", "c", "d"},
		{"shopa", "kaaaaaaaa", 1, "b", "c", "d"},
		{"sho", "kaaaaaaaa", 1, "pab", "c", "d"},
		{"Shop", "kaaaaaaaa", 1, "ab", "c", "d"},
		{"staging", "kaaaaaaaa", 1, "ab", "c", "d"},
		{"shop", "kaaaaaaaa", 1, "ab", "c", "d\x00\x00\x00\x00"},
		{"shop", "kaaaaaaaa", 1, "ab", "c\x00\x00\x00\x01d", ""},
	}
	for i, sealer := range all {
		sealed := seal(t, sealer.ring(t), sealer.id, sealer.context(), "text")
		_, body, _ := strings.Cut(strings.TrimPrefix(sealed, "tk1."), ".")
		for j, opener := range all {
			// The id in the text is rewritten, so that the opener's key is tried.
			opened, err := opener.ring(t).Open(opener.context(), "tk1."+opener.id+"."+body)
			if i == j {
				require.NoError(t, err)
				require.Equal(t, "text", string(opened))
				continue
			}
			require.ErrorIs(t, err, keyring.ErrSealed, "%+v opened %+v", opener, sealer)
			require.Nil(t, opened)
		}
	}
}

func TestEveryChangedBitFails(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1), fixedKey(t, "kaaaaaaac", 2))
	c := keyring.Context{Purpose: "password hash", Account: "1"}
	sealed := seal(t, ring, "kaaaaaaaa", c, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA")
	idStart, idEnd := len("tk1."), len("tk1.kaaaaaaaa")

	missing, known := 0, 0
	for i := range len(sealed) {
		for bit := range 8 {
			changed := []byte(sealed)
			changed[i] ^= 1 << bit
			opened, err := ring.Open(c, string(changed))
			require.Nil(t, opened)
			id, idErr := keyring.KeyID(string(changed))
			if idErr == nil && !ring.Has(id) {
				require.True(t, idStart <= i && i < idEnd, "character %d is not part of the id", i)
				var lacks *keyring.MissingKeyError
				require.ErrorAs(t, err, &lacks)
				require.Equal(t, id, lacks.ID)
				missing++
				continue
			}
			if idErr == nil && id == "kaaaaaaac" {
				known++
			}
			require.Equal(t, keyring.ErrSealed, err, "character %d, bit %d", i, bit)
		}
	}
	assert.NotZero(t, missing, "no change led to another id")
	assert.Equal(t, 1, known, "the change to the ring's other key was not tried")

	// The same below the text: every bit of nonce, ciphertext and tag.
	body, err := base64.RawURLEncoding.DecodeString(sealed[idEnd+1:])
	require.NoError(t, err)
	for i := range len(body) * 8 {
		body[i/8] ^= 1 << (i % 8)
		_, err := ring.Open(c, sealed[:idEnd+1]+base64.RawURLEncoding.EncodeToString(body))
		require.Equal(t, keyring.ErrSealed, err, "bit %d", i)
		body[i/8] ^= 1 << (i % 8)
	}
}

func TestSealErrors(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	long := func(n int) string { return strings.Repeat("x", n) }
	for name, test := range map[string]struct {
		context   keyring.Context
		plaintext int
		param     string
	}{
		"no purpose":     {keyring.Context{Account: "1"}, 0, "purpose"},
		"long purpose":   {keyring.Context{Purpose: long(256)}, 0, "purpose"},
		"long account":   {keyring.Context{Purpose: "p", Account: long(256)}, 0, "account"},
		"long binding":   {keyring.Context{Purpose: "p", Binding: long(1025)}, 0, "binding"},
		"long plaintext": {keyring.Context{Purpose: "p"}, keyring.MaxPlaintext + 1, "plaintext"},
	} {
		t.Run(name, func(t *testing.T) {
			sealed, err := ring.Seal("kaaaaaaaa", test.context, make([]byte, test.plaintext))
			assert.Empty(t, sealed)
			var bounds *keyring.BoundsError
			require.ErrorAs(t, err, &bounds)
			assert.Equal(t, test.param, bounds.Param)
		})
	}

	_, err := ring.Seal("kbbbbbbbb", keyring.Context{Purpose: "p"}, nil)
	var missing *keyring.MissingKeyError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, "kbbbbbbbb", missing.ID)

	// The widest context is allowed, and one that Seal refuses opens nothing.
	widest := keyring.Context{Purpose: long(255), Account: long(255), Binding: long(1024)}
	sealed := seal(t, ring, "kaaaaaaaa", widest, "text")
	_, err = ring.Open(widest, sealed)
	require.NoError(t, err)
	_, err = ring.Open(keyring.Context{}, sealed)
	assert.Equal(t, keyring.ErrSealed, err)
	_, err = ring.Open(keyring.Context{Purpose: "p", Account: long(1 << 20)}, sealed)
	assert.Equal(t, keyring.ErrSealed, err)
}
