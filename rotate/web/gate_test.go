package web_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// kinds are the ways in which a request says what answer it takes.
var kinds = []struct {
	name    string
	form    string
	headers []string
}{
	{"a browser's navigation", "page", []string{"Sec-Fetch-Mode", "navigate", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}},
	{"an older browser", "page", []string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}},
	{"a client that states nothing", "page", nil},
	{"Accept", "script", []string{"Accept", "application/json"}},
	{"Content-Type", "script", []string{"Content-Type", "application/json; charset=utf-8"}},
	{"X-Requested-With", "script", []string{"X-Requested-With", "XMLHttpRequest"}},
	{"fetch", "script", []string{"Sec-Fetch-Mode", "cors", "Accept", "*/*"}},
	{"htmx", "htmx", []string{"HX-Request", "true", "Accept", "text/html", "Sec-Fetch-Mode", "cors"}},
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// state is one row of the decision table: how a visitor comes to be in it, and
// what the gate does then.
type state struct {
	name string
	// enter returns the visitor's cookie.
	enter func(*shop) *http.Cookie
	// who and held are what the shop knows on a page that passes.
	who, held string
	// code and page are the answer where the page does not pass.
	code, page string
	status     int
	// allowedHeld is held on allowed paths, where everybody passes.
	allowedHeld string
	// dropped tells that the sign-in is gone afterwards.
	dropped bool
}

func decisionTable() []state {
	return []state{
		{name: "stranger", enter: func(*shop) *http.Cookie { return nil }, who: "guest", held: "nobody"},
		{name: "guest with a cart", enter: func(s *shop) *http.Cookie { return s.visitor(rotate.Session{}) }, who: "guest", held: "nobody"},
		{name: "good session", enter: func(s *shop) *http.Cookie { return s.visitor(s.signUp()) }, who: account, held: account + " proceed"},
		{name: "change due later", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: time.Hour})
			return c
		}, who: account, held: account + " proceed"},
		{name: "change due now", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.force(rotate.Order{Reason: rotate.PolicyRaised})
			return c
		}, who: "guest", allowedHeld: account + " need_new_password", code: "need_new_password", page: "/account/password", status: 403},
		{name: "factor required", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.needFactor.Store(true)
			return c
		}, who: "guest", allowedHeld: account + " need_enroll", code: "need_enroll", page: "/account/second-factor", status: 403},
		{name: "session over by another epoch", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			require.NoError(s.t, s.realm.Keeper.EndSessions(s.t.Context(), account, "staff-1"))
			return c
		}, who: "guest", held: "nobody", dropped: true},
		{name: "session over by an order", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.force(rotate.Order{Reason: rotate.Compromise})
			return c
		}, who: "guest", held: "nobody", dropped: true},
		{name: "account erased", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.realm.Customers.Remove(account)
			require.NoError(s.t, s.realm.Keeper.Erase(s.t.Context(), account, ""))
			return c
		}, who: "guest", held: "nobody", dropped: true},
		{name: "malformed session", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.sessions.rows[c.Value].signIn = "s0.of.another.program"
			return c
		}, who: "guest", held: "nobody", dropped: true},
		{name: "Store away, guest", enter: func(s *shop) *http.Cookie {
			s.realm.Store.Break(errAway)
			return s.visitor(rotate.Session{})
		}, who: "guest", held: "nobody"},
		{name: "Store away, session", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.realm.Store.Break(errAway)
			return c
		}, who: "guest", allowedHeld: "unknown", code: "unavailable", status: 503},
		{name: "session store away, stranger", enter: func(s *shop) *http.Cookie {
			s.sessions.away.Store(&errAway)
			return nil
		}, who: "guest", held: "nobody"},
		{name: "session store away, cookie", enter: func(s *shop) *http.Cookie {
			c := s.visitor(s.signUp())
			s.sessions.away.Store(&errAway)
			return c
		}, who: "guest", allowedHeld: "unknown", code: "unavailable", status: 503},
	}
}

