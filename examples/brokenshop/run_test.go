package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
)

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no fault":           {nil, "name a -fault"},
		"unknown fault":      {[]string{"-fault", "code-replayed,nonesuch"}, `unknown name "nonesuch"`},
		"no loopback":        {[]string{"-fault", "code-replayed", "-addr", "0.0.0.0:0"}, "not an address of this machine alone"},
		"no host":            {[]string{"-fault", "code-replayed", "-addr", ":0"}, "not an address of this machine alone"},
		"a name as host":     {[]string{"-fault", "code-replayed", "-addr", "example.com:80"}, "not an address of this machine alone"},
		"half a place":       {[]string{"-fault", "code-replayed", "-db", "shop.db"}, "go together"},
		"half a certificate": {[]string{"-fault", "code-replayed", "-cert", "shop.pem"}, "go together"},
		"arguments":          {[]string{"-fault", "code-replayed", "more"}, `unexpected argument "more"`},
		"unknown flag":       {[]string{"-nonesuch"}, "not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr journal
			require.Equal(t, exitUsage, run(t.Context(), c.args, &stdout, &stderr))
			require.Contains(t, stderr.String(), c.says)
			require.Empty(t, stdout.String())
		})
	}
}

func TestFaultsAreListed(t *testing.T) {
	var stdout, stderr journal
	require.Equal(t, exitOK, run(t.Context(), []string{"-faults"}, &stdout, &stderr))
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	require.Len(t, lines, len(fault.All()))
	for i, f := range fault.All() {
		require.Equal(t, f.Name, strings.Fields(lines[i])[0])
		require.Contains(t, lines[i], f.What)
	}
	require.Equal(t, exitOK, run(t.Context(), []string{"-h"}, &stdout, &stderr))
	require.Contains(t, stderr.String(), "-fault NAME[,NAME...]")
}

// TestServe serves every fault at once, on a database that is kept.
func TestServe(t *testing.T) {
	var names []string
	for _, f := range fault.All() {
		names = append(names, f.Name)
	}
	db, keys := filepath.Join(t.TempDir(), "shop.db"), filepath.Join(t.TempDir(), "shop.keys")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stdout, stderr := make(lines, 100), &journal{}
	exit := make(chan int, 1)
	go func() {
		exit <- run(ctx, []string{"-fault", strings.Join(names, ","), "-addr", "127.0.0.1:0", "-db", db, "-keys", keys}, stdout, stderr)
		close(stdout)
	}()
	var said strings.Builder
	address := regexp.MustCompile(`open at (http://\S+)/,`)
	for line := range stdout {
		said.WriteString(line)
		if found := address.FindStringSubmatch(said.String()); found != nil {
			res, err := http.Get(found[1] + "/")
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusOK, res.StatusCode)
			break
		}
	}
	stop()
	for line := range stdout {
		said.WriteString(line)
	}
	require.Equal(t, exitOK, <-exit, stderr.String())
	require.Contains(t, said.String(), "THIS SHOP IS BROKEN ON PURPOSE")
	require.Contains(t, said.String(), "ada@example.com")
	for _, f := range fault.All() {
		require.Contains(t, said.String(), f.Name+": "+f.What)
	}
}

func TestTemporaryDataIsDeleted(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stdout, stderr journal
	code := run(ctx, []string{"-fault", "code-replayed", "-addr", "127.0.0.1:0"}, &stdout, &stderr)
	require.Equal(t, exitFailed, code, "it cannot start when it has to stop")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// lines hands on what is written.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// journal is a text that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
