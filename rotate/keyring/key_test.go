package keyring_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestNewKeyIsFreshAndParsesBack(t *testing.T) {
	form := regexp.MustCompile(`^tillkey-key-v1:(k[a-z2-7]{8}):[A-Za-z0-9_-]{43}$`)
	ids, secrets := map[string]bool{}, map[string]bool{}
	for range 200 {
		k := keyring.NewKey()
		text := k.Reveal()
		match := form.FindStringSubmatch(text)
		require.NotNil(t, match, "a new key does not have the documented form")
		require.Equal(t, k.ID, match[1])

		back, err := keyring.ParseKey(text)
		require.NoError(t, err)
		require.Equal(t, text, back.Reveal())
		require.Equal(t, k.ID, back.ID)

		ids[k.ID], secrets[text[len(text)-43:]] = true, true
	}
	assert.Len(t, ids, 200)
	assert.Len(t, secrets, 200)
}

func TestParseKeyAcceptsOneTextOnly(t *testing.T) {
	good := keyText("kaaaaaaaa", 7)
	_, err := keyring.ParseKey(good)
	require.NoError(t, err)

	secret := good[len(good)-43:]
	for name, text := range map[string]string{
		"empty":                  "",
		"prefix only":            "tillkey-key-v1:",
		"other version":          strings.Replace(good, "v1", "v2", 1),
		"upper case prefix":      strings.Replace(good, "tillkey", "Tillkey", 1),
		"leading space":          " " + good,
		"trailing line break":    good + "\n",
		"trailing text":          good + "A",
		"cut":                    good[:len(good)-1],
		"padded":                 good + "=",
		"standard alphabet":      good[:len(good)-43] + "+" + secret[1:],
		"line break in secret":   good[:len(good)-43] + "\n" + secret[1:],
		"two line breaks":        good[:len(good)-43] + "\r\n" + secret[2:],
		"unused bits set":        good[:len(good)-1] + "d",
		"zero secret":            keyText("kaaaaaaaa", 0),
		"upper case id":          keyText("kAAAAAAAA", 7),
		"digit outside base32":   keyText("kaaaaaaa1", 7),
		"id without k":           keyText("aaaaaaaaa", 7),
		"short id":               keyText("kaaaaaaa", 7),
		"long id":                keyText("kaaaaaaaaa", 7),
		"id with a colon":        keyText("kaaa:aaaa", 7),
		"no colon":               strings.Replace(good, "a:", "aa", 1),
		"a very long text":       good + strings.Repeat("A", 1<<20),
		"a very long id":         "tillkey-key-v1:k" + strings.Repeat("a", 1<<20) + ":" + secret,
		"other characters":       good[:len(good)-43] + strings.Repeat("é", 21) + "A",
		"id in other characters": keyText("kéééé", 7),
	} {
		t.Run(name, func(t *testing.T) {
			k, err := keyring.ParseKey(text)
			require.ErrorIs(t, err, keyring.ErrKey)
			assert.Empty(t, k.ID)
			assert.Empty(t, k.Reveal())
			assert.NotContains(t, err.Error(), secret[:8], "the error shows the secret")
			assert.Less(t, len(err.Error()), 200)
		})
	}
}

func TestRevealIsEmptyForKeysNotMadeHere(t *testing.T) {
	assert.Empty(t, keyring.Key{}.Reveal())
	assert.Empty(t, keyring.Key{ID: "kaaaaaaaa"}.Reveal())
	renamed := keyring.NewKey()
	renamed.ID = "a\ntillkey-key-v1:"
	assert.Empty(t, renamed.Reveal())
}

func FuzzParseKey(f *testing.F) {
	f.Add(keyText("kaaaaaaaa", 7))
	f.Add(keyText("kz7y6x5w4", 255))
	f.Add(keyText("kaaaaaaaa", 0))
	f.Add("tillkey-key-v1:kaaaaaaaa:\n")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := keyring.ParseKey(text)
		if err != nil {
			require.ErrorIs(t, err, keyring.ErrKey)
			require.Empty(t, k.Reveal())
			return
		}
		require.Equal(t, text, k.Reveal())
		_, err = keyring.New("realm", k)
		require.NoError(t, err)
	})
}
