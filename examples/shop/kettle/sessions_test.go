package kettle

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sign-in takes the cart along to another cookie, and the one before is worth
// nothing any more.
func TestSignInRenewsTheCookie(t *testing.T) {
	g := newStage(t)
	v, ada := g.browser(), g.account("Ada")
	v.post("/cart", "product", "tin", "quantity", "1")
	at, err := url.Parse(g.server.URL)
	require.NoError(t, err)
	before := v.client.Jar.Cookies(at)
	v.entered(v.login(ada.Email, ada.Password))
	require.Contains(t, v.get("/cart").Body, "Tea tin")
	require.Equal(t, "1", g.sql("SELECT COUNT(*) FROM sessions"))

	thief := g.browser()
	thief.client.Jar.SetCookies(at, before)
	thief.out()
	require.Contains(t, thief.get("/cart").Body, "It is empty")
}

// A session is under its old token or under its new one, whenever the database
// goes away.
func TestRenewalIsWholeOrNothing(t *testing.T) {
	g := newStage(t)
	table := sessionTable{g.shop.db, g.clock.Now, time.Minute}
	found := func(token string) bool {
		_, ok, err := table.Find(token)
		require.NoError(t, err)
		return ok
	}
	until := g.clock.Now().Add(time.Hour)
	require.NoError(t, table.Commit("old", []byte("cart"), until))
	ctx := retiring(context.Background())
	require.NoError(t, table.DeleteCtx(ctx, "old"))
	require.NoError(t, table.DeleteCtx(ctx, "renewed twice"))
	gone, cancel := context.WithCancel(ctx)
	cancel()
	require.Error(t, table.CommitCtx(gone, "new", []byte("cart"), until))
	require.True(t, found("old"))
	require.NoError(t, table.CommitCtx(ctx, "new", []byte("cart"), until))
	require.False(t, found("old"))
	require.True(t, found("new"))
}

// An answer whose session cannot be saved is no answer: neither its page nor its
// cookie nor where it leads.
func TestUnsavedSessionIsTold(t *testing.T) {
	g := newStage(t)
	v := g.browser()
	_, err := g.shop.db.Exec("ALTER TABLE sessions RENAME TO sessions_elsewhere")
	require.NoError(t, err)
	a := v.post("/cart", "product", "tin", "quantity", "1")
	require.Equal(t, http.StatusServiceUnavailable, a.Status)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.Empty(t, a.Location)
	require.Empty(t, a.Header.Values("Set-Cookie"))
	require.Contains(t, a.Body, "cannot do this right now")
	require.Equal(t, 1, countOf(a.Body, "</html>"))
	script := v.send(http.MethodPost, "/cart", url.Values{"product": {"tin"}, "quantity": {"1"}}, "Accept", "application/json")
	require.Equal(t, http.StatusServiceUnavailable, script.Status)
	require.NotContains(t, script.Body, "items")

	_, err = g.shop.db.Exec("ALTER TABLE sessions_elsewhere RENAME TO sessions")
	require.NoError(t, err)
	require.Equal(t, http.StatusSeeOther, v.post("/cart", "product", "tin", "quantity", "1").Status)
}
