package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestFresh: a proof of at most five minutes, whatever the method.
func TestFresh(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	c := s.visitor(session)
	for _, method := range methods {
		require.Equal(t, http.StatusOK, s.ask(method, "/account/address", c).Code, method)
	}
	s.realm.Clock.Advance(5 * time.Minute)
	require.Equal(t, http.StatusOK, s.ask("POST", "/account/address", c).Code, "at most 5 minutes")
	s.realm.Clock.Advance(time.Microsecond)
	for _, method := range methods {
		for _, kind := range kinds {
			w := s.ask(method, "/account/address?edit=1", c, kind.headers...)
			st := state{status: 403, code: "step_up", page: "/account/confirm"}
			what := method + " by " + kind.name
			if kind.form != "page" {
				requireAnswer(t, w, st, kind.form, method, what)
				continue
			}
			require.Equal(t, http.StatusSeeOther, w.Code, what)
			want := "/account/confirm"
			if method == http.MethodGet || method == http.MethodHead {
				want += "?next=%2Faccount%2Faddress%3Fedit%3D1"
			}
			require.Equal(t, want, w.Header().Get("Location"), what)
		}
	}
	require.Equal(t, http.StatusOK, s.ask("GET", "/account/orders", c).Code, "other pages ask for no fresh proof")
	require.Equal(t, "/login?next=%2Faccount%2Faddress", s.ask("GET", "/account/address", nil).Header().Get("Location"))

	// The step-up page finds the session, and what StepUp returns is fresh.
	w := s.ask("GET", "/account/confirm", c)
	require.Equal(t, account+" proceed", w.Header().Get("Held"))
	d, err := s.realm.Keeper.StepUp(t.Context(), session, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, s.ask("POST", "/account/address", s.visitor(d.Session)).Code)
	require.Equal(t, http.StatusSeeOther, s.ask("POST", "/account/address", c).Code)
}

// TestFreshAsksForTheSecondFactor: a session without it is not fresh, however
// young, where the account has one.
func TestFreshAsksForTheSecondFactor(t *testing.T) {
	s := newShop(t)
	session := s.withFactor(s.signUp())
	require.True(t, session.SecondFactor())
	require.Equal(t, http.StatusOK, s.ask("POST", "/account/address", s.visitor(session)).Code)

	session.Methods = []string{rotate.MethodPassword}
	c := s.visitor(session)
	require.Equal(t, account, s.ask("GET", "/account/orders", c).Header().Get("Who"))
	w := s.ask("POST", "/account/address", c, "Accept", "application/json")
	require.Equal(t, http.StatusForbidden, w.Code)
	require.Equal(t, `{"code":"step_up","location":"/account/confirm"}`+"\n", w.Body.String())
}

// TestS20_ACodeAtSignInCountsForFiveMinutes: nobody types two codes in a row.
func TestS20_ACodeAtSignInCountsForFiveMinutes(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	session := s.signUp()
	e, err := s.realm.Keeper.Enroll(ctx, session, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(t, err)
	_, _, err = s.realm.Keeper.Confirm(ctx, session, rotate.Proofs{Code: e.Secret.Code(s.realm.Clock.Now()), Browser: browser})
	require.NoError(t, err)
	s.realm.Clock.Advance(time.Hour)
	d, err := s.realm.Keeper.Login(ctx, rotate.Attempt{Name: "ada@example.com", Password: password, Browser: browser})
	require.NoError(t, err)
	d, err = s.realm.Keeper.Continue(ctx, d.Ticket, rotate.Proofs{Code: e.Secret.Code(s.realm.Clock.Now()), Browser: browser})
	require.NoError(t, err)
	c := s.visitor(d.Session)
	s.realm.Clock.Advance(5 * time.Minute)
	require.Equal(t, http.StatusOK, s.ask("POST", "/account/address", c).Code)
	s.realm.Clock.Advance(time.Second)
	require.Equal(t, http.StatusSeeOther, s.ask("POST", "/account/address", c).Code)
}

// TestFreshWhereNobodyKnows: an account that vanished meanwhile, and a Store
// that went away between the two questions.
func TestFreshWhereNobodyKnows(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	between := func(do func()) http.Handler {
		inner := s.gate.Fresh(time.Minute)(http.HandlerFunc(s.show))
		return s.gate.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			do()
			inner.ServeHTTP(w, r)
		}))
	}
	s.handler = between(func() { s.realm.Store.Break(errAway) })
	w := s.ask("POST", "/account/address", c)
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Equal(t, []error{errAway}, s.failures)
	s.realm.Store.Break(nil)
	s.handler = between(func() {
		s.realm.Customers.Remove(account)
		require.NoError(t, s.realm.Keeper.Erase(t.Context(), account, ""))
	})
	w = s.ask("POST", "/account/address", c)
	require.Equal(t, http.StatusUnauthorized, w.Code)
	require.Empty(t, w.Header().Get("Who"))
}

// TestFreshAlone: the middleware works without Wrap around it.
func TestFreshAlone(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.handler = s.gate.Fresh(time.Hour)(http.HandlerFunc(s.show))
	require.Equal(t, account, s.ask("GET", "/x", c).Header().Get("Who"))
	s.force(rotate.Order{Reason: rotate.Compromise})
	require.Equal(t, "/login?next=%2Fx", s.ask("GET", "/x", c).Header().Get("Location"))
	require.Equal(t, row{cart: "a lamp"}, s.signInOf(c), "the sign-in is dropped here too")
}

// TestFreshUsesTheRealClock where no other is set.
func TestFreshUsesTheRealClock(t *testing.T) {
	s := newShop(t, func(g *web.Gate) { g.Now = nil })
	s.realm.Clock.Set(time.Now())
	c := s.visitor(s.signUp())
	require.Equal(t, http.StatusOK, s.ask("POST", "/account/address", c).Code)
	s.realm.Clock.Set(time.Now().Add(-time.Hour))
	d, err := s.realm.Keeper.Login(t.Context(), rotate.Attempt{Name: "ada@example.com", Password: password, Browser: browser})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/account/address", nil)
	r.AddCookie(s.visitor(d.Session))
	s.handler.ServeHTTP(w, r)
	require.Equal(t, http.StatusSeeOther, w.Code)
}
