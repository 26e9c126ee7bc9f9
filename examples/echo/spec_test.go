package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

// specShop is the shop as shopspec.json describes it.
func specShop(t *testing.T, instances ...shopspec.Instance) shopspec.Shop {
	t.Helper()
	text, err := os.ReadFile("shopspec.json")
	require.NoError(t, err)
	var table shopspec.Table
	require.NoError(t, json.Unmarshal(text, &table))
	driver, err := shopspec.HTML(table)
	require.NoError(t, err)
	return shopspec.Shop{Name: brand, Driver: driver, Breached: table.Breached, Instances: instances}
}

// reportFailures tells each check that failed.
func reportFailures(t *testing.T, r shopspec.Report) {
	t.Helper()
	for _, line := range r.Lines {
		for _, check := range line.Checks {
			if check.State == shopspec.StateFailed {
				t.Errorf("%s: %s: expected %s, seen %s (%s)", line.Name, check.What, check.Expected, check.Seen, check.Request)
			}
		}
	}
	require.NoError(t, r.Err())
}

// TestShopspec: two instances on one database pass every scenario, but for that
// of hashes which this shop never had.
func TestShopspec(t *testing.T) {
	two := openInstances(t, 2)
	shop := specShop(t, shopspec.Instance{URL: two[0].url(), Hooks: two[0].hooks()}, shopspec.Instance{URL: two[1].url(), Hooks: two[1].hooks()})
	r := shopspec.Run(t.Context(), shop, shopspec.Options{})
	reportFailures(t, r)
	require.Equal(t, []string{"S2/md5"}, r.Names(shopspec.StateNotRun))
	require.Len(t, r.Names(shopspec.StatePassed), len(shopspec.Scenarios())-1)
}

// TestShopspecFromOutside: the program with the build tag testclock, and with
// the hashes of every day, lets a suite in by the token.
func TestShopspecFromOutside(t *testing.T) {
	dir := t.TempDir()
	program, token := filepath.Join(dir, "shop"), strings.Repeat("spec", 8)
	out, err := exec.Command("go", "build", "-tags", "testclock", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := free.Addr().String()
	require.NoError(t, free.Close())
	shop := exec.CommandContext(t.Context(), program, "-addr", addr)
	shop.Env = append(os.Environ(), hook.TokenVariable+"="+token, "TMPDIR="+dir)
	welcome, err := shop.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, shop.Start())
	t.Cleanup(func() {
		_ = shop.Process.Kill()
		_ = shop.Wait()
	})
	_, err = welcome.Read(make([]byte, 1)) // it listens
	require.NoError(t, err)

	hooks, err := hook.Client(t.Context(), "http://"+addr+"/test/hooks/", token)
	require.NoError(t, err)
	some := map[string]bool{"S1/long-passphrases": true, "S2/bcrypt": true, "S4/forced": true, "S6/grace": true, "S1/nothing-in-the-log": true}
	r := shopspec.Run(t.Context(), specShop(t, shopspec.Instance{URL: "http://" + addr, Hooks: hooks}), shopspec.Options{
		Only: func(name string) bool { return some[name] },
	})
	reportFailures(t, r)
	require.Len(t, r.Names(shopspec.StatePassed), len(some))
}
