package policy_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// TestAddingNeverAcceptsMore: whatever the policy, one more list, word or
// breach source, at any place, takes no problem away.
func TestAddingNeverAcceptsMore(t *testing.T) {
	r, all := seeded(), words(t)
	refused := 0
	for range 300 {
		p := randomPolicy(r)
		if r.IntN(3) == 0 {
			p.Estimator, p.MinGuessesLog10 = strength.Estimator{}, 8
		}
		more := p
		more.Lists, more.Words, more.Breach = slices.Clone(p.Lists), slices.Clone(p.Words), slices.Clone(p.Breach)
		var target string
		switch r.IntN(4) {
		case 0:
			target = pick(r, all...)
			more.Lists = inserted(r, more.Lists, policy.NewList(target))
		case 1:
			target = "football7"
			more.Lists = inserted(r, more.Lists, policy.Common())
		case 2:
			target = pick(r, all...)
			more.Words = inserted(r, more.Words, target)
		case 3:
			target = pick(r, all...)
			more.Breach = inserted(r, more.Breach, policy.List(exact{target: 1 << 20}))
		}
		require.NoError(t, more.Validate())
		for _, password := range []string{target, target + target, strings.ToUpper(target) + "7", randomChoice(r, all), randomChoice(r, all)} {
			before := codes(check(t, p, password, "maria.lopez@shop.example"))
			after := codes(check(t, more, password, "maria.lopez@shop.example"))
			require.Subset(t, after, before, "%q", password)
			if len(before) == 0 && len(after) > 0 {
				refused++
			}
		}
	}
	require.Greater(t, refused, 50, "what was added is seen")
}

func inserted[T any](r *rand.Rand, list []T, more T) []T {
	return slices.Insert(list, r.IntN(len(list)+1), more)
}

// TestNormalisationIsStable: the normal form is NFC, normalising it again
// changes nothing, and a password is judged alike in all forms of the same text.
func TestNormalisationIsStable(t *testing.T) {
	r := seeded()
	for range 2000 {
		typed := composed(r)
		normal := policy.Normalize(typed)
		require.True(t, norm.NFC.IsNormalString(normal), "%+q", typed)
		require.Equal(t, normal, policy.Normalize(normal))
		require.Equal(t, normal, policy.Normalize(norm.NFD.String(typed)))
		require.True(t, utf8.ValidString(normal))

		p := randomPolicy(r)
		p.MaxBytes = 0 // the cap counts bytes as received, whatever their form
		want := check(t, p, normal, "maria@shop.example")
		require.Equal(t, want, check(t, p, typed, "maria@shop.example"), "%+q", typed)
		require.Equal(t, want, check(t, p, norm.NFD.String(typed), "maria@shop.example"), "%+q", typed)
	}
}

// composed returns text of signs that have several forms, and some that do not.
func composed(r *rand.Rand) string {
	pieces := []string{
		"a", "E", "7", " ", "zebra", "\u00e9", "e\u0301", "\u1e69", "s\u0323\u0307", "s\u0307\u0323", "\u212b", "\u2126", "\ufb01",
		"\uff41", "\u1100\u1161\u11a8", "\uac01", "\u0301", "\u0f71\u0f72", "\u0958", "\U0001d15e", "\U0001f469\u200d\U0001f4bb",
	}
	var b strings.Builder
	for range r.IntN(14) {
		b.WriteString(pick(r, pieces...))
	}
	return b.String()
}
