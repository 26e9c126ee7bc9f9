package keyring

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Parse, then print, is the identity: a value has one text.
func FuzzParseSealed(f *testing.F) {
	f.Add("tk1.kaaaaaaaa." + strings.Repeat("A", 54))
	f.Add("tk1.kaaaaaaaa." + strings.Repeat("_", 56))
	f.Add("tk1.kaaaaaaaa." + strings.Repeat("A", 53) + "B")
	f.Add("tk1.kaaaaaaaa." + strings.Repeat("A", 54) + "\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseSealed(text)
		if err != nil {
			require.Equal(t, ErrSealed, err)
			return
		}
		require.Equal(t, text, s.String())
		require.GreaterOrEqual(t, len(s.body), nonceLength+tagLength)
		require.LessOrEqual(t, len(s.body), nonceLength+MaxPlaintext+tagLength)
	})
}

// The encoding of fields is read back here, which shows that it loses nothing.
func FuzzTupleIsInjective(f *testing.F) {
	f.Add("ab", "c", "")
	f.Add("a", "bc", "\x00\x00\x00\x01")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		rest := tuple(a, b, c)
		for _, want := range []string{formatLabel, formatVersion, a, b, c} {
			n := int(rest[0])<<24 | int(rest[1])<<16 | int(rest[2])<<8 | int(rest[3])
			require.Equal(t, want, string(rest[4:4+n]))
			rest = rest[4+n:]
		}
		require.Empty(t, rest)
	})
}

// Open checks the context before it works with it: even a value that was sealed
// around the check does not open.
func TestOpenRefusesTheContextsThatSealRefuses(t *testing.T) {
	key := NewKey()
	ring, err := New("shop", key)
	require.NoError(t, err)
	d, err := ring.key(key.ID)
	require.NoError(t, err)

	for _, test := range []struct {
		context Context
		want    error
	}{
		{Context{Purpose: "p"}, nil},
		{Context{}, ErrSealed},
		{Context{Purpose: strings.Repeat("p", MaxPurpose+1)}, ErrSealed},
		{Context{Purpose: "p", Account: strings.Repeat("a", MaxAccount+1)}, ErrSealed},
		{Context{Purpose: "p", Binding: strings.Repeat("b", MaxBinding+1)}, ErrSealed},
	} {
		nonce := make([]byte, nonceLength)
		body := d.seal.Seal(nonce, nonce, []byte("text"), test.context.additionalData("shop", key.ID))
		_, err := ring.Open(test.context, sealed{keyID: key.ID, body: body}.String())
		require.Equal(t, test.want, err)
	}
}
