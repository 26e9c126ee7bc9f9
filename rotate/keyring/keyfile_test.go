package keyring_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestParseReadsKeyFiles(t *testing.T) {
	a, b := keyText("kaaaaaaaa", 1), keyText("kbbbbbbbb", 2)
	for name, text := range map[string]string{
		"one key each line":      a + "\n" + b + "\n",
		"no last line break":     a + "\n" + b,
		"other order":            b + "\n" + a,
		"comments and blanks":    "# keys\n\n  \t\n" + a + "\n#" + keyText("kcccccccc", 3) + "\n\n" + b + "\n# end",
		"line breaks of Windows": "\ufeff# keys\r\n" + a + "\r\n\r\n" + b + "\r\n",
		"white space around":     "  " + a + "\t\n\t# note\n " + b + "  ",
	} {
		t.Run(name, func(t *testing.T) {
			ring, err := keyring.Parse("shop", text)
			require.NoError(t, err)
			assert.Equal(t, []string{"kaaaaaaaa", "kbbbbbbbb"}, ring.IDs())

			// It is the ring that New makes of these keys.
			c := keyring.Context{Purpose: "test"}
			sealed := seal(t, newRing(t, "shop", fixedKey(t, "kbbbbbbbb", 2)), "kbbbbbbbb", c, "text")
			opened, err := ring.Open(c, sealed)
			require.NoError(t, err)
			assert.Equal(t, "text", string(opened))
		})
	}
}

func TestParseNamesTheLineAndNeverItsContent(t *testing.T) {
	a := keyText("kaaaaaaaa", 1)
	secret := a[len(a)-43:]
	for name, test := range map[string]struct {
		text string
		line int
		is   error
	}{
		"first line":         {"sesame-open-now\n" + a, 1, keyring.ErrKey},
		"after comments":     {"# one\n\n" + a + "\n" + a[:60], 4, keyring.ErrKey},
		"comment after key":  {a + " # mine", 1, keyring.ErrKey},
		"two keys on a line": {"\n" + a + " " + a, 2, keyring.ErrKey},
		"repeated id":        {a + "\n" + keyText("kaaaaaaaa", 2), 2, keyring.ErrDuplicateKey},
		"repeated secret":    {a + "\n\n" + keyText("kbbbbbbbb", 1), 3, keyring.ErrDuplicateKey},
		"NUL":                {a + "\n\x00", 2, keyring.ErrKey},
	} {
		t.Run(name, func(t *testing.T) {
			ring, err := keyring.Parse("shop", test.text)
			require.Nil(t, ring)
			var file *keyring.KeyFileError
			require.ErrorAs(t, err, &file)
			assert.Equal(t, test.line, file.Line)
			assert.ErrorIs(t, err, test.is)
			assert.NotContains(t, err.Error(), secret[:8])
			assert.NotContains(t, err.Error(), "sesame")
		})
	}
	_, err := keyring.Parse("shop", "\nwrong")
	assert.EqualError(t, err, `keyring: key file line 2: not a key: it does not start with "tillkey-key-v1:"`)
}

func TestParseIsBounded(t *testing.T) {
	var full strings.Builder
	for range keyring.MaxKeys {
		full.WriteString(keyring.NewKey().Reveal() + "\n")
	}
	ring, err := keyring.Parse("shop", full.String())
	require.NoError(t, err)
	assert.Len(t, ring.IDs(), keyring.MaxKeys)

	padding := "#" + strings.Repeat("x", keyring.MaxKeyFile-70) + "\n"
	atBound := padding + keyText("kaaaaaaaa", 1)
	require.Len(t, atBound, keyring.MaxKeyFile)
	_, err = keyring.Parse("shop", atBound)
	require.NoError(t, err)

	for param, text := range map[string]string{
		"key file": atBound + "\n",
		"keys":     full.String() + keyring.NewKey().Reveal(),
	} {
		_, err := keyring.Parse("shop", text)
		var bounds *keyring.BoundsError
		require.ErrorAs(t, err, &bounds)
		assert.Equal(t, param, bounds.Param)
		assert.Equal(t, bounds.Max+1, bounds.Actual)
	}

	for name, text := range map[string]string{"empty": "", "comments only": "# none\n\n"} {
		t.Run(name, func(t *testing.T) {
			_, err := keyring.Parse("shop", text)
			var bounds *keyring.BoundsError
			require.ErrorAs(t, err, &bounds)
			assert.Equal(t, keyring.BoundsError{Param: "keys", Min: 1, Max: keyring.MaxKeys}, *bounds)
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("shop", keyText("kaaaaaaaa", 1)+"\n"+keyText("kbbbbbbbb", 2))
	f.Add("shop", "\ufeff# note\r\n\r\n "+keyText("kaaaaaaaa", 1)+"\r\n")
	f.Add("", "\n\n#\nkey")
	f.Fuzz(func(t *testing.T, realm, text string) {
		ring, err := keyring.Parse(realm, text)

		// What a reader of the format expects, in other words than the parser's.
		var want []string
		for _, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
			line = strings.Trim(line, " \t\r")
			if !strings.HasPrefix(line, "#") && line != "" {
				want = append(want, line)
			}
		}
		if err != nil {
			require.Nil(t, ring)
			if file := (*keyring.KeyFileError)(nil); errors.As(err, &file) {
				require.LessOrEqual(t, file.Line, strings.Count(text, "\n")+1)
			}
			return
		}
		require.Len(t, ring.IDs(), len(want))
		for _, line := range want {
			k, err := keyring.ParseKey(line)
			require.NoError(t, err)
			require.Equal(t, line, k.Reveal())
			require.True(t, ring.Has(k.ID))
		}
	})
}
