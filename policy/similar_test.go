package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

func TestSimilar(t *testing.T) {
	for _, pair := range [][2]string{
		{"winter harbor nine zebra", "winter harbor nine zebra"},
		{"winter harbor nine zebra", "Winter Harbor Nine Zebra!"},
		{"winter harbor nine zebra", "winter harbor ten zebra"},
		{"winter harbor nine zebra", "harbor nine zebra winter "},
		{"tillkey-gate-7", "tillkey-gate-8"}, // a digit counted on
		{"tillkey-gate-9", "tillkey-gate-10"},
		{"tillkey gate 2025", "tillkey gate 2026"},
		{"monkey1!", "monkey2!"},
		{"2025monkey", "2026monkey"},
		{"monkey", "m0nk3y"},
		{"monkey", "monkeymonkey"},
		{"monkey", "yeknom"},
		{"monkeylantern", "lanternmonkey"}, // halves exchanged
		{"monkey", "xymonkeyab"},           // up to six added
		{"monkey", "monkey483920"},
		{"éclair-harbor", "eclair harbor"},
		{"Summer2026!", "Autumn2026!"}, // the season moves on
		{"Summer2025", "Winter2026"},
		{"Frühling!26", "herbst!26"},
		{"tillkey-January", "tillkey-february"},
		{"may2026!", "june2026!"},
		{"Jan2026xy", "Feb2026xy"},
		{"Monday-lantern", "fr1day-lantern"},
		{"lunedì7", "mercoledì8"},
		{"aprile2026", "agosto2026"},
	} {
		require.True(t, policy.Similar(pair[0], pair[1]), "%q", pair)
		require.True(t, policy.Similar(pair[1], pair[0]), "%q, turned", pair)
	}
	for _, pair := range [][2]string{
		{"", ""}, {"", "monkey"},
		{"winter harbor nine zebra", "lantern walrus velvet moss"},
		{"monkeylantern", "monkeyvelvet"},
		{"Summer2026!", "Monday2026!"}, // not the same kind of word
		{"monkey", "donors"},
		{"summer-lantern", "winter-walrus"},
		{"пароль", "привет"},
	} {
		require.False(t, policy.Similar(pair[0], pair[1]), "%q", pair)
		require.False(t, policy.Similar(pair[1], pair[0]), "%q, turned", pair)
	}
}

func TestSimilarLaws(t *testing.T) {
	r, list := seeded(), words(t)
	for range 200 {
		a, b := passphrase(r, list, 5), passphrase(r, list, 5)
		x, y := randomPassword(r, 16), randomPassword(r, 16)
		require.True(t, policy.Similar(a, a), "%q", a)
		require.True(t, policy.Similar(a, a+"2026!"), "%q", a)
		require.True(t, policy.Similar(x, x+"1"), "%q", x)
		require.True(t, policy.Similar(x, strings.ToUpper(x)), "%q", x)
		require.False(t, policy.Similar(x, y), "%q and %q", x, y)
		require.False(t, policy.Similar(a, y), "%q and %q", a, y)
		require.Equal(t, policy.Similar(a, b), policy.Similar(b, a), "%q and %q", a, b)
	}
}

func TestSimilarIsBounded(t *testing.T) {
	long := strings.Repeat("kvzxqm wrtplh ", 1<<16)
	require.True(t, policy.Similar(long, long))
	require.False(t, policy.Similar(long, "monkey"))
	require.False(t, policy.Similar(strings.Repeat("\u0301", 1<<20), "monkey"))
	require.False(t, policy.Similar("\xff\xfe\xfd\xfc", "monkey"))
}
