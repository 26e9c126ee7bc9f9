package hook_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

const token = "a token of the tests alone"

// mounted serves hooks as a shop does.
func mounted(t *testing.T, h shopspec.Hooks) *httptest.Server {
	t.Helper()
	handler, err := hook.Handler(h, token)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/test/hooks/", handler)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// TestRoundTrip: what is asked for on one side is done on the other.
func TestRoundTrip(t *testing.T) {
	ctx := t.Context()
	at := time.Date(2026, time.March, 1, 12, 0, 0, 123000, time.UTC)
	var seeded shopspec.Account
	restarts := 0
	server := mounted(t, shopspec.Hooks{
		Seed: func(_ context.Context, a shopspec.Account) (string, error) {
			seeded = a
			return "c-17", nil
		},
		StoredHash: func(_ context.Context, email string) (string, error) { return "$argon2id$ of " + email, nil },
		Logs:       func(context.Context) (string, error) { return strings.Repeat("line\n", 300_000), nil },
		Mail: func(_ context.Context, address string) ([]shopspec.Mail, error) {
			return []shopspec.Mail{{At: at, Subject: "to " + address, Text: "a <b> & c"}}, nil
		},
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) { return at.Add(d), nil },
		Restart: func(context.Context) error { restarts++; return nil },
	})
	h, err := hook.Client(ctx, server.URL+"/test/hooks", token)
	require.NoError(t, err)

	a := shopspec.Account{Email: "ada@example.com", Name: "Ada", Password: "päss\x00\"word", Encoded: "$2a$04$", Staff: true, Created: at, Changed: at.Add(time.Hour)}
	id, err := h.Seed(ctx, a)
	require.NoError(t, err)
	require.Equal(t, "c-17", id)
	require.Equal(t, a, seeded)
	text, err := h.StoredHash(ctx, "ada@example.com")
	require.NoError(t, err)
	require.Equal(t, "$argon2id$ of ada@example.com", text)
	text, err = h.Logs(ctx)
	require.NoError(t, err)
	require.Len(t, text, 1_500_000)
	mails, err := h.Mail(ctx, "ada@example.com")
	require.NoError(t, err)
	require.Equal(t, []shopspec.Mail{{At: at, Subject: "to ada@example.com", Text: "a <b> & c"}}, mails)
	now, err := h.Advance(ctx, -90*time.Second)
	require.NoError(t, err)
	require.Equal(t, at.Add(-90*time.Second), now)
	require.NoError(t, h.Restart(ctx))
	require.Equal(t, 1, restarts)
}

// TestOnlyWhatThereIs: a hook that a shop lacks is nil here, and errors come
// through as what they are.
func TestOnlyWhatThereIs(t *testing.T) {
	server := mounted(t, shopspec.Hooks{
		Seed:       func(context.Context, shopspec.Account) (string, error) { return "", shopspec.ErrUnsupported },
		StoredHash: func(context.Context, string) (string, error) { return "", errors.New("the database is away") },
	})
	h, err := hook.Client(t.Context(), server.URL+"/test/hooks/", token)
	require.NoError(t, err)
	require.Nil(t, h.Logs)
	require.Nil(t, h.Mail)
	require.Nil(t, h.Advance)
	require.Nil(t, h.Restart)
	_, err = h.Seed(t.Context(), shopspec.Account{})
	require.ErrorIs(t, err, shopspec.ErrUnsupported)
	_, err = h.StoredHash(t.Context(), "")
	require.ErrorContains(t, err, "the database is away")
	require.NotErrorIs(t, err, shopspec.ErrUnsupported)
}

