package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A policy file decides as it would on the server; what it names and this
// program has not is said.
func TestCheckByPolicyFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shop.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"version": 1, "groups": {
		"customers": {"min_length": 4},
		"staff": {"min_length": 20, "need_digit": true, "breach": ["corpus"]}
	}}`), 0o600))
	for _, c := range []struct {
		args  []string
		code  int
		codes []string
		says  string
	}{
		{[]string{"--group", "customers"}, exitFine, []string{}, ""},
		{[]string{"--group", "staff"}, exitWeak, []string{"too_short", "needs_digit"}, "not asked: 1 of the policy's lists and breach sources\n"},
	} {
		r := execute(t, "kettles", append([]string{"check", "--json", "--policy", file}, c.args...)...)
		require.Equal(t, c.code, r.code, r.stdout+r.stderr)
		require.Equal(t, c.codes, codes(reports(t, r.stdout)[0]))
		require.Equal(t, c.says, r.stderr)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--policy", file}, "--group is missing. Groups: customers, staff."},
		{[]string{"--policy", file, "--group", "nobody"}, "no such group"},
		{[]string{"--policy", file, "--group", "staff", "--preset", "NIST63B4"}, "exclude each other"},
		{[]string{"--group", "staff"}, "--group needs --policy"},
	} {
		r := execute(t, good, append([]string{"check"}, c.args...)...)
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.stderr, c.says)
	}
	r := execute(t, good, "check", "--policy", filepath.Join(t.TempDir(), "absent.json"))
	require.Equal(t, exitFailed, r.code)
}