// TestDecisionTable: each state, for each method and each kind of request, on a
// page that is not on the allow-list and on one that is.
func TestDecisionTable(t *testing.T) {
	for _, st := range decisionTable() {
		t.Run(st.name, func(t *testing.T) {
			for _, kind := range kinds {
				for _, method := range methods {
					s := newShop(t)
					cookie := st.enter(s)
					w := s.ask(method, "/account/wishlist?page=2", cookie, kind.headers...)
					what := method + " by " + kind.name
					if st.code == "" {
						require.Equal(t, http.StatusOK, w.Code, what)
						require.Equal(t, st.who, w.Header().Get("Who"), what)
						require.Equal(t, st.held, w.Header().Get("Held"), what)
						require.Empty(t, w.Header().Get("Cache-Control"), "the shop's own answer")
					} else {
						requireAnswer(t, w, st, kind.form, method, what)
					}
					if cookie != nil {
						left := s.signInOf(cookie)
						require.Equal(t, "a lamp", left.cart, "%s: the cart stays under the visitor's id", what)
						hadSignIn := st.held != "nobody"
						require.Equal(t, hadSignIn && !st.dropped, left.signIn != "", what)
					}

					if st.allowedHeld == "" {
						st.allowedHeld = st.held
					}
					w = s.ask(method, "/checkout/guest", cookie, kind.headers...)
					require.Equal(t, http.StatusOK, w.Code, "%s: a guest's checkout", what)
					require.Equal(t, st.who, w.Header().Get("Who"), what)
					require.Equal(t, st.allowedHeld, w.Header().Get("Held"), what)
				}
			}
		})
	}
}

func requireAnswer(t *testing.T, w *httptest.ResponseRecorder, st state, form, method, what string) {
	t.Helper()
	h := w.Header()
	require.Equal(t, "no-store", h.Get("Cache-Control"), what)
	require.Empty(t, h.Get("Who"), "%s: the shop's handler did not run", what)
	if method == http.MethodHead {
		require.Empty(t, w.Body.String(), what)
	}
	if st.status == http.StatusServiceUnavailable {
		require.Equal(t, "5", h.Get("Retry-After"), what)
	}
	if form == "page" && st.page != "" {
		require.Equal(t, http.StatusSeeOther, w.Code, what)
		want := st.page
		if method == http.MethodGet || method == http.MethodHead {
			want += "?next=%2Faccount%2Fwishlist%3Fpage%3D2"
		}
		require.Equal(t, want, h.Get("Location"), what)
		require.Empty(t, h.Get("HX-Redirect"), what)
		return
	}
	require.Equal(t, st.status, w.Code, what)
	require.Empty(t, h.Get("Location"), what)
	if form == "htmx" {
		require.Equal(t, st.page, h.Get("HX-Redirect"), what)
	} else {
		require.Empty(t, h.Get("HX-Redirect"), what)
	}
	if form == "page" || method == http.MethodHead {
		return
	}
	require.Equal(t, "application/json", h.Get("Content-Type"), what)
	var got map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), what)
	require.Equal(t, st.code, got["code"], what)
	if st.page != "" {
		require.Equal(t, st.page, got["location"], what)
	}
}

// TestStableJSON: the whole body, byte for byte.
func TestStableJSON(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	s.force(rotate.Order{Reason: rotate.AdminReset})
	w := s.ask("POST", "/cart", c, "Content-Type", "application/json")
	require.Equal(t, `{"code":"need_new_password","location":"/account/password","reason":"admin_reset","proof":"out_of_band"}`+"\n", w.Body.String())
	s.realm.Store.Break(errAway)
	w = s.ask("POST", "/cart", c, "Content-Type", "application/json")
	require.Equal(t, `{"code":"unavailable","retry_after":5}`+"\n", w.Body.String())
}

// TestSignedIn: pages for customers alone.
func TestSignedIn(t *testing.T) {
	for _, st := range decisionTable() {
		t.Run(st.name, func(t *testing.T) {
			s := newShop(t)
			cookie := st.enter(s)
			w := s.ask("GET", "/account/orders", cookie, "Accept", "application/json")
			switch {
			case st.who == account:
				require.Equal(t, http.StatusOK, w.Code)
				require.Equal(t, account, w.Header().Get("Who"))
			case st.code != "":
				require.Equal(t, st.status, w.Code)
				require.Contains(t, w.Body.String(), `"code":"`+st.code+`"`)
			default:
				require.Equal(t, http.StatusUnauthorized, w.Code)
				require.Equal(t, `{"code":"sign_in_again","location":"/login"}`+"\n", w.Body.String())
				w = s.ask("GET", "/account/orders?year=2026", cookie)
				require.Equal(t, http.StatusSeeOther, w.Code)
				require.Equal(t, "/login?next=%2Faccount%2Forders%3Fyear%3D2026", w.Header().Get("Location"))
			}
		})
	}
}

