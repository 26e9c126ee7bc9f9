package totp_test

import (
	"bufio"
	"encoding"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

var (
	_ encoding.BinaryMarshaler   = totp.Secret{}
	_ encoding.BinaryUnmarshaler = (*totp.Secret)(nil)
)

func TestBinaryRoundTrip(t *testing.T) {
	for _, o := range kinds() {
		for _, size := range []int{16, 20, 128} {
			o.Size = size
			s, err := totp.NewSecretWith(o)
			require.NoError(t, err)
			stored, err := s.MarshalBinary()
			require.NoError(t, err)
			require.Len(t, stored, 4+size)
			var back totp.Secret
			require.NoError(t, back.UnmarshalBinary(stored))
			require.True(t, s.Equal(back))
		}
	}
}

// Values stored by earlier releases stay readable, and are still what is written.
func TestBinaryGolden(t *testing.T) {
	file, err := os.Open("testdata/secret_v1.txt")
	require.NoError(t, err)
	defer file.Close()
	lines := 0
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		if strings.HasPrefix(scanner.Text(), "#") {
			continue
		}
		var storedHex, algorithm, keyHex string
		var digits, seconds int
		_, err := fmt.Sscan(scanner.Text(), &storedHex, &algorithm, &digits, &seconds, &keyHex)
		require.NoError(t, err)
		stored, err := hex.DecodeString(storedHex)
		require.NoError(t, err)
		key, err := hex.DecodeString(keyHex)
		require.NoError(t, err)

		var s totp.Secret
		require.NoError(t, s.UnmarshalBinary(stored))
		assert.Equal(t, algorithm, s.Algorithm().String())
		assert.Equal(t, digits, s.Digits())
		assert.Equal(t, time.Duration(seconds)*time.Second, s.Period())
		assert.True(t, s.Equal(fromKey(t, string(key), totp.Options{
			Algorithm: s.Algorithm(), Digits: digits, Period: s.Period(),
		})))
		again, err := s.MarshalBinary()
		require.NoError(t, err)
		assert.Equal(t, stored, again)
		lines++
	}
	assert.Equal(t, 3, lines)
}

func TestUnmarshalBinaryRefuses(t *testing.T) {
	good := append([]byte{1, 1, 6, 30}, rfcKey...)
	change := func(at int, to byte) []byte {
		changed := append([]byte{}, good...)
		changed[at] = to
		return changed
	}
	kept := totp.NewSecret()
	for name, stored := range map[string][]byte{
		"nothing": nil, "empty": {}, "header cut": good[:3], "no key": good[:4], "key cut": good[:19],
		"key too long": append(append([]byte{}, good...), make([]byte, 109)...),
		"huge":         append(append([]byte{}, good...), make([]byte, 1<<20)...),
		"version 0":    change(0, 0), "version 2": change(0, 2),
		"algorithm 0": change(1, 0), "algorithm 4": change(1, 4), "algorithm 255": change(1, 255),
		"digits 0": change(2, 0), "digits 5": change(2, 5), "digits 9": change(2, 9),
		"period 0": change(3, 0), "period 14": change(3, 14), "period 121": change(3, 121), "period 255": change(3, 255),
	} {
		s := kept
		require.Error(t, s.UnmarshalBinary(stored), name)
		require.True(t, s.Equal(kept), "%s: the old value is lost", name)
	}
}

func TestUnmarshalBinaryCopies(t *testing.T) {
	stored := append([]byte{1, 1, 6, 30}, rfcKey...)
	var s totp.Secret
	require.NoError(t, s.UnmarshalBinary(stored))
	clear(stored)
	assert.True(t, s.Equal(fromKey(t, rfcKey, totp.Options{})))

	out, err := s.MarshalBinary()
	require.NoError(t, err)
	clear(out)
	assert.True(t, s.Equal(fromKey(t, rfcKey, totp.Options{})))
}

// Never panics; what is read is written back byte for byte.
func FuzzUnmarshalBinary(f *testing.F) {
	f.Add([]byte{})
	f.Add(append([]byte{1, 1, 6, 30}, rfcKey...))
	f.Add(append([]byte{1, 3, 8, 120}, make([]byte, 128)...))
	f.Add(append([]byte{2, 1, 6, 30}, rfcKey...))
	f.Fuzz(func(t *testing.T, stored []byte) {
		var s totp.Secret
		if s.UnmarshalBinary(stored) != nil {
			require.True(t, s.IsZero())
			return
		}
		again, err := s.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, stored, again)
		require.Len(t, s.Code(noon), s.Digits())
	})
}
