package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

func TestBrowserCookie(t *testing.T) {
	for _, secure := range []string{"", "tls", "scheme"} {
		r := httptest.NewRequest("GET", "/login", nil)
		name := "tillkey-browser"
		switch secure {
		case "tls":
			r.TLS = &tls.ConnectionState{}
		case "scheme":
			r.URL.Scheme = "https"
		}
		if secure != "" {
			name = "__Host-" + name
		}
		w := httptest.NewRecorder()
		value := web.Browser(w, r)
		require.Len(t, value, 26)
		cookies := w.Result().Cookies()
		require.Len(t, cookies, 1)
		c := cookies[0]
		require.Equal(t, name, c.Name)
		require.Equal(t, value, c.Value)
		require.Equal(t, "/", c.Path)
		require.Empty(t, c.Domain)
		require.Equal(t, 172800, c.MaxAge)
		require.True(t, c.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite)
		require.Equal(t, secure != "", c.Secure)

		require.Equal(t, value, web.Browser(w, r), "a second call for the request gives the same")
		require.Len(t, w.Result().Cookies(), 1)

		// The browser that comes back keeps its value, and another one has its own.
		r.AddCookie(c)
		w = httptest.NewRecorder()
		require.Equal(t, value, web.Browser(w, r))
		require.Equal(t, value, web.Browser(w, r))
		require.Len(t, w.Result().Cookies(), 1, "its time begins anew")
		other := web.Browser(httptest.NewRecorder(), httptest.NewRequest("GET", "/login", nil))
		require.NotEqual(t, value, other)
	}
}

// TestBrowserTakesOnlyItsOwn: a value that was not made here is replaced, and
// an insecure cookie does not count over https.
func TestBrowserTakesOnlyItsOwn(t *testing.T) {
	good := strings.Repeat("A2", 13)
	for _, value := range []string{"", "x", strings.Repeat("a", 26), strings.Repeat("1", 26), good + "A", good[1:], strings.Repeat("A", 25) + "=", strings.Repeat("A", 500)} {
		r := httptest.NewRequest("GET", "/login", nil)
		r.Header.Set("Cookie", "tillkey-browser="+value)
		got := web.Browser(httptest.NewRecorder(), r)
		require.NotEqual(t, value, got)
		require.Len(t, got, 26)
		r.Header.Set("Cookie", "tillkey-browser="+value+"; tillkey-browser="+good)
		require.Equal(t, good, web.Browser(httptest.NewRecorder(), r), "the one among several that fits")
	}
	r := httptest.NewRequest("GET", "/login", nil)
	r.Header.Set("Cookie", "tillkey-browser="+good)
	r.TLS = &tls.ConnectionState{}
	require.NotEqual(t, good, web.Browser(httptest.NewRecorder(), r))
}

// TestBrowserBindsTickets: a ticket works in the browser it was issued to.
func TestBrowserBindsTickets(t *testing.T) {
	s := newShop(t)
	s.signUp()
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	r := httptest.NewRequest("POST", "/login", nil)
	w := httptest.NewRecorder()
	value := web.Browser(w, r)
	d, err := s.realm.Keeper.Login(t.Context(), rotate.Attempt{Name: "ada@example.com", Password: password, Browser: value})
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	proofs := rotate.Proofs{NewPassword: "seven copper lanterns", Browser: web.Browser(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil))}
	_, err = s.realm.Keeper.Continue(t.Context(), d.Ticket, proofs)
	require.ErrorIs(t, err, rotate.ErrTicket, "another browser")
	r = httptest.NewRequest("POST", "/", nil)
	r.AddCookie(w.Result().Cookies()[0])
	proofs.Browser = web.Browser(httptest.NewRecorder(), r)
	d, err = s.realm.Keeper.Continue(t.Context(), d.Ticket, proofs)
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
}

func TestSource(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:1234":              "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:1234": "2001:db8:1:2::/64",
		"[2001:db8:1:2::]:1":          "2001:db8:1:2::/64",
		"[::ffff:192.0.2.7]:1234":     "192.0.2.7",
		"[fe80::1%eth0]:80":           "fe80::/64",
		"[::1]:80":                    "::/64",
		"":                            "",
		"@":                           "",
		"192.0.2.7":                   "",
		"shop.example:80":             "",
		"/run/shop.sock":              "",
	} {
		r := httptest.NewRequest("POST", "/login", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", "198.51.100.1")
		require.Equal(t, want, web.Source(r), remote)
	}
}

func TestWellKnown(t *testing.T) {
	ask := func(page, method, path string) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		mux.Handle("/.well-known/", web.WellKnown(page))
		mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	for _, method := range []string{"GET", "HEAD"} {
		w := ask("/account/password", method, "/.well-known/change-password")
		require.Equal(t, http.StatusSeeOther, w.Code)
		require.Equal(t, "/account/password", w.Header().Get("Location"))
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.Empty(t, w.Body.String(), "the form is not there")
	}
	w := ask("/account/password", "POST", "/.well-known/change-password")
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
	require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	for _, path := range []string{
		"/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200",
		"/.well-known/", "/.well-known/change-password/", "/.well-known/change-passwords",
	} {
		require.Equal(t, http.StatusNotFound, ask("/account/password", "GET", path).Code, path)
	}
	require.Equal(t, "/", ask("https://example.org/", "GET", "/.well-known/change-password").Header().Get("Location"), "never to another host")
}
