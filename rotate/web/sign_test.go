package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestSignInAndOut: a new id at each step, the cart all along.
func TestSignInAndOut(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	guest := s.visitor(rotate.Session{})

	step := func(c *http.Cookie, do func(http.ResponseWriter, *http.Request) error) *http.Cookie {
		r := httptest.NewRequest("POST", "/", nil)
		r.AddCookie(c)
		w := httptest.NewRecorder()
		require.NoError(t, do(w, r))
		cookies := w.Result().Cookies()
		require.NotEmpty(t, cookies)
		return cookies[len(cookies)-1]
	}
	customer := step(guest, func(w http.ResponseWriter, r *http.Request) error { return s.gate.SignIn(w, r, session) })
	require.NotEqual(t, guest.Value, customer.Value)
	require.Equal(t, row{}, s.signInOf(guest), "the id of the guest is worth nothing")
	w := s.ask("GET", "/account/orders", customer)
	require.Equal(t, account, w.Header().Get("Who"))
	require.Equal(t, "a lamp", w.Header().Get("Cart"))

	// The rest of the same request is the customer's already, and the guest's
	// again after signing out.
	s.gate.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, known := web.From(r.Context())
		require.False(t, known)
		require.NoError(t, s.gate.SignIn(w, r, session))
		who, known := web.From(r.Context())
		require.True(t, known)
		require.Equal(t, session, who)
		require.NoError(t, s.gate.SignOut(w, r))
		_, known = web.From(r.Context())
		require.False(t, known)
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/login", nil))

	after := step(customer, s.gate.SignOut)
	require.Equal(t, row{}, s.signInOf(customer))
	w = s.ask("GET", "/", after)
	require.Equal(t, "guest", w.Header().Get("Who"))
	require.Equal(t, "a lamp", w.Header().Get("Cart"))

	lax := s.gate
	lax.Keep = func(http.ResponseWriter, *http.Request, rotate.Session) error { return nil }
	require.ErrorIs(t, lax.SignIn(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), rotate.Session{}), rotate.ErrSession)
	// Where the id cannot be renewed, nobody is signed in under the old one.
	g := s.gate
	g.Renew = func(http.ResponseWriter, *http.Request) error { return errAway }
	r := httptest.NewRequest("POST", "/", nil)
	r.AddCookie(after)
	require.ErrorIs(t, g.SignIn(httptest.NewRecorder(), r, session), errAway)
	require.Empty(t, s.signInOf(after).signIn)
	g.Drop = func(http.ResponseWriter, *http.Request) error { return errAway }
	require.ErrorIs(t, g.SignOut(httptest.NewRecorder(), r), errAway)
}
