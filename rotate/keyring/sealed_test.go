package keyring_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestMalformedTextIsErrSealed(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "test"}
	good := seal(t, ring, "kaaaaaaaa", c, "text")
	head, body := good[:len("tk1.kaaaaaaaa.")], good[len("tk1.kaaaaaaaa."):]
	shortest := strings.Repeat("A", 54) // 40 bytes

	texts := map[string]string{
		"other version":         "tk2" + good[3:],
		"upper case version":    "TK1" + good[3:],
		"no body":               head,
		"two bodies":            good + "." + body,
		"no id":                 "tk1.." + body,
		"upper case id":         "tk1.kAAAAAAAA." + body,
		"long id":               "tk1.kaaaaaaaaa." + body,
		"leading space":         " " + good,
		"trailing space":        good + " ",
		"trailing line break":   good + "\n",
		"line break in body":    head + body[:10] + "\n" + body[10:],
		"carriage return":       head + body[:10] + "\r" + body[10:],
		"padding":               good + "=",
		"standard alphabet":     head + "+" + body[1:],
		"one byte below a tag":  head + shortest[:52], // 39 bytes
		"forty zero bytes":      head + shortest,
		"unused bits set":       head + shortest[:53] + "B",
		"longest text":          head + strings.Repeat("A", keyring.MaxSealed-len(head)),
		"longer than allowed":   head + strings.Repeat("A", keyring.MaxSealed-len(head)+1),
		"far longer":            head + strings.Repeat("A", 1<<22),
		"other characters":      head + "é" + body,
		"a plain hash":          "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
		"a malformed other key": "tk1.kbbbbbbbb.A",
	}
	for i := range len(good) {
		texts["cut to "+good[:i]] = good[:i]
	}
	for name, text := range texts {
		opened, err := ring.Open(c, text)
		assert.Equal(t, keyring.ErrSealed, err, name)
		assert.Nil(t, opened, name)
	}
}

func TestKeyIDAndStaleOnlyParse(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	sealed := seal(t, ring, "kaaaaaaaa", keyring.Context{Purpose: "test"}, "text")

	id, err := keyring.KeyID(sealed)
	require.NoError(t, err)
	assert.Equal(t, "kaaaaaaaa", id)
	assert.False(t, keyring.Stale(sealed, "kaaaaaaaa"))
	assert.True(t, keyring.Stale(sealed, "kbbbbbbbb"))
	assert.True(t, keyring.Stale(sealed, ""))

	// The bound on the text is the text of the longest plaintext, exactly.
	longest := "tk1.kaaaaaaaa." + strings.Repeat("A", keyring.MaxSealed-14)
	id, err = keyring.KeyID(longest)
	require.NoError(t, err)
	assert.Equal(t, "kaaaaaaaa", id)

	for _, text := range []string{"", "tk1.kaaaaaaaa.", "$argon2id$", sealed + "\n", longest + "A"} {
		id, err := keyring.KeyID(text)
		assert.Equal(t, keyring.ErrSealed, err)
		assert.Empty(t, id)
		assert.True(t, keyring.Stale(text, "kaaaaaaaa"))
		assert.True(t, keyring.Stale(text, ""))
	}
}

func TestTurningAKey(t *testing.T) {
	old, fresh := fixedKey(t, "kaaaaaaaa", 1), fixedKey(t, "kbbbbbbbb", 2)
	both := newRing(t, "shop", old, fresh)
	c := keyring.Context{Purpose: "password hash", Account: "1"}

	stored := seal(t, newRing(t, "shop", old), old.ID, c, "hash")
	require.True(t, keyring.Stale(stored, fresh.ID))
	opened, err := both.Open(c, stored)
	require.NoError(t, err)
	stored = seal(t, both, fresh.ID, c, string(opened))
	require.False(t, keyring.Stale(stored, fresh.ID))

	opened, err = newRing(t, "shop", fresh).Open(c, stored)
	require.NoError(t, err)
	assert.Equal(t, "hash", string(opened))
}

func FuzzOpen(f *testing.F) {
	ring := newRing(f, "shop", fixedKey(f, "kaaaaaaaa", 1))
	c := keyring.Context{Purpose: "fuzz", Account: "1"}
	f.Add(seal(f, ring, "kaaaaaaaa", c, "text"), "fuzz", "1", "")
	f.Add(seal(f, ring, "kaaaaaaaa", c, ""), "other", "", "")
	f.Add("tk1.kbbbbbbbb."+strings.Repeat("A", 54), "fuzz", "1", "")
	f.Add("tk1.kaaaaaaaa.\n", "", "", "")
	f.Fuzz(func(t *testing.T, text, purpose, account, binding string) {
		c := keyring.Context{Purpose: purpose, Account: account, Binding: binding}
		opened, err := ring.Open(c, text)
		id, idErr := keyring.KeyID(text)
		require.Equal(t, idErr != nil, keyring.Stale(text, id))

		missing := (*keyring.MissingKeyError)(nil)
		switch {
		case err == nil:
			// Nobody without the key can make a text that opens: only the seeds do.
			require.Contains(t, []string{"text", ""}, string(opened))
			require.Equal(t, "kaaaaaaaa", id)
		case errors.As(err, &missing):
			require.NoError(t, idErr)
			require.Equal(t, id, missing.ID)
			require.False(t, ring.Has(id))
		default:
			require.Equal(t, keyring.ErrSealed, err)
		}
	})
}
