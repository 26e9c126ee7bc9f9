package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// askShop is a shop of programs: a path for each verb, and an answer in JSON.
func askShop(s *shop) http.Handler {
	mux := http.NewServeMux()
	for path, do := range map[string]web.Verb{
		"/login": s.gate.Login, "/login/next": s.gate.Continue, "/account/password": s.gate.Change, "/reset": s.gate.Reset,
		"/account/confirm": s.gate.StepUp, "/account/second-factor/remove": s.gate.Unenroll,
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) { s.gate.Ask(w, r, do).Write(w, r) })
	}
	mux.HandleFunc("/", s.show)
	return s.gate.Wrap(mux)
}

// client keeps cookies and sends JSON.
type client struct {
	t       *testing.T
	handler http.Handler
	cookies map[string]*http.Cookie
}

func (c *client) post(path, body string) (status int, answer map[string]any) {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		c.cookies[cookie.Name] = cookie
	}
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		require.NoError(c.t, json.Unmarshal(w.Body.Bytes(), &answer))
	}
	return w.Code, answer
}

// who is the customer that the shop takes the client for.
func (c *client) who() string {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w.Header().Get("Who")
}

// TestAsk walks through a sign-in, a change that is due, and a step-up, by verbs
// alone.
func TestAsk(t *testing.T) {
	s := newShop(t)
	s.signUp()
	c := &client{t, askShop(s), map[string]*http.Cookie{}}
	const fresh = "seven copper lanterns"

	status, a := c.post("/login", `{"email": "ada@example.com", "password": "wrong"}`)
	require.Equal(t, 401, status)
	require.Equal(t, "denied", a["code"])
	status, a = c.post("/login", `{"email": `)
	require.Equal(t, 400, status)
	require.Equal(t, "bad_input", a["code"])
	require.Equal(t, "guest", c.who())
	status, a = c.post("/login", `{"email": "ada@example.com", "password": "`+password+`"}`)
	require.Equal(t, 200, status, a)
	require.Equal(t, account, c.who())

	status, _ = c.post("/account/confirm", `{"password": "`+password+`"}`)
	require.Equal(t, 200, status)
	status, a = c.post("/account/second-factor/remove", `{"password": "`+password+`"}`)
	require.Equal(t, 409, status, "there is none: %v", a)

	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	s.realm.Clock.Advance(2 * time.Second)
	c.cookies = map[string]*http.Cookie{}
	status, a = c.post("/login", `{"email": "ada@example.com", "password": "`+password+`"}`)
	require.Equal(t, 200, status)
	require.Equal(t, "need_new_password", a["code"])
	require.Equal(t, "guest", c.who())
	ticket := a["ticket"].(string)
	status, a = c.post("/login/next", `{"ticket": "`+ticket+`", "new_password": "short"}`)
	require.Equal(t, 422, status)
	require.Equal(t, "refused", a["code"])
	status, a = c.post("/login/next", `{"ticket": "`+ticket+`", "new_password": "`+fresh+`"}`)
	require.Equal(t, 200, status, a)
	require.Equal(t, account, c.who())

	// Change goes on with this session; a guest has none to change by.
	status, a = c.post("/account/password", `{"password": "`+fresh+`", "new_password": "`+password+` again"}`)
	require.Equal(t, 200, status, a)
	require.Equal(t, account, c.who())
	guest := &client{t, c.handler, map[string]*http.Cookie{}}
	status, a = guest.post("/account/password", `{"password": "`+fresh+`", "new_password": "x"}`)
	require.Equal(t, 401, status)
	require.Equal(t, "sign_in_again", a["code"])
	status, a = guest.post("/reset", `{"ticket": "x", "new_password": "`+fresh+`"}`)
	require.Equal(t, 400, status)
	require.Equal(t, "bad_ticket", a["code"])
}

// TestAskForASecondFactor: an offer, a wrong code, the right one, and other
// recovery codes, by what a handler has to show alone.
func TestAskForASecondFactor(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	request := func(form url.Values) (*http.Request, *httptest.ResponseRecorder) {
		r := httptest.NewRequest(http.MethodPost, "/account/second-factor", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(s.visitor(session))
		return r, httptest.NewRecorder()
	}
	r, w := request(url.Values{"password": {"wrong"}})
	a, offer := s.gate.Enroll(w, r)
	require.Equal(t, "denied", a.Code)
	require.True(t, offer.Secret.IsZero())
	r, w = request(url.Values{"password": {password}})
	a, offer = s.gate.Enroll(w, r)
	require.Equal(t, "need_enroll", a.Code)
	require.Equal(t, 200, a.Status)
	require.False(t, offer.Secret.IsZero())
	r, w = request(url.Values{"code": {"000000"}})
	a, codes := s.gate.Confirm(w, r)
	require.Equal(t, "denied", a.Code)
	require.Empty(t, codes)
	code := offer.Secret.Code(s.realm.Clock.Now())
	r, w = request(url.Values{"code": {code}})
	a, codes = s.gate.Confirm(w, r)
	require.Equal(t, "proceed", a.Code)
	require.Len(t, codes, 10)
	session, _ = web.From(r.Context())
	require.True(t, session.IsZero(), "the request is not behind the gate")
	session, err := s.gate.Load(r)
	require.NoError(t, err)
	require.True(t, session.SecondFactor())

	s.realm.Clock.Advance(time.Minute)
	r, w = request(url.Values{"password": {password}, "code": {offer.Secret.Code(s.realm.Clock.Now())}})
	a, again := s.gate.RecoveryCodes(w, r)
	require.Equal(t, "proceed", a.Code)
	require.Len(t, again, 10)
	require.NotEqual(t, codes[0].Reveal(), again[0].Reveal())
}

// TestAskWhereNobodyKnows: a session store that is away is no guest.
func TestAskWhereNobodyKnows(t *testing.T) {
	s := newShop(t)
	cookie := s.visitor(s.signUp())
	c := &client{t, askShop(s), map[string]*http.Cookie{cookie.Name: cookie}}
	s.sessions.away.Store(&errAway)
	status, a := c.post("/login", `{"email": "ada@example.com", "password": "`+password+`"}`)
	require.Equal(t, 503, status)
	require.Equal(t, "unavailable", a["code"])
}
