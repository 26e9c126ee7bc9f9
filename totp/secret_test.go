package totp_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/totp"
)

func TestNewSecretDefaults(t *testing.T) {
	s := totp.NewSecret()
	assert.False(t, s.IsZero())
	assert.Equal(t, totp.SHA1, s.Algorithm())
	assert.Equal(t, 6, s.Digits())
	assert.Equal(t, 30*time.Second, s.Period())
	stored, err := s.MarshalBinary()
	require.NoError(t, err)
	assert.Len(t, stored, 4+20, "160 bits")
}

func TestNewSecretsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text := totp.NewSecret().Reveal()
		require.False(t, seen[text])
		seen[text] = true
	}
}

func TestNewSecretSizeFollowsTheHash(t *testing.T) {
	for algorithm, size := range map[totp.Algorithm]int{totp.SHA1: 20, totp.SHA256: 32, totp.SHA512: 64} {
		s, err := totp.NewSecretWith(totp.Options{Algorithm: algorithm})
		require.NoError(t, err)
		stored, err := s.MarshalBinary()
		require.NoError(t, err)
		assert.Len(t, stored, 4+size, "%v", algorithm)
	}
}

func TestNewSecretBounds(t *testing.T) {
	for _, o := range []totp.Options{
		{Digits: 6}, {Digits: 8}, {Period: 15 * time.Second}, {Period: 120 * time.Second}, {Size: 16}, {Size: 128},
	} {
		_, err := totp.NewSecretWith(o)
		assert.NoError(t, err, "%+v", o)
	}
	for _, o := range []totp.Options{
		{Digits: 5}, {Digits: 9}, {Digits: -6}, {Digits: math.MaxInt},
		{Period: 14 * time.Second}, {Period: 121 * time.Second}, {Period: -30 * time.Second},
		{Size: 15}, {Size: 129}, {Size: -1}, {Size: math.MaxInt},
	} {
		s, err := totp.NewSecretWith(o)
		var bounds *totp.BoundsError
		require.ErrorAs(t, err, &bounds, "%+v", o)
		assert.True(t, bounds.Actual < bounds.Min || bounds.Actual > bounds.Max, "%v", bounds)
		assert.True(t, strings.HasPrefix(err.Error(), "totp: "), "%v", err)
		assert.True(t, s.IsZero())
	}
	for _, o := range []totp.Options{
		{Algorithm: 3}, {Algorithm: 255}, {Period: 30}, {Period: 30*time.Second + 1}, {Period: 120*time.Second + 1},
	} {
		s, err := totp.NewSecretWith(o)
		require.ErrorIs(t, err, totp.ErrOptions, "%+v", o)
		assert.True(t, s.IsZero())
	}
}

func TestEqual(t *testing.T) {
	base := totp.Options{Size: len(rfcKey)}
	s := fromKey(t, rfcKey, base)
	assert.True(t, s.Equal(s))
	assert.True(t, s.Equal(fromKey(t, rfcKey, base)))
	assert.True(t, totp.Secret{}.Equal(totp.Secret{}))
	for name, other := range map[string]totp.Secret{
		"zero":      {},
		"key":       fromKey(t, "12345678901234567891", base),
		"length":    fromKey(t, rfcKey+"1", totp.Options{}),
		"digits":    fromKey(t, rfcKey, totp.Options{Digits: 7}),
		"period":    fromKey(t, rfcKey, totp.Options{Period: 60 * time.Second}),
		"algorithm": fromKey(t, rfcKey, totp.Options{Algorithm: totp.SHA256}),
	} {
		assert.False(t, s.Equal(other), name)
		assert.False(t, other.Equal(s), name)
	}
}

func TestZeroSecret(t *testing.T) {
	var s totp.Secret
	assert.True(t, s.IsZero())
	assert.Zero(t, s.Digits())
	assert.Zero(t, s.Period())
	assert.Equal(t, totp.SHA1, s.Algorithm())
	assert.Empty(t, s.Reveal())
	assert.Empty(t, s.URI("Shop", "ann"))
	_, err := s.MarshalBinary()
	assert.ErrorIs(t, err, totp.ErrZero)
	_, err = s.QR("Shop", "ann", 0)
	assert.ErrorIs(t, err, totp.ErrZero)
}

func TestAlgorithmNames(t *testing.T) {
	assert.Equal(t, "SHA1", totp.SHA1.String())
	assert.Equal(t, "SHA256", totp.SHA256.String())
	assert.Equal(t, "SHA512", totp.SHA512.String())
	assert.Equal(t, "unknown", totp.Algorithm(9).String())
}
