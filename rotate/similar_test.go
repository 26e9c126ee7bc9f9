package rotate

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestUndone: what people make of an old password leads back to it.
func TestUndone(t *testing.T) {
	const old = "wolves under lamps 41"
	for _, made := range []string{
		old + "!", old + "1", old + "2026!", old + " neu!!", "!" + old, "1 " + old, "wolves under lamps 42", "wolves under lamps 40",
		"Wolves under lamps 41", "WOLVES UNDER LAMPS 41", "14 spmal rednu sevlow", old + old, old + "-" + old,
	} {
		require.Contains(t, undone(made), old, made)
	}
	for _, c := range [][2]string{
		{"Pass 10", "Pass 9"}, {"Pass 10", "Pass 09"}, {"Pass 10", "Pass 11"}, {"Pass 9", "Pass 10"}, {"Pass 9", "Pass 8"},
		{"Pass 100!", "Pass 99!"}, {"Pass 100!", "Pass 099!"}, {"Pass 09", "Pass 08"}, {"Pass 010", "Pass 009"},
		{"pass 09 x", "pass 10 x"}, {"x1", "x0"}, {"a", "A"}, {"ß!", "ß"}, {"ééé", "éé"}, {"e\u0301!", "é"},
	} {
		require.Contains(t, undone(c[0]), c[1], c[0])
	}
	require.NotContains(t, undone("Pass 010"), "Pass 9", "who writes zeros goes on to")
	require.Empty(t, undone(""))
	require.NotContains(t, undone("seven copper lanterns"), "nine violet umbrellas")
}

// TestUndoneIsBounded: each guess costs a hash.
func TestUndoneIsBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	signs := []string{"a", "Z", "7", "9", "!", " ", "ß", "İ", "\u0301", "😀", "\xff", "\x00"}
	for range 3000 {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(signs[random.IntN(len(signs))])
		}
		password := b.String()
		list := undone(password)
		require.LessOrEqual(t, len(list), 16)
		seen := map[string]bool{}
		for _, old := range list {
			require.NotEmpty(t, old)
			require.NotEqual(t, policy.Normalize(password), old)
			require.False(t, seen[old], "%q twice for %q", old, password)
			seen[old] = true
		}
	}
	require.NotPanics(t, func() { undone("9223372036854775807"); undone("99999999999999999999999") })
}

// TestTooSimilar: a profile's own judge can refuse more, and never less.
func TestTooSimilar(t *testing.T) {
	asked := 0
	for _, c := range []struct {
		old, new string
		says     bool
		want     bool
	}{
		{"nine violet umbrellas", "seven copper lanterns", false, false},
		{"nine violet umbrellas", "seven copper lanterns", true, true},
		{"nine violet umbrellas", "nine violet umbrellas 7", false, true},
	} {
		p := Profile{TooSimilar: func(old, new string) bool {
			asked++
			require.Equal(t, c.old, old)
			require.Equal(t, c.new, new)
			return c.says
		}}
		require.Equal(t, c.want, p.similar(c.old, c.new))
		require.Equal(t, policy.Similar(c.old, c.new), Profile{}.similar(c.old, c.new))
	}
	require.Equal(t, 2, asked)
}
