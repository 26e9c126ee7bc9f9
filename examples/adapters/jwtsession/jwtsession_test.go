package jwtsession_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/adapters/jwtsession"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

var start = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func newTokens(now func() time.Time) jwtsession.Tokens {
	return jwtsession.Tokens{Key: []byte(strings.Repeat("k", 32)), Issuer: "shop", Life: time.Hour, Now: now}
}

var session = rotate.Session{Account: "17", Epoch: 7, Seq: 3, AuthTime: start, Methods: []string{rotate.MethodPassword}}

func TestReadReadsWhatSignWrote(t *testing.T) {
	tokens := newTokens(func() time.Time { return start })
	token, err := tokens.Sign(session)
	require.NoError(t, err)
	read, err := tokens.Read(token)
	require.NoError(t, err)
	require.Equal(t, session, read)
}

// TestReadRefuses: everything but a token of this key and issuer in its time.
func TestReadRefuses(t *testing.T) {
	now := start
	tokens := newTokens(func() time.Time { return now })
	token, err := tokens.Sign(session)
	require.NoError(t, err)

	text, err := session.MarshalText()
	require.NoError(t, err)
	claims := jwt.MapClaims{"iss": "shop", "sub": "17", "exp": start.Add(time.Hour).Unix(), "tillkey": string(text)}
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		c := jwt.MapClaims{}
		for name, value := range claims {
			c[name] = value
		}
		change(c)
		made, err := jwt.NewWithClaims(method, c).SignedString(key)
		require.NoError(t, err)
		return made
	}
	same := func(jwt.MapClaims) {}
	_, err = tokens.Read(sign(jwt.SigningMethodHS256, tokens.Key, same))
	require.NoError(t, err, "the others differ in one thing alone")
	for name, forged := range map[string]string{
		"nothing":           "",
		"nonsense":          "a.b.c",
		"cut":               token[:len(token)-1],
		"no signature":      sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"another algorithm": sign(jwt.SigningMethodHS384, tokens.Key, same),
		"another key":       sign(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), same),
		"another issuer":    sign(jwt.SigningMethodHS256, tokens.Key, func(c jwt.MapClaims) { c["iss"] = "staging" }),
		"another subject":   sign(jwt.SigningMethodHS256, tokens.Key, func(c jwt.MapClaims) { c["sub"] = "18" }),
		"no end":            sign(jwt.SigningMethodHS256, tokens.Key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"no session":        sign(jwt.SigningMethodHS256, tokens.Key, func(c jwt.MapClaims) { delete(c, "tillkey") }),
		"a broken session":  sign(jwt.SigningMethodHS256, tokens.Key, func(c jwt.MapClaims) { c["tillkey"] = "17" }),
	} {
		read, err := tokens.Read(forged)
		require.ErrorIs(t, err, rotate.ErrSession, name)
		require.True(t, read.IsZero(), name)
		require.Equal(t, rotate.ErrSession.Error(), err.Error(), "nothing of the token")
	}
	now = start.Add(time.Hour)
	_, err = tokens.Read(token)
	require.ErrorIs(t, err, rotate.ErrSession, "expired")

	for _, wrong := range []jwtsession.Tokens{{}, {Key: []byte("short"), Issuer: "shop", Life: time.Hour}, {Key: tokens.Key, Life: time.Hour}} {
		_, err = wrong.Read(token)
		require.Error(t, err)
		require.NotErrorIs(t, err, rotate.ErrSession, "the shop's own mistake")
		_, err = wrong.Sign(session)
		require.Error(t, err)
	}
}

// TestGate: a token opens the shop until its session is over, whatever the
// token itself says.
func TestGate(t *testing.T) {
	realm, err := tilltest.New(tilltest.Config{})
	require.NoError(t, err)
	d, err := realm.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: "17", Password: "nine violet umbrellas"})
	require.NoError(t, err)
	tokens := newTokens(realm.Clock.Now)
	token, err := tokens.Sign(d.Session)
	require.NoError(t, err)
	gate := web.Gate{Keeper: realm.Keeper, Load: tokens.Load, Now: realm.Clock.Now}
	require.NoError(t, gate.Validate())
	shop := gate.SignedIn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, _ := web.From(r.Context())
		fmt.Fprint(w, s.Account)
	}))
	ask := func(authorization string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/account", nil)
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		shop.ServeHTTP(w, r)
		return w
	}
	w := ask("Bearer " + token)
	require.Equal(t, 200, w.Code)
	require.Equal(t, "17", w.Body.String())
	for _, guest := range []string{"", "Basic eDp5", "Bearer", "Bearer x", "Bearer " + strings.Repeat("x", 1<<20), token} {
		require.Equal(t, 401, ask(guest).Code)
	}
	_, err = realm.Force(t.Context(), rotate.Order{Reason: rotate.PolicyRaised})
	require.NoError(t, err)
	w = ask("Bearer " + token)
	require.Equal(t, 403, w.Code)
	require.Contains(t, w.Body.String(), "need_new_password")
	require.NoError(t, realm.Keeper.EndSessions(t.Context(), "17", "staff"))
	require.Equal(t, 401, ask("bearer "+token).Code)
}

func ExampleTokens() {
	tokens := jwtsession.Tokens{Key: make([]byte, 32), Issuer: "shop.example", Life: time.Hour, Now: func() time.Time { return start }}
	token, err := tokens.Sign(session)
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("GET", "/account", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	s, err := tokens.Load(r)
	fmt.Println(s.Account, err)
	// Output: 17 <nil>
}
