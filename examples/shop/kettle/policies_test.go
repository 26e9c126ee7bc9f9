package kettle

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// TestPolicyFile: the file says what the presets of package rotate would, but for
// the shop's own words, and names the leaked passwords that the shop asks about.
func TestPolicyFile(t *testing.T) {
	merged, err := readPolicies()
	require.NoError(t, err)
	require.Len(t, merged, 2)
	for group, want := range map[string]policy.Policy{groupCustomers: policy.ShopCustomer(), groupStaff: policy.ShopStaff()} {
		got := merged[group]
		require.Len(t, got.Breach, 1)
		require.ElementsMatch(t, []string{"Copper", "Kettle", "teapot"}, got.Words)
		require.True(t, got.Preview("Copper-Kettle-2026").Has(policy.ContainsContext))
		want.Estimator, want.Words, got.Breach = strength.Estimator{}, got.Words, nil
		require.Equal(t, want.Fingerprint(), got.Fingerprint())
		require.Equal(t, want.Name, got.Name)
	}
}

// TestGroupsOfTheFile are all there are.
func TestGroupsOfTheFile(t *testing.T) {
	g := newStage(t)
	for group, status := range map[string]int{"customers": http.StatusOK, "staff": http.StatusOK, "partners": http.StatusNotFound, "": http.StatusNotFound, "x/staff": http.StatusNotFound} {
		require.Equal(t, status, g.browser().post("/preview?for="+group, "password", "short").Status, group)
	}
	p, err := g.shop.profile("staff")
	require.NoError(t, err)
	require.Equal(t, g.shop.lists(), p.Policy.Breach)
	_, err = g.shop.profile("partners")
	require.ErrorIs(t, err, policy.ErrUnknownGroup)
}
