package kettle

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
	"github.com/tillkey/tillkey/rotate/web"
)

// Every page has the headers that protect it, and no page holds script or
// style of its own, which the policy would stop.
func TestHeaders(t *testing.T) {
	g := newStage(t)
	b := g.browser()
	for _, page := range []string{"/", "/products/cup", "/cart", "/login", "/signup", "/signup/confirm?token=x", "/forgot", "/reset?ticket=x", "/outbox", "/nothing", "/products/none", "/account"} {
		a := b.get(page)
		require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"), page)
		require.Equal(t, "no-store", a.Header.Get("Cache-Control"), page)
		require.Equal(t, "nosniff", a.Header.Get("X-Content-Type-Options"), page)
		require.Contains(t, a.Header.Get("Content-Security-Policy"), "default-src 'none'", page)
		require.Contains(t, a.Header.Get("Content-Security-Policy"), "script-src 'self';", page)
		require.NotContains(t, a.Header.Get("Content-Security-Policy"), "unsafe", page)
		require.NotRegexp(t, `<script>|<script [^s]|<style|style=|onclick|onpaste|hx-on`, a.Body, page)
	}
	require.Equal(t, http.StatusNotFound, b.get("/nothing").Status)

	a := b.get("/static/style.css")
	require.Equal(t, "text/css; charset=utf-8", a.Header.Get("Content-Type"))
	require.Contains(t, a.Header.Get("Cache-Control"), "max-age")
	require.Contains(t, b.get("/static/htmx.LICENSE.txt").Body, "Zero-Clause BSD")
	for _, script := range regexp.MustCompile(`src="([^"]+\.js)"`).FindAllStringSubmatch(b.get("/").Body, -1) {
		a := b.get(script[1])
		require.Equal(t, http.StatusOK, a.Status, script[1])
		require.Contains(t, a.Header.Get("Content-Type"), "javascript", script[1])
	}
	require.Equal(t, "image/svg+xml", b.get("/static/kettle.svg").Header.Get("Content-Type"))
	for _, p := range catalogue() {
		require.Equal(t, http.StatusOK, b.get(p.Picture()).Status, p.ID)
	}
	require.NotEqual(t, http.StatusOK, b.get("/static/../main.go").Status)
	require.NotEqual(t, http.StatusOK, b.get("/static/%2e%2e/main.go").Status)
	require.Equal(t, http.StatusNotFound, b.get("/static/").Status)
}

// Password managers find what they look for.
func TestPasswordManagers(t *testing.T) {
	g := newStage(t)
	b, ada := g.browser(), g.account("Ada")
	a := b.get("/.well-known/change-password")
	require.Equal(t, http.StatusSeeOther, a.Status)
	require.Equal(t, "/account/password", a.Location)
	require.Equal(t, http.StatusNotFound, b.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").Status)

	token := func(page, field string) string {
		found := regexp.MustCompile(`name="` + field + `"[^>]* autocomplete="([a-z-]+)"`).FindStringSubmatch(page)
		require.NotNil(t, found, field)
		return found[1]
	}
	login, signup := b.get("/login").Body, b.get("/signup").Body
	require.Equal(t, "username", token(login, "email"))
	require.Equal(t, "current-password", token(login, "password"))
	require.Equal(t, "username", token(signup, "email"))
	require.Equal(t, "new-password", token(signup, "password"))
	b.entered(b.login(ada.Email, ada.Password))
	change := b.get("/account/password").Body
	require.Equal(t, "current-password", token(change, "password"))
	require.Equal(t, "new-password", token(change, "new_password"))
	require.Equal(t, "one-time-code", token(b.post("/account/second-factor", "password", ada.Password).Body, "code"))
}

// Forms from other sites are refused.
func TestForgedForms(t *testing.T) {
	b := newStage(t).browser()
	a := b.send(http.MethodPost, "/cart", nil, "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, a.Status)
	a = b.send(http.MethodPost, "/cart", nil, "Origin", "https://evil.example")
	require.Equal(t, http.StatusForbidden, a.Status)
}

// A form leads to no other site.
func TestNextStaysInTheShop(t *testing.T) {
	g := newStage(t)
	ada := g.account("Ada")
	for _, next := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "/a/..//evil.example"} {
		b := g.browser()
		require.Equal(t, "/account", b.post("/login", "email", ada.Email, "password", ada.Password, "next", next).Location, next)
	}
}

// The outbox opens every account, so it is for this machine alone.
func TestOutboxIsLocal(t *testing.T) {
	s := newStage(t).shop
	for _, c := range []struct {
		from   string
		status int
	}{{"127.0.0.1:5", http.StatusOK}, {"[::1]:5", http.StatusOK}, {"192.0.2.7:5", http.StatusNotFound}, {"", http.StatusNotFound}} {
		r, err := http.NewRequest(http.MethodGet, "/outbox", nil)
		require.NoError(t, err)
		r.RemoteAddr = c.from
		w := &discard{header: http.Header{}}
		s.Handler().ServeHTTP(w, r)
		require.Equal(t, c.status, w.status, c.from)
	}
}

type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// Every code of an answer has a text, and every template a page.
func TestTexts(t *testing.T) {
	speaks, err := readTongues()
	require.NoError(t, err)
	says := speaks.list[0].says
	other := says(web.Answer{Code: "unavailable"})
	for _, code := range []string{"denied", "wait", "refused", "bad_ticket", "no_browser", "need_proof", "sign_in_again", "not_found", "conflict"} {
		require.NotEqual(t, other, says(web.Answer{Code: code}), code)
	}
	names, err := fs.Glob(files, "templates/*.html")
	require.NoError(t, err)
	sources, err := fs.Glob(os.DirFS("."), "*.go")
	require.NoError(t, err)
	var all strings.Builder
	for _, name := range sources {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		all.Write(text)
	}
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")
		require.True(t, name == "layout" || name == "parts" || strings.Contains(all.String(), `"`+name+`"`), name)
	}
}

// S24: the ordinary shop has no clock that can be moved, and no hooks.
func TestS24_NoTestClock(t *testing.T) {
	t.Setenv(hook.TokenVariable, hookToken)
	g := newStage(t)
	require.Equal(t, http.StatusNotFound, g.browser().post("/test/clock", "advance", "1h").Status)
	_, err := hook.Client(t.Context(), g.server.URL+"/test/hooks/", hookToken)
	require.ErrorContains(t, err, "there is none")
	names, err := filepath.Glob("*_testclock.go")
	require.NoError(t, err)
	require.Len(t, names, 2)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "//go:build testclock\n"), name)
	}
	out, err := exec.Command("go", "list", "-deps", "..").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "examples/shop/kettle\n")
	require.NotContains(t, string(out), "shopspec")
}
