package keyring_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// testdata/v1.json comes from testdata/v1.py, an implementation of FORMAT.md that
// shares no code with this package and checks itself against RFC 5869, A.1, and
// draft-irtf-cfrg-xchacha-03, A.3.1. Never change it: stored values look like it.
func TestGoldenV1(t *testing.T) {
	text, err := os.ReadFile("testdata/v1.json")
	require.NoError(t, err)
	var golden struct {
		Keys  []string
		Seals []struct{ Key, Realm, Purpose, Account, Binding, Plaintext, Sealed string }
		MACs  []struct{ Key, Realm, Purpose, Data, MAC string }
	}
	require.NoError(t, json.Unmarshal(text, &golden))
	require.Len(t, golden.Keys, 2)
	require.Len(t, golden.Seals, 6)
	require.Len(t, golden.MACs, 4)

	keys := make([]keyring.Key, len(golden.Keys))
	for i, text := range golden.Keys {
		keys[i], err = keyring.ParseKey(text)
		require.NoError(t, err)
		assert.Equal(t, text, keys[i].Reveal())
	}
	for i, g := range golden.Seals {
		ring := newRing(t, g.Realm, keys...)
		c := keyring.Context{Purpose: g.Purpose, Account: g.Account, Binding: g.Binding}
		opened, err := ring.Open(c, g.Sealed)
		require.NoError(t, err, "seal %d", i)
		assert.Equal(t, g.Plaintext, hex.EncodeToString(opened))
		id, err := keyring.KeyID(g.Sealed)
		require.NoError(t, err)
		assert.Equal(t, g.Key, id)
	}
	for i, g := range golden.MACs {
		data, err := hex.DecodeString(g.Data)
		require.NoError(t, err)
		mac, err := newRing(t, g.Realm, keys...).MAC(g.Key, g.Purpose, data)
		require.NoError(t, err)
		assert.Equal(t, g.MAC, hex.EncodeToString(mac), "MAC %d", i)
	}
}
