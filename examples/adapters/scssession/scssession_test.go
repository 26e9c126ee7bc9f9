package scssession_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"

	"github.com/alexedwards/scs/v2"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/adapters/scssession"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

// newShop is a shop with a cart in the same session, and one customer.
func newShop(t *testing.T) (*tilltest.Realm, *httptest.Server) {
	t.Helper()
	realm, err := tilltest.New(tilltest.Config{})
	require.NoError(t, err)
	d, err := realm.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: "17", Password: "nine violet umbrellas"})
	require.NoError(t, err)
	sessions := scs.New()
	gate := scssession.Join(web.Gate{Keeper: realm.Keeper, Now: realm.Clock.Now}, sessions)
	require.NoError(t, gate.Validate())
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s, _ := web.From(r.Context())
		fmt.Fprintf(w, "customer %q, cart %q", s.Account, sessions.GetString(r.Context(), "cart"))
	})
	mux.HandleFunc("/add", func(_ http.ResponseWriter, r *http.Request) { sessions.Put(r.Context(), "cart", "a lamp") })
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		if err := gate.SignIn(w, r, d.Session); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/logout", func(w http.ResponseWriter, r *http.Request) {
		if err := gate.SignOut(w, r); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(sessions.LoadAndSave(gate.Wrap(mux)))
	t.Cleanup(server.Close)
	return realm, server
}

// TestJoin: a sign-in renews the id and keeps the cart; an ended one is dropped
// and the cart stays.
func TestJoin(t *testing.T) {
	realm, server := newShop(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar}
	get := func(path string) string {
		res, err := client.Get(server.URL + path)
		require.NoError(t, err)
		defer res.Body.Close()
		text := make([]byte, 100)
		n, _ := res.Body.Read(text)
		return string(text[:n])
	}
	id := func() string {
		r, err := http.NewRequest("GET", server.URL, nil)
		require.NoError(t, err)
		cookies := jar.Cookies(r.URL)
		require.Len(t, cookies, 1)
		return cookies[0].Value
	}
	get("/add")
	require.Equal(t, `customer "", cart "a lamp"`, get("/"))
	before := id()
	get("/login")
	require.NotEqual(t, before, id(), "an id from before the sign-in is worth nothing")
	require.Equal(t, `customer "17", cart "a lamp"`, get("/"))
	signedIn := id()
	get("/logout")
	require.NotEqual(t, signedIn, id())
	require.Equal(t, `customer "", cart "a lamp"`, get("/"))

	get("/login")
	require.NoError(t, realm.Keeper.EndSessions(t.Context(), "17", "staff"))
	require.Equal(t, `customer "", cart "a lamp"`, get("/"))
}
