package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestFollow: who may proceed is signed in under a new id, whose sign-in is over
// is signed out and keeps the cart, and every other answer leaves both alone.
func TestFollow(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	for _, row := range []struct {
		decision rotate.Decision
		err      error
		code     string
		ticket   string
	}{
		{rotate.Decision{Next: rotate.Proceed, Session: session}, nil, "proceed", ""},
		{rotate.Decision{}, nil, "sign_in_again", ""},
		{rotate.Decision{}, fmt.Errorf("%w: it is over", rotate.ErrSession), "sign_in_again", ""},
		{rotate.Decision{Next: rotate.NeedCode, Ticket: "t"}, nil, "need_code", "t"},
		{rotate.Decision{Next: rotate.NeedCode, Ticket: "t"}, &rotate.Denied{}, "denied", "t"},
		{rotate.Decision{Next: rotate.NeedNewPassword, Ticket: "t"}, rotate.ErrProof, "need_proof", "t"},
		{rotate.Decision{}, &rotate.Denied{}, "denied", ""},
	} {
		for _, held := range []rotate.Session{{}, session} {
			cookie := s.visitor(held)
			r := httptest.NewRequest("POST", "/", nil)
			r.AddCookie(cookie)
			w := httptest.NewRecorder()
			a := s.gate.Follow(w, r, row.decision, row.err)
			require.Equal(t, row.code, a.Code)
			require.Equal(t, web.Outcome(row.decision, row.err).Status, a.Status, row.code)
			require.Equal(t, row.ticket, a.Ticket, row.code)

			want := held
			switch row.code {
			case "proceed":
				want = session
			case "sign_in_again":
				want = rotate.Session{}
			}
			if moved := w.Result().Cookies(); len(moved) > 0 {
				require.Equal(t, "", s.signInOf(cookie).signIn, "the old id is worth nothing")
				cookie = moved[len(moved)-1]
			}
			changed := row.code == "proceed" || row.code == "sign_in_again"
			require.Equal(t, changed, len(w.Result().Cookies()) > 0, row.code)
			text, err := want.MarshalText()
			if want.IsZero() {
				text, err = nil, nil
			}
			require.NoError(t, err)
			require.Equal(t, string(text), s.signInOf(cookie).signIn, row.code)
			require.Equal(t, "a lamp", s.signInOf(cookie).cart, row.code)
		}
	}
}

// TestFollowKeepsWhatAChangeNeeds: a refused password is asked for again with
// the reason for the change.
func TestFollowKeepsWhatAChangeNeeds(t *testing.T) {
	s := newShop(t)
	d := rotate.Decision{Next: rotate.NeedNewPassword, Ticket: "t", Reason: rotate.Compromise, Proof: rotate.ProofOutOfBand}
	a := s.gate.Follow(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), d, rotate.ErrProof)
	require.Equal(t, rotate.Compromise, a.Reason)
	require.Equal(t, rotate.ProofOutOfBand, a.Proof)
}

// TestFollowFailsClosed: where the session store is away nobody is signed in,
// and the shop is told, whatever the store calls its error.
func TestFollowFailsClosed(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	g := s.gate
	for _, away := range []error{errAway, rotate.ErrNotFound} {
		g.Renew = func(http.ResponseWriter, *http.Request) error { return away }
		for _, d := range []rotate.Decision{{Next: rotate.Proceed, Session: session}, {}} {
			s.failures = nil
			r := httptest.NewRequest("POST", "/", nil)
			r.AddCookie(s.visitor(rotate.Session{}))
			a := g.Follow(httptest.NewRecorder(), r, d, nil)
			require.Equal(t, http.StatusServiceUnavailable, a.Status)
			require.Equal(t, "unavailable", a.Code)
			require.Len(t, s.failures, 1)
			require.ErrorIs(t, s.failures[0], away)
		}
	}
	g.Keep = nil
	a := g.Follow(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), rotate.Decision{Next: rotate.Proceed, Session: session}, nil)
	require.Equal(t, "fault", a.Code)

	// A token that cannot be taken back is no reason to fail.
	g = s.gate
	g.Drop, g.Renew = nil, func(http.ResponseWriter, *http.Request) error { return errAway }
	a = g.Follow(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), rotate.Decision{}, nil)
	require.Equal(t, "sign_in_again", a.Code)
}

func ExampleGate_Follow() {
	var signedIn string // what a session library keeps for one visitor
	var gate web.Gate
	gate.Load, gate.Keep, gate.Drop = web.Texts(
		func(*http.Request) (string, error) { return signedIn, nil },
		func(_ http.ResponseWriter, _ *http.Request, text string) error { signedIn = text; return nil },
	)
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/login", nil)

	d := rotate.Decision{Next: rotate.NeedCode, Ticket: "a sealed text"} // of Keeper.Login
	a := gate.Follow(w, r, d, nil)
	fmt.Println(a.Code, a.Ticket, signedIn == "")

	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	d = rotate.Decision{Next: rotate.Proceed, Session: rotate.Session{Account: "17", Epoch: 7, AuthTime: now, Methods: []string{"pwd", "otp"}}} // of Keeper.Continue
	a = gate.Follow(w, r, d, nil)
	fmt.Println(a.Code, signedIn == "")
	// Output:
	// need_code a sealed text true
	// proceed false
}