// TestNobodyElse: without the token, from another machine, or with another
// method, there is nothing, and nothing is done.
func TestNobodyElse(t *testing.T) {
	done := 0
	handler, err := hook.Handler(shopspec.Hooks{Restart: func(context.Context) error { done++; return nil }}, token)
	require.NoError(t, err)
	ask := func(change func(*http.Request)) int {
		r := httptest.NewRequest(http.MethodPost, "/test/hooks/restart", strings.NewReader("{}"))
		r.RemoteAddr = "127.0.0.1:5000"
		r.Header.Set("Authorization", "Bearer "+token)
		change(r)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusOK, ask(func(*http.Request) {}))
	require.Equal(t, http.StatusOK, ask(func(r *http.Request) { r.RemoteAddr = "[::1]:5000" }))
	require.Equal(t, 2, done)
	for name, change := range map[string]func(*http.Request){
		"no token":        func(r *http.Request) { r.Header.Del("Authorization") },
		"another token":   func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token+"x") },
		"the bare token":  func(r *http.Request) { r.Header.Set("Authorization", token) },
		"another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.7:5000" },
		"mapped":          func(r *http.Request) { r.RemoteAddr = "[::ffff:192.0.2.7]:5000" },
		"a socket":        func(r *http.Request) { r.RemoteAddr = "@" },
		"another method":  func(r *http.Request) { r.Method = http.MethodGet },
		"another hook":    func(r *http.Request) { r.URL.Path = "/test/hooks/passwords" },
	} {
		require.Equal(t, http.StatusNotFound, ask(change), name)
	}
	require.Equal(t, http.StatusBadRequest, ask(func(r *http.Request) { r.Body = http.NoBody }))
	require.Equal(t, http.StatusBadRequest, ask(func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(`{"address":"` + strings.Repeat("a", 1<<20)))
	}))
	require.Equal(t, 2, done)
}

// TestToken: it comes from the environment or a file of one's own, and not from
// nowhere.
func TestToken(t *testing.T) {
	t.Setenv(hook.TokenVariable, "")
	t.Setenv(hook.FileVariable, "")
	_, err := hook.ReadToken()
	require.ErrorIs(t, err, hook.ErrToken)

	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte(token+"\n"), 0o600))
	t.Setenv(hook.FileVariable, path)
	read, err := hook.ReadToken()
	require.NoError(t, err)
	require.Equal(t, token, read)
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = hook.ReadToken()
	require.ErrorContains(t, err, "others can read it")
	require.NoError(t, os.Chmod(path, 0o600))
	for _, bad := range []string{"", "short", strings.Repeat("long", 100)} {
		require.NoError(t, os.WriteFile(path, []byte(bad), 0o600))
		_, err = hook.ReadToken()
		require.ErrorIs(t, err, hook.ErrToken, bad)
		require.NotContains(t, err.Error(), "short")
	}
	t.Setenv(hook.FileVariable, path+" that is not there")
	_, err = hook.ReadToken()
	require.ErrorIs(t, err, hook.ErrToken)
	t.Setenv(hook.TokenVariable, token)
	read, err = hook.ReadToken()
	require.NoError(t, err)
	require.Equal(t, token, read)

	_, err = hook.Handler(shopspec.Hooks{}, "guessable")
	require.ErrorIs(t, err, hook.ErrToken)
	_, err = hook.Client(t.Context(), "http://127.0.0.1:1/", "guessable")
	require.ErrorIs(t, err, hook.ErrToken)
}

// TestNoHooksThere: the client says what is wrong.
func TestNoHooksThere(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		says    string
	}{
		"nothing":  {http.NotFound, "built with hooks"},
		"a page":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "not that of a hook"},
		"a fault":  {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oh", 500) }, "500: oh"},
		"a detour": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusSeeOther) }, "303"},
	} {
		server := httptest.NewServer(test.handler)
		_, err := hook.Client(t.Context(), server.URL, token)
		require.ErrorContains(t, err, test.says, name)
		require.NotContains(t, err.Error(), token)
		server.Close()
	}
	for _, address := range []string{"", "127.0.0.1:80", "ftp://127.0.0.1", "http://"} {
		_, err := hook.Client(t.Context(), address, token)
		require.ErrorContains(t, err, "no address", address)
	}
}
