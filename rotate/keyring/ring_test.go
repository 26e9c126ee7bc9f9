package keyring_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func TestNewRefusesWhatIsNoRing(t *testing.T) {
	k := keyring.NewKey()
	renamed := k
	renamed.ID = "kaaaaaaaa"
	badID := k
	badID.ID = "primary"
	many := make([]keyring.Key, keyring.MaxKeys+1)
	for i := range many {
		many[i] = keyring.NewKey()
	}

	for name, test := range map[string]struct {
		realm string
		keys  []keyring.Key
		param string
		is    error
	}{
		"no realm":       {"", []keyring.Key{k}, "realm", nil},
		"long realm":     {strings.Repeat("r", 256), []keyring.Key{k}, "realm", nil},
		"no key":         {"shop", nil, "keys", nil},
		"too many keys":  {"shop", many, "keys", nil},
		"zero key":       {"shop", []keyring.Key{k, {}}, "", keyring.ErrKey},
		"key of id only": {"shop", []keyring.Key{{ID: "kaaaaaaaa"}}, "", keyring.ErrKey},
		"id of no form":  {"shop", []keyring.Key{badID}, "", keyring.ErrKey},
		"same key twice": {"shop", []keyring.Key{k, keyring.NewKey(), k}, "", keyring.ErrDuplicateKey},
		"same id":        {"shop", []keyring.Key{fixedKey(t, "kaaaaaaaa", 1), fixedKey(t, "kaaaaaaaa", 2)}, "", keyring.ErrDuplicateKey},
		"same secret":    {"shop", []keyring.Key{k, renamed}, "", keyring.ErrDuplicateKey},
	} {
		t.Run(name, func(t *testing.T) {
			ring, err := keyring.New(test.realm, test.keys...)
			require.Error(t, err)
			assert.Nil(t, ring)
			if test.is != nil {
				assert.ErrorIs(t, err, test.is)
				return
			}
			var bounds *keyring.BoundsError
			require.ErrorAs(t, err, &bounds)
			assert.Equal(t, test.param, bounds.Param)
		})
	}

	_, err := keyring.New(strings.Repeat("r", 255), many[:keyring.MaxKeys]...)
	assert.NoError(t, err, "the bounds themselves are allowed")
}

func TestRingKnowsItsIDs(t *testing.T) {
	keys := []keyring.Key{fixedKey(t, "kbbbbbbbb", 2), fixedKey(t, "kaaaaaaaa", 1)}
	ring := newRing(t, "shop", keys...)
	assert.Equal(t, []string{"kaaaaaaaa", "kbbbbbbbb"}, ring.IDs())
	assert.True(t, ring.Has("kaaaaaaaa"))
	assert.False(t, ring.Has("kcccccccc"))
	assert.False(t, ring.Has(""))

	// What the caller does to its own slices and keys changes nothing.
	ring.IDs()[0] = "kcccccccc"
	keys[0], keys[1].ID = keyring.Key{}, "kcccccccc"
	assert.Equal(t, []string{"kaaaaaaaa", "kbbbbbbbb"}, ring.IDs())
	assert.False(t, ring.Has("kcccccccc"))
}

func TestZeroRingHoldsNothing(t *testing.T) {
	var ring keyring.Ring
	assert.Empty(t, ring.IDs())
	_, err := ring.Seal("kaaaaaaaa", keyring.Context{Purpose: "test"}, nil)
	assert.ErrorIs(t, err, keyring.ErrMissingKey)
}

func TestRingIsSafeForConcurrentUse(t *testing.T) {
	ring := newRing(t, "shop", fixedKey(t, "kaaaaaaaa", 1), fixedKey(t, "kbbbbbbbb", 2))
	c := keyring.Context{Purpose: "test", Account: "1"}
	shared := seal(t, ring, "kaaaaaaaa", c, "shared")
	name, err := ring.MAC("kaaaaaaaa", "name", []byte("shared"))
	require.NoError(t, err)

	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				opened, err := ring.Open(c, shared)
				assert.NoError(t, err)
				assert.Equal(t, "shared", string(opened))
				clear(opened) // the plaintext is the caller's own

				own, err := ring.Seal("kbbbbbbbb", c, []byte("own"))
				assert.NoError(t, err)
				opened, err = ring.Open(c, own)
				assert.NoError(t, err)
				assert.Equal(t, "own", string(opened))

				mac, err := ring.MAC("kaaaaaaaa", "name", []byte("shared"))
				assert.NoError(t, err)
				assert.Equal(t, name, mac)
				assert.Len(t, ring.IDs(), 2)
			}
		})
	}
	wg.Wait()
}
