package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

func command(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, &out, &errs)
	return code, out.String(), errs.String()
}

// TestUsage: what is wrong is said, on stderr alone, with exit code 2.
func TestUsage(t *testing.T) {
	t.Setenv(hook.TokenVariable, "")
	t.Setenv(hook.FileVariable, "")
	bad := filepath.Join(t.TempDir(), "bad.json")
	require.NoError(t, os.WriteFile(bad, []byte(`{"routes": {"fly": {"path": "/"}}}`), 0o600))
	const at = "-url=http://127.0.0.1:1"
	for says, args := range map[string][]string{
		"-url":                {},
		"unexpected argument": {at, "now"},
		"not defined":         {at, "-fast"},
		"is not an address":   {"-url", "127.0.0.1:80"},
		"too many":            {"-url", "http://user:hidden@127.0.0.1"},
		"once or twice":       {at, at, at},
		"as often as":         {at, at, "-hooks", "http://127.0.0.1:1/"},
		"error parsing":       {at, "-run", "("},
		"-rounds":             {at, "-rounds", "-1"},
		"no such file":        {at, "-driver", bad + "x"},
		`no action "fly"`:     {at, "-driver", bad},
		"no token":            {at, "-hooks", "http://127.0.0.1:1/"},
	} {
		code, stdout, stderr := command(t.Context(), args...)
		require.Equal(t, exitUsage, code, "%v: %s", args, stderr)
		require.Contains(t, stderr, says)
		require.NotContains(t, stderr, "hidden")
		require.Empty(t, stdout)
	}
	code, stdout, stderr := command(t.Context(), "-h")
	require.Equal(t, exitPassed, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "Exit codes")
}

// TestListAndExample: every scenario is listed, and the example is a description
// that is read again.
func TestListAndExample(t *testing.T) {
	code, stdout, _ := command(t.Context(), "-list")
	require.Equal(t, exitPassed, code)
	for _, s := range shopspec.Scenarios() {
		require.Contains(t, stdout, s.Name+" ")
	}
	code, stdout, _ = command(t.Context(), "-example")
	require.Equal(t, exitPassed, code)
	example, err := shopspec.ReadDescription(strings.NewReader(stdout))
	require.NoError(t, err)
	kettle, err := shopspec.Kettle()
	require.NoError(t, err)
	require.Equal(t, kettle, example)
}

// nonsense is a server that says hello.
func nonsense(t *testing.T, seen *[]string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*seen = append(*seen, r.Method)
		_, _ = io.WriteString(w, "hello")
	}))
	t.Cleanup(server.Close)
	return server
}

// TestExitCodes: failed, unreachable, interrupted; as text and as JSON.
func TestExitCodes(t *testing.T) {
	var seen []string
	server := nonsense(t, &seen)
	code, stdout, stderr := command(t.Context(), "-url", server.URL, "-run", "^S0/")
	require.Equal(t, exitFailed, code)
	require.Contains(t, stdout, "failed   S0/guest")
	require.Contains(t, stdout, "0 passed, 1 failed, 0 not run")
	require.Equal(t, "S0/guest\nS0/guest: failed (", stderr[:len("S0/guest\nS0/guest: failed (")])

	code, stdout, _ = command(t.Context(), "-url", server.URL, "-run", "^S[02]/", "-json")
	require.Equal(t, exitFailed, code)
	var report shopspec.Report
	require.NoError(t, json.Unmarshal([]byte(stdout), &report))
	require.Equal(t, []string{"S0/guest"}, report.Names(shopspec.StateFailed))
	require.NotEmpty(t, report.Names(shopspec.StateNotRun))

	code, _, stderr = command(t.Context(), "-url", server.URL, "-run", "nothing of the kind")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "names no scenario")

	server.Close()
	code, stdout, _ = command(t.Context(), "-url", server.URL)
	require.Equal(t, exitUnreachable, code)
	require.Contains(t, stdout, "cannot be reached")
	require.Contains(t, stdout, "0 passed, 0 failed")
	t.Setenv(hook.TokenVariable, "a token of the tests alone")
	code, _, stderr = command(t.Context(), "-url", server.URL, "-hooks", server.URL)
	require.Equal(t, exitUnreachable, code)
	require.NotContains(t, stderr, "a token of the tests alone")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, stdout, _ = command(ctx, "-url", nonsense(t, &seen).URL)
	require.Equal(t, exitFailed, code)
	require.Contains(t, stdout, "interrupted")
}

// TestOtherMachines: on another machine nothing is signed up or locked without
// -yes.
func TestOtherMachines(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("0.0.0.0 names this machine on Linux alone")
	}
	var seen []string
	server := nonsense(t, &seen)
	url := strings.Replace(server.URL, "127.0.0.1", "0.0.0.0", 1)
	code, stdout, stderr := command(t.Context(), "-url", url, "-run", "^S[01]/")
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr, "is not this machine")
	require.Contains(t, stdout, "which was not allowed")
	require.NotContains(t, stdout, "failed   S1/weak-passwords")
	require.LessOrEqual(t, len(seen), 5)
	code, stdout, stderr = command(t.Context(), "-url", url, "-run", "^S[01]/", "-yes")
	require.Equal(t, exitFailed, code)
	require.NotContains(t, stderr, "is not this machine")
	require.Contains(t, stdout, "failed   S1/weak-passwords")
}

// TestNoTesting: neither the package nor the hooks nor the command brings package
// testing into a program.
func TestNoTesting(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".", "../..", "../../hook").Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, "net/http")
	require.NotContains(t, packages, "testing")
}
