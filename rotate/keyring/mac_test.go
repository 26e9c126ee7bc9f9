package keyring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestMACDependsOnEveryPart(t *testing.T) {
	seen := map[string]string{}
	for _, realm := range []string{"shop", "shopa", "staging"} {
		for _, secret := range []byte{1, 2} {
			ring := newRing(t, realm, fixedKey(t, "kaaaaaaaa", secret))
			for _, purpose := range []string{"seal", "mac", "ab", "a", "abc", "a\x00"} {
				for _, data := range []string{"", "c", "bc", "b", "C"} {
					name := fmt.Sprintf("%q %d %q %q", realm, secret, purpose, data)
					mac, err := ring.MAC("kaaaaaaaa", purpose, []byte(data))
					require.NoError(t, err)
					require.Len(t, mac, 32)
					require.Empty(t, seen[string(mac)], "%s is the MAC of something else too", name)
					seen[string(mac)] = name

					again, err := newRing(t, realm, fixedKey(t, "kbbbbbbbb", 9), fixedKey(t, "kaaaaaaaa", secret)).
						MAC("kaaaaaaaa", purpose, []byte(data))
					require.NoError(t, err)
					require.Equal(t, mac, again, "another process would name it differently")
				}
			}
		}
	}
}

func TestMACErrors(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1))
	for name, test := range map[string]struct {
		purpose string
		data    int
		param   string
	}{
		"no purpose":   {"", 1, "purpose"},
		"long purpose": {strings.Repeat("p", 256), 1, "purpose"},
		"long data":    {"p", keyring.MaxMACInput + 1, "data"},
	} {
		t.Run(name, func(t *testing.T) {
			mac, err := ring.MAC("kaaaaaaaa", test.purpose, make([]byte, test.data))
			assert.Nil(t, mac)
			var bounds *keyring.BoundsError
			require.ErrorAs(t, err, &bounds)
			assert.Equal(t, test.param, bounds.Param)
		})
	}
	_, err := ring.MAC("kaaaaaaaa", strings.Repeat("p", 255), make([]byte, keyring.MaxMACInput))
	assert.NoError(t, err)

	_, err = ring.MAC("kbbbbbbbb", "p", nil)
	var missing *keyring.MissingKeyError
	require.ErrorAs(t, err, &missing)
	assert.Equal(t, "kbbbbbbbb", missing.ID)
}