// TestFailedIsTold: once for each request that could not be decided, and for a
// sign-in that could not be dropped, which stops nobody.
func TestFailedIsTold(t *testing.T) {
	s := newShop(t, func(g *web.Gate) {
		g.Drop = func(http.ResponseWriter, *http.Request) error { return errAway }
	})
	c := s.visitor(s.signUp())
	s.ask("GET", "/account/orders", c)
	require.Empty(t, s.failures)
	s.realm.Store.Break(errAway)
	s.ask("GET", "/account/orders", c)
	require.Equal(t, []error{errAway}, s.failures)
	s.realm.Store.Break(nil)
	require.NoError(t, s.realm.Keeper.EndSessions(t.Context(), account, ""))
	w := s.ask("GET", "/account/wishlist", c)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "guest", w.Header().Get("Who"))
	require.Equal(t, []error{errAway, errAway}, s.failures)
	require.NotEmpty(t, s.signInOf(c).signIn)
}

// TestADeadSignInIsDroppedOnce, however many look at the request.
func TestADeadSignInIsDroppedOnce(t *testing.T) {
	drops := 0
	s := newShop(t, func(g *web.Gate) {
		drop := g.Drop
		g.Drop = func(w http.ResponseWriter, r *http.Request) error { drops++; return drop(w, r) }
	})
	c := s.visitor(s.signUp())
	require.NoError(t, s.realm.Keeper.EndSessions(t.Context(), account, ""))
	require.Equal(t, http.StatusSeeOther, s.ask("GET", "/account/orders", c).Code)
	require.Equal(t, 1, drops)
	s.ask("GET", "/account/orders", c)
	require.Equal(t, 1, drops, "there is nothing left to drop")
}

// TestGateWithoutDrop: where nothing can be removed, a dead token is a guest's.
func TestGateWithoutDrop(t *testing.T) {
	s := newShop(t, func(g *web.Gate) { g.Drop, g.Failed = nil, nil })
	c := s.visitor(s.signUp())
	require.NoError(t, s.realm.Keeper.EndSessions(t.Context(), account, ""))
	w := s.ask("GET", "/", c)
	require.Equal(t, http.StatusOK, w.Code)
	require.Equal(t, "guest", w.Header().Get("Who"))
	require.Equal(t, "nobody", w.Header().Get("Held"))
	s.realm.Store.Break(errAway)
	require.Equal(t, http.StatusServiceUnavailable, s.ask("GET", "/account/wishlist", c).Code)
}

// TestSignOutWithoutDrop: the Keeper ends this one session; where there is none,
// or it is over, there is nothing to do.
func TestSignOutWithoutDrop(t *testing.T) {
	s := newShop(t, func(g *web.Gate) { g.Drop, g.Renew = nil, nil })
	session := s.signUp()
	out := func(c *http.Cookie) error {
		r := httptest.NewRequest("POST", "/logout", nil)
		if c != nil {
			r.AddCookie(c)
		}
		return s.gate.SignOut(httptest.NewRecorder(), r)
	}
	other := session
	other.ID = "OTHER"
	c, d := s.visitor(session), s.visitor(other)
	require.Equal(t, account, s.ask("GET", "/", c).Header().Get("Who"))
	require.NoError(t, out(c))
	require.Equal(t, "guest", s.ask("GET", "/", c).Header().Get("Who"))
	require.Equal(t, account, s.ask("GET", "/", d).Header().Get("Who"), "another browser")
	require.NoError(t, out(c), "again")
	require.NoError(t, out(nil))
	s.realm.Store.Break(errAway)
	require.ErrorIs(t, out(d), errAway)
}

