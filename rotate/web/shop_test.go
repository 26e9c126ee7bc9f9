package web_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

const (
	password = "nine violet umbrellas"
	browser  = "the value of a cookie"
	account  = "c-1"
)

// sessions is a shop's session store: what a cookie with a random id stands
// for.
type sessions struct {
	mu   sync.Mutex
	rows map[string]*row
	away atomic.Pointer[error] // the store is down
}

type row struct {
	signIn string // text of a rotate.Session
	cart   string
}

func newSessions() *sessions { return &sessions{rows: make(map[string]*row)} }

const sessionCookie = "sid"

// of returns the id and a copy of the row of a request; zero for strangers.
func (s *sessions) of(r *http.Request) (id string, copied row) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", row{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.rows[c.Value]; ok {
		return c.Value, *found
	}
	return "", row{}
}

// edit changes the row of a request, and makes one for a stranger.
func (s *sessions) edit(w http.ResponseWriter, r *http.Request, fn func(*row)) {
	id, copied := s.of(r)
	fn(&copied)
	if id == "" {
		id = s.issue(w, r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[id] = &copied
}

// issue gives the visitor a new id, which later calls for the request see too.
func (s *sessions) issue(w http.ResponseWriter, r *http.Request) string {
	id := rand.Text()
	c := &http.Cookie{Name: sessionCookie, Value: id, Path: "/"}
	http.SetCookie(w, c)
	r.Header.Del("Cookie")
	r.AddCookie(c)
	return id
}

// get and put are the text that web.Texts makes a session of.
func (s *sessions) get(r *http.Request) (string, error) {
	if _, err := r.Cookie(sessionCookie); err != nil {
		return "", nil
	}
	if err := s.away.Load(); err != nil {
		return "", *err
	}
	_, found := s.of(r)
	return found.signIn, nil
}

func (s *sessions) put(w http.ResponseWriter, r *http.Request, text string) error {
	s.edit(w, r, func(row *row) { row.signIn = text })
	return nil
}

func (s *sessions) renew(w http.ResponseWriter, r *http.Request) error {
	old, found := s.of(r)
	id := s.issue(w, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, old)
	s.rows[id] = &found
	return nil
}

// shop is a small shop behind a gate.
type shop struct {
	t        testing.TB
	realm    *tilltest.Realm
	sessions *sessions
	gate     web.Gate
	handler  http.Handler
	// needFactor makes a second factor required.
	needFactor atomic.Bool
	// failures are what the gate could not do.
	failures []error
}

// newShop opens a shop. Each change edits the gate first.
func newShop(t testing.TB, changes ...func(*web.Gate)) *shop {
	t.Helper()
	s := &shop{t: t, sessions: newSessions()}
	var err error
	s.realm, err = tilltest.New(tilltest.Config{Keeper: rotate.Config{Profile: func(string) (rotate.Profile, error) {
		r := rotate.ShopCustomer()
		r.RequireFactor = s.needFactor.Load()
		return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: r, Issuer: "Shop"}, nil
	}}})
	require.NoError(t, err)
	s.gate = web.Gate{
		Keeper: s.realm.Keeper, Renew: s.sessions.renew,
		Allow: []string{"/assets/", "/checkout/guest"}, Now: s.realm.Clock.Now,
		Failed: func(_ *http.Request, err error) { s.failures = append(s.failures, err) },
	}
	s.gate.Load, s.gate.Keep, s.gate.Drop = web.Texts(s.sessions.get, s.sessions.put)
	for _, change := range changes {
		change(&s.gate)
	}
	require.NoError(t, s.gate.Validate())
	mux := http.NewServeMux()
	mux.HandleFunc("/", s.show)
	mux.Handle("/account/orders", s.gate.SignedIn(http.HandlerFunc(s.show)))
	mux.Handle("/account/address", s.gate.Fresh(0)(http.HandlerFunc(s.show)))
	mux.Handle("/account/password/", s.gate.SignedIn(http.HandlerFunc(s.show)))
	mux.Handle("/account/second-factor", s.gate.Fresh(time.Minute)(http.HandlerFunc(s.show)))
	s.handler = s.gate.Wrap(mux)
	return s
}

// show tells who the visitor is to the shop.
func (s *shop) show(w http.ResponseWriter, r *http.Request) {
	_, found := s.sessions.of(r)
	who, held := "guest", "nobody"
	if session, ok := web.From(r.Context()); ok {
		who = session.Account
	}
	session, d, err := web.Held(r.Context())
	switch {
	case err != nil:
		held = "unknown"
	case !session.IsZero():
		held = session.Account + " " + d.Next.String()
	}
	w.Header().Set("Who", who)
	w.Header().Set("Held", held)
	w.Header().Set("Cart", found.cart)
	w.Header().Set("Content-Type", "text/plain")
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, "the page\n")
	}
}

// signUp makes the customer's account and returns the session that opens.
func (s *shop) signUp() rotate.Session {
	s.t.Helper()
	s.realm.Customers.Add(tilltest.Customer{Account: account, Address: "ada@example.com"})
	d, err := s.realm.Keeper.SignUp(s.t.Context(), rotate.NewAccount{Account: account, Password: password, Browser: browser})
	require.NoError(s.t, err)
	require.Equal(s.t, rotate.Proceed, d.Next)
	return d.Session
}

// force makes the account due.
func (s *shop) force(o rotate.Order) {
	s.t.Helper()
	_, err := s.realm.Force(s.t.Context(), o)
	require.NoError(s.t, err)
}

// visitor is a browser with a cart, signed in where session is not zero.
func (s *shop) visitor(session rotate.Session) *http.Cookie {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	s.sessions.edit(w, r, func(row *row) { row.cart = "a lamp" })
	if !session.IsZero() {
		text, err := session.MarshalText()
		require.NoError(s.t, err)
		require.NoError(s.t, s.sessions.put(w, r, string(text)))
	}
	c, err := r.Cookie(sessionCookie)
	require.NoError(s.t, err)
	return c
}

// signInOf is what the session store holds for a cookie.
func (s *shop) signInOf(c *http.Cookie) row {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	if found := s.sessions.rows[c.Value]; found != nil {
		return *found
	}
	return row{}
}

// ask sends one request.
func (s *shop) ask(method, target string, c *http.Cookie, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(context.WithoutCancel(s.t.Context()), method, target, nil)
	if c != nil {
		r.AddCookie(c)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// withFactor gives the account a second factor. The clock moves on by a minute.
func (s *shop) withFactor(session rotate.Session) rotate.Session {
	s.t.Helper()
	ctx := s.t.Context()
	e, err := s.realm.Keeper.Enroll(ctx, session, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(s.t, err)
	d, _, err := s.realm.Keeper.Confirm(ctx, session, rotate.Proofs{Code: e.Secret.Code(s.realm.Clock.Now()), Browser: browser})
	require.NoError(s.t, err)
	s.realm.Clock.Advance(time.Minute)
	return d.Session
}

var errAway = errors.New("the database is away")
