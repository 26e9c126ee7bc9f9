package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestEntropy(t *testing.T) {
	rate := policy.Entropy().GuessesLog10
	require.Zero(t, rate(""))
	require.Equal(t, rate("qwertyuiop"), rate("QWERTYUIOP"), "case earns nothing")
	require.Equal(t, rate("winter harbor"), rate("Winter Harbor"))
	require.Less(t, rate("abababababababab"), 6.0, "a repeated unit counts once")
	require.Less(t, rate("aaaaaaaaaaaaaaaaaaaa"), 3.0)
	require.Less(t, rate("абвгабвгабвгабвгабвг"), rate("kvzxqmwrtplh"))
	require.Greater(t, rate("\U0001f469\U0001f469"), 0.0, "two equal emoji are something")
	require.InDelta(t, rate("пароль"), rate("kvzxqm"), 0.5, "a letter is a letter in any script")
	require.Greater(t, rate("жшюдбэяфцйкъыхмн"), 16.0)
	require.Equal(t, rate("maria lopez"), rate("maria lopez", "maria"), "it knows no words")
}

// TestEntropyIsBounded: the work grows with the square of the length, so only
// the first 128 code points are rated.
func TestEntropyIsBounded(t *testing.T) {
	r := seeded()
	start := randomPassword(r, 128)
	rate := policy.Entropy().GuessesLog10
	require.Equal(t, rate(start), rate(start+randomPassword(r, 500)))
	require.Equal(t, rate(start), rate(start+strings.Repeat("q", 1<<20)))
}
