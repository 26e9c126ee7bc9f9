package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestNoDeadEnd: who has to take a step is let through to the page of that step
// and below it, whatever stands before it, and not to that of another.
func TestNoDeadEnd(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	for _, path := range []string{"/account/password", "/account/password/", "/account/password/mail"} {
		w := s.ask("POST", path, c)
		require.NotEqual(t, http.StatusSeeOther, w.Code, path)
		if w.Code == http.StatusOK {
			require.Equal(t, account+" need_new_password", w.Header().Get("Held"), path)
			require.Equal(t, "guest", w.Header().Get("Who"), path)
		}
	}
	for _, path := range []string{"/account/second-factor", "/account/passwords", "/account/orders"} {
		require.Equal(t, http.StatusSeeOther, s.ask("GET", path, c).Code, path)
	}
	for _, path := range []string{"/login", "/logout", "/account/confirm", "/assets/x.css", "/.well-known/change-password", "/.well-known/x/y"} {
		require.Equal(t, http.StatusOK, s.ask("GET", path, c).Code, path)
	}
	require.Equal(t, http.StatusUnauthorized, s.ask("GET", "/account/password/mail", nil, "Accept", "application/json").Code, "guests sign in first")

	s = newShop(t)
	c = s.visitor(s.signUp())
	s.needFactor.Store(true)
	w := s.ask("GET", "/account/second-factor", c)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, account+" need_enroll", w.Header().Get("Held"))
	s.realm.Clock.Advance(time.Hour)
	require.Equal(t, "/account/confirm?next=%2Faccount%2Fsecond-factor", s.ask("GET", "/account/second-factor", c).Header().Get("Location"))
}

// TestAllowListCannotBeClimbedOut: an allowed prefix opens nothing beside it.
func TestAllowListCannotBeClimbedOut(t *testing.T) {
	var passed []string
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	// No ServeMux, which would clean the path before the handler.
	s.handler = s.gate.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { passed = append(passed, r.URL.Path) }))
	for _, path := range []string{
		"/assets/../account/orders", "/assets/%2e%2e/account/orders", "/assets/./x", "/assets//x", "//assets/x", "/assets", "/Assets/x",
		"/checkout/guest/", "/checkout/guest2", "/.well-known/../account", "/account/password/../orders", "/login/..", "/%61ccount/orders",
	} {
		r := httptest.NewRequest("GET", "http://shop.example/", nil)
		var err error
		r.URL.Path, err = url.PathUnescape(path)
		require.NoError(t, err)
		r.AddCookie(c)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		require.Equal(t, http.StatusSeeOther, w.Code, path)
	}
	require.Empty(t, passed)
	// Nor does the page of a step that comes first, where signed-in pages are.
	r := httptest.NewRequest("GET", "http://shop.example/", nil)
	r.URL.Path = "/account/password/../orders"
	r.AddCookie(c)
	w := httptest.NewRecorder()
	s.gate.SignedIn(http.HandlerFunc(s.show)).ServeHTTP(w, r)
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.Equal(t, http.StatusOK, s.ask("GET", "/assets/x", c).Code)
	require.Equal(t, http.StatusOK, s.ask("GET", "/checkout/guest", c).Code)
}

// TestAllowedPathsAskNobody: an asset costs no read.
func TestAllowedPathsAskNobody(t *testing.T) {
	loads := 0
	s := newShop(t, func(g *web.Gate) {
		load := g.Load
		g.Load = func(r *http.Request) (rotate.Session, error) { loads++; return load(r) }
	})
	c := s.visitor(s.signUp())
	s.handler = s.gate.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.ask("GET", "/assets/x.css", c)
	require.Zero(t, loads)
	s.ask("GET", "/", c)
	require.Equal(t, 1, loads)
	// However many look at it, one request asks once.
	s.handler = s.gate.Wrap(s.gate.Wrap(s.gate.SignedIn(s.gate.Fresh(0)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		web.From(r.Context())
		_, _, _ = web.Held(r.Context())
	})))))
	s.ask("GET", "/", c)
	require.Equal(t, 3, loads, "two gates, two looks")
}