// TestErrorsOfASessionStoreSayNothingOfTheVisitor: whatever they are called.
func TestErrorsOfASessionStoreSayNothingOfTheVisitor(t *testing.T) {
	for _, err := range []error{rotate.ErrNotFound, rotate.ErrDenied, rotate.ErrTicket, errors.New("other")} {
		s := newShop(t, func(g *web.Gate) {
			g.Load = func(*http.Request) (rotate.Session, error) { return rotate.Session{}, err }
		})
		w := s.ask("GET", "/", nil, "Accept", "application/json")
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, "5", w.Header().Get("Retry-After"))
	}
}

// TestReply: a shop's own dress for the gate's answers.
func TestReply(t *testing.T) {
	s := newShop(t, func(g *web.Gate) {
		g.Reply = func(w http.ResponseWriter, _ *http.Request, a web.Answer) {
			w.Header().Set("Code", a.Code)
			w.WriteHeader(http.StatusTeapot)
		}
	})
	w := s.ask("GET", "/account/orders", nil)
	require.Equal(t, http.StatusTeapot, w.Code)
	require.Equal(t, "sign_in_again", w.Header().Get("Code"))
}

// TestValidate: what a gate must not be.
func TestValidate(t *testing.T) {
	s := newShop(t)
	for name, change := range map[string]func(*web.Gate){
		"no Keeper":            func(g *web.Gate) { g.Keeper = nil },
		"no Load":              func(g *web.Gate) { g.Load = nil },
		"page elsewhere":       func(g *web.Gate) { g.Pages.SignIn = "https://example.org/login" },
		"page of another host": func(g *web.Gate) { g.Pages.StepUp = "//example.org/login" },
		"page with a query":    func(g *web.Gate) { g.Pages.Enroll = "/account?tab=2" },
		"relative page":        func(g *web.Gate) { g.Pages.NewPassword = "account" },
		"page not of ASCII":    func(g *web.Gate) { g.Pages.SignOut = "/tschüss" },
		"allow with dots":      func(g *web.Gate) { g.Allow = []string{"/a/../b"} },
		"allow nothing":        func(g *web.Gate) { g.Allow = []string{""} },
		"allow a pattern":      func(g *web.Gate) { g.Allow = []string{"/a?*"} },
	} {
		g := s.gate
		change(&g)
		require.ErrorIs(t, g.Validate(), web.ErrGate, name)
	}
	g := s.gate
	g.Allow = []string{"/", "/über/uns"}
	require.NoError(t, g.Validate())

	// A gate that is not valid fails closed and does not panic.
	w := httptest.NewRecorder()
	web.Gate{}.Wrap(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.ErrorIs(t, web.Gate{}.SignIn(w, httptest.NewRequest("GET", "/", nil), rotate.Session{Account: "a"}), web.ErrGate)
}

// TestFromWithoutAGate: nobody is signed in where no gate has looked.
func TestFromWithoutAGate(t *testing.T) {
	_, ok := web.From(t.Context())
	require.False(t, ok)
	s, d, err := web.Held(t.Context())
	require.NoError(t, err)
	require.True(t, s.IsZero())
	require.Equal(t, rotate.SignInAgain, d.Next)
}

// TestManyAtOnce: one gate for all requests.
func TestManyAtOnce(t *testing.T) {
	s := newShop(t)
	c := s.visitor(s.signUp())
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			w := s.ask("GET", "/account/orders", c)
			if w.Code != http.StatusOK || w.Header().Get("Who") != account {
				t.Errorf("%d %q", w.Code, w.Header().Get("Who"))
			}
			if w := s.ask("GET", "/", nil); w.Header().Get("Who") != "guest" {
				t.Errorf("%d", w.Code)
			}
		})
	}
	group.Wait()
}

// TestSessionsAreNotInAnswers: neither the session nor the account is in what
// the gate sends.
func TestSessionsAreNotInAnswers(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	c := s.visitor(session)
	text := s.signInOf(c).signIn
	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	for _, kind := range kinds {
		w := s.ask("GET", "/account/orders", c, kind.headers...)
		var all strings.Builder
		require.NoError(t, w.Header().Write(&all))
		all.WriteString(w.Body.String())
		require.NotContains(t, all.String(), text)
		require.NotContains(t, all.String(), account)
	}
}
