package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRun: the program says where it is, serves over https with cookies for
// https alone, stops when it is told to, and leaves nothing behind.
func TestRun(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	cert, key := writeCertificate(t, server)
	for _, f := range []flags{{}, {cert: cert, certKey: key}} {
		f.addr = "127.0.0.1:0"
		ctx, cancel := context.WithCancel(t.Context())
		out, in := io.Pipe()
		over := make(chan error, 1)
		go func() { over <- run(ctx, f, slog.New(slog.DiscardHandler), in) }()
		first := make([]byte, 4096)
		n, err := out.Read(first)
		require.NoError(t, err)
		go func() { _, _ = io.Copy(io.Discard, out) }()
		at := regexp.MustCompile(`https?://[0-9.:]+`).FindString(string(first[:n]))
		require.Equal(t, f.cert != "", strings.HasPrefix(at, "https:"), at)

		b := newBrowser(t, at, &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}})
		answer := b.post("/login", "email", "ada@example.com", "password", password)
		b.goes("/", answer)
		require.Len(t, answer.Cookies(), 2)
		for _, c := range answer.Cookies() {
			require.Equal(t, f.cert != "", c.Secure, c.Name)
			require.Equal(t, f.cert != "", strings.HasPrefix(c.Name, "__Host-"), c.Name)
		}
		b.client.CloseIdleConnections()
		cancel()
		require.NoError(t, <-over)
		left, err := os.ReadDir(temporary)
		require.NoError(t, err)
		require.Empty(t, left)
	}
	require.Error(t, run(t.Context(), flags{db: "x"}, slog.New(slog.DiscardHandler), io.Discard))
}

func writeCertificate(t *testing.T, server *httptest.Server) (cert, key string) {
	t.Helper()
	c := server.TLS.Certificates[0]
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	return cert, key
}

// TestS24_NoTestClock: without the build tag there are no hooks in the shop.
func TestS24_NoTestClock(t *testing.T) {
	i := openInstances(t, 1)[0]
	b := i.browser()
	b.is(404, b.send(http.MethodPost, "/test/hooks/advance", strings.NewReader("{}"), "Content-Type", "application/json"))
	deps := func(args ...string) string {
		out, err := exec.Command("go", append(append([]string{"list", "-deps"}, args...), ".")...).CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	require.NotContains(t, deps(), "shopspec")
	require.Contains(t, deps("-tags", "testclock"), "shopspec/hook")
	text, err := os.ReadFile("hooks_testclock.go")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), "//go:build testclock\n"))
}
