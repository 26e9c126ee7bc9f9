package totp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

// RFC 4648 base32 of the RFC 4226 key.
const rfcText = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"

func TestRevealIsGroupedBase32(t *testing.T) {
	assert.Equal(t, rfcText, fromKey(t, rfcKey, totp.Options{}).Reveal())
	// 16 bytes leave two characters for the last group.
	assert.Equal(t, "GEZD GNBV GY3T QOJQ GEZD GNBV GY", fromKey(t, rfcKey[:16], totp.Options{}).Reveal())
}

func TestParseSecretForgives(t *testing.T) {
	want := fromKey(t, rfcKey, totp.Options{})
	for _, text := range []string{
		rfcText, strings.ToLower(rfcText), strings.ReplaceAll(rfcText, " ", ""), strings.ReplaceAll(rfcText, " ", "-"),
		strings.ReplaceAll(rfcText, " ", "\u2013"), "\n\t" + rfcText + "\u00a0", rfcText + "====",
		"ＧＥＺＤ ＧＮＢＶ ｇｙ３ｔ ｑｏｊｑ GEZDGNBVGY3TQOJQ", "\ufeff" + rfcText,
	} {
		s, err := totp.ParseSecret(text)
		require.NoError(t, err, "%q", text)
		assert.True(t, want.Equal(s), "%q", text)
	}
}

func TestParseSecretRefuses(t *testing.T) {
	for _, text := range []string{
		rfcText[:len(rfcText)-1] + "0", rfcText[:len(rfcText)-1] + "1", rfcText[:len(rfcText)-1] + "8",
		rfcText + "9", rfcText + "!", rfcText + "=A", "=" + rfcText, rfcText + "\x00", rfcText + "\xff", rfcText + "é",
		rfcText + "A", rfcText + "AAA", rfcText + "AAAAAA", // lengths no whole byte can explain
	} {
		s, err := totp.ParseSecret(text)
		assert.ErrorIs(t, err, totp.ErrFormat, "%q", text)
		assert.True(t, s.IsZero())
	}
	for _, text := range []string{
		"", "   ", "====", "GEZDGNBV",
		"JBSWY3DPEHPK3PXP",                // the sample of the key URI format: 10 bytes, too weak to enrol
		strings.Repeat("A", 24),           // 15 bytes
		strings.Repeat("A", 207),          // 129 bytes
		strings.Repeat("A", 1024),         // 640 bytes
		strings.Repeat(" ", 1024) + "AAA", // too long a text, whatever it says
	} {
		s, err := totp.ParseSecret(text)
		var bounds *totp.BoundsError
		assert.ErrorAs(t, err, &bounds, "%q", text)
		assert.True(t, s.IsZero())
	}
}

// Systems that draw 26 random characters instead of 16 random bytes leave two
// bits over. Authenticator apps drop them, and so do we.
func TestParseSecretDropsLeftoverBits(t *testing.T) {
	a, err := totp.ParseSecret(strings.Repeat("A", 25) + "Q")
	require.NoError(t, err)
	b, err := totp.ParseSecret(strings.Repeat("A", 25) + "T")
	require.NoError(t, err)
	assert.True(t, a.Equal(b))
}

func TestParseSecretWith(t *testing.T) {
	o := totp.Options{Algorithm: totp.SHA512, Digits: 8, Period: 60 * time.Second, Size: 20}
	s, err := totp.ParseSecretWith(rfcText, o)
	require.NoError(t, err)
	assert.Equal(t, totp.SHA512, s.Algorithm())
	assert.Equal(t, 8, s.Digits())
	assert.Equal(t, 60*time.Second, s.Period())

	o.Size = 32
	_, err = totp.ParseSecretWith(rfcText, o)
	assert.ErrorIs(t, err, totp.ErrOptions)
	var bounds *totp.BoundsError
	_, err = totp.ParseSecretWith(rfcText, totp.Options{Digits: 10})
	assert.ErrorAs(t, err, &bounds)
	_, err = totp.ParseSecretWith(rfcText, totp.Options{Algorithm: 7})
	assert.ErrorIs(t, err, totp.ErrOptions)
}

// Never panics; what is read prints as a text that reads as the same secret.
func FuzzParseSecret(f *testing.F) {
	for _, seed := range []string{rfcText, strings.ToLower(rfcText), rfcText + "=====", "JBSWY3DPEHPK3PXP", "", "\xff", "ＡＢ", strings.Repeat("A", 206)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := totp.ParseSecret(text)
		if err != nil {
			require.True(t, s.IsZero())
			return
		}
		again, err := totp.ParseSecret(s.Reveal())
		require.NoError(t, err)
		require.True(t, s.Equal(again))
		require.Equal(t, s.Reveal(), again.Reveal())
	})
}
