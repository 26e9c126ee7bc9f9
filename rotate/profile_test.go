package rotate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestShopProfile: passwords are rated by what leaks teach, and a new one by what
// somebody makes of the old one, too.
func TestShopProfile(t *testing.T) {
	for _, group := range []string{"customers", "staff", "store-17/customers", "a/b/staff"} {
		p, err := ShopProfile(group)
		require.NoError(t, err)
		require.NoError(t, p.Policy.Validate())
		require.True(t, p.Policy.Preview("iloveyouprincess").Has(policy.TooGuessable), group)

		const old = "plum kettle orbit 92 fjord"
		for _, follows := range []string{
			"fjord plum kettle orbit 93", "orbit 92 fjord plum kettle", "Plum-Kettle-Orbit-2026-Fjord!", "plum kettle fjord 92 orbit x9",
		} {
			require.False(t, p.Policy.Preview(follows).Has(policy.TooGuessable), follows)
			require.True(t, p.TooSimilar(old, follows), follows)
		}
		require.False(t, p.TooSimilar(old, "nine violet umbrellas hum"))
		require.False(t, p.TooSimilar(old, "Summer2026!"), "weak by itself, and refused as that")
	}
	for _, group := range []string{"", "partners", "customers/old", "staff/", "customersx"} {
		_, err := ShopProfile(group)
		require.Error(t, err, group)
	}
}
