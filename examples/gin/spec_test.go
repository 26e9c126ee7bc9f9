package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
)

// TestShopspec: two instances on one database pass every scenario, but for
// hashes that this shop never had, and for leading back to a page, which the
// programs that call an API do themselves.
func TestShopspec(t *testing.T) {
	file, err := os.Open("shopspec.json")
	require.NoError(t, err)
	defer file.Close()
	description, err := shopspec.ReadDescription(file)
	require.NoError(t, err)
	driver, err := description.Driver()
	require.NoError(t, err)
	shop := shopspec.Shop{Name: description.Name, Driver: driver, Breached: description.Breached}
	for _, g := range newStages(t, 2) {
		shop.Instances = append(shop.Instances, shopspec.Instance{URL: g.server.URL, Hooks: g.hooks()})
	}
	report := shopspec.Run(t.Context(), shop, shopspec.Options{})
	for _, line := range report.Lines {
		for _, check := range line.Checks {
			if check.State == shopspec.StateFailed {
				t.Errorf("%s: %s: expected %s, seen %s (%s)", line.Name, check.What, check.Expected, check.Seen, check.Request)
			}
		}
	}
	require.NoError(t, report.Err())
	require.Equal(t, []string{"S2/md5", "S4/next"}, report.Names(shopspec.StateNotRun))
	require.Len(t, report.Names(shopspec.StatePassed), len(shopspec.Scenarios())-2)
}
