package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// The vectors are of Unicode Standard Annex 15, tables 3 to 5.
func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"  correct horse\t\x00~ ":    "  correct horse\t\x00~ ",
		"e\u0301":                    "\u00e9",
		"\u212b":                     "\u00c5", // Angstrom sign
		"\u2126":                     "\u03a9", // Ohm sign
		"\ufb01":                     "\ufb01", // a compatibility form stays
		"\uff41":                     "\uff41",
		"2\u2075":                    "2\u2075",
		"s\u0323\u0307":              "\u1e69", // two marks, in either order
		"s\u0307\u0323":              "\u1e69",
		"\u1100\u1161":               "\uac00", // Hangul
		"\U0001f469\u200d\U0001f4bb": "\U0001f469\u200d\U0001f4bb",
	} {
		require.Equal(t, want, policy.Normalize(in), "%+q", in)
		require.Equal(t, want, policy.Normalize(want), "%+q", in)
	}
}

// TestTypedEitherWay: the same text typed on two keyboards is judged alike.
func TestTypedEitherWay(t *testing.T) {
	p := policy.ShopCustomer()
	p.Words = []string{"Crème Brûlée"}
	for composed, decomposed := range map[string]string{
		"cr\u00e8mebr\u00fbl\u00e9e2026": "cre\u0300mebru\u0302le\u0301e2026",
		"pass\u00e9 lantern walrus":      "passe\u0301 lantern walrus",
		"contrase\u00f1a2026!":           "contrasen\u0303a2026!",
	} {
		require.Equal(t, check(t, p, composed), check(t, p, decomposed), "%q", composed)
	}
}
