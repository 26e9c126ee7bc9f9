package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestS04_DeadDropsTheSignInAndKeepsTheCart: a compromise ends the session at
// the next request, whatever it asks for; the visitor goes on as a guest with
// the cart, and nothing of the sign-in is left to come back.
func TestS04_DeadDropsTheSignInAndKeepsTheCart(t *testing.T) {
	for _, method := range methods {
		s := newShop(t)
		c := s.visitor(s.signUp())
		require.Equal(t, account, s.ask("GET", "/", c).Header().Get("Who"))
		s.force(rotate.Order{Reason: rotate.Compromise})
		w := s.ask(method, "/cart", c)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "guest", w.Header().Get("Who"))
		require.Equal(t, "a lamp", w.Header().Get("Cart"))
		require.Equal(t, row{cart: "a lamp"}, s.signInOf(c))
		require.Empty(t, w.Result().Cookies(), "requests under way find the cart under the same id")
		w = s.ask("GET", "/account/orders", c)
		require.Equal(t, http.StatusSeeOther, w.Code)
		require.Equal(t, "/login?next=%2Faccount%2Forders", w.Header().Get("Location"))
	}
}

// TestS04_AnotherOrderLeadsToTheChangePageOnly: an order that does not end
// sessions leaves the customer the change page, signing out, and what is open
// to everybody, where the session counts for nothing.
func TestS04_AnotherOrderLeadsToTheChangePageOnly(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	c := s.visitor(session)
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	for _, path := range []string{"/", "/account/orders", "/account/address", "/cart", "/account/second-factor"} {
		for _, method := range methods {
			w := s.ask(method, path, c, "Accept", "application/json")
			require.Equal(t, http.StatusForbidden, w.Code, "%s %s", method, path)
		}
	}
	for _, path := range []string{"/account/password/", "/logout", "/checkout/guest", "/assets/logo.svg"} {
		w := s.ask("POST", path, c)
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Equal(t, "guest", w.Header().Get("Who"), path)
		require.NotEmpty(t, s.signInOf(c).signIn, "the sign-in stays for the change page")
	}

	// The change lifts it, and the session that comes of it is kept.
	d, err := s.realm.Keeper.Change(t.Context(), session, rotate.Proofs{Password: password, NewPassword: "seven copper lanterns", Browser: browser})
	require.NoError(t, err)
	require.Equal(t, account, s.ask("GET", "/account/orders", s.visitor(d.Session)).Header().Get("Who"))
	require.Equal(t, "guest", s.ask("GET", "/", c).Header().Get("Who"), "the old session is dead")
}

// TestS04_StoreUnreachableClosesSignedInRoutesAndNoOthers: guests shop on.
func TestS04_StoreUnreachableClosesSignedInRoutesAndNoOthers(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.realm.Store.Break(errAway)
	for _, method := range methods {
		for _, path := range []string{"/account/orders", "/account/address", "/account/wishlist"} {
			w := s.ask(method, path, c)
			require.Equal(t, http.StatusServiceUnavailable, w.Code, "%s %s", method, path)
			require.Equal(t, "5", w.Header().Get("Retry-After"))
			require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		}
		for _, path := range []string{"/", "/cart", "/checkout/guest", "/assets/logo.svg"} {
			w := s.ask(method, path, nil)
			require.Equal(t, http.StatusOK, w.Code, "%s %s", method, path)
			w = s.ask(method, path, s.visitor(rotate.Session{}))
			require.Equal(t, http.StatusOK, w.Code, "%s %s", method, path)
			require.Equal(t, "a lamp", w.Header().Get("Cart"))
		}
		require.Equal(t, http.StatusOK, s.ask(method, "/checkout/guest", c).Code, "a customer can check out as a guest")
	}
	require.NotEmpty(t, s.signInOf(c).signIn, "an outage signs nobody out")
	s.realm.Store.Break(nil)
	require.Equal(t, account, s.ask("GET", "/account/orders", c).Header().Get("Who"))
}

// TestS04_GraceAnnouncesAndDoesNotStop: until its deadline an order only warns.
func TestS04_GraceAnnouncesAndDoesNotStop(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: time.Hour})
	require.Equal(t, account, s.ask("GET", "/", c).Header().Get("Who"))
	s.realm.Clock.Advance(time.Hour)
	require.Equal(t, http.StatusSeeOther, s.ask("GET", "/", c).Code)
}
