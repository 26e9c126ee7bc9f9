package web_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// TestDecide: the decision apart from the handlers, as a framework takes it.
func TestDecide(t *testing.T) {
	s := newShop(t)
	session := s.signUp()
	c := s.visitor(session)
	r := httptest.NewRequest("GET", "/account/orders", nil)
	d, err := s.gate.Decide(r)
	require.NoError(t, err)
	require.Equal(t, rotate.Decision{Next: rotate.SignInAgain}, d)
	_, pass := s.gate.Answer(r, d, err)
	require.True(t, pass)

	r.AddCookie(c)
	d, err = s.gate.Decide(r)
	require.NoError(t, err)
	require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: session}, d)

	s.force(rotate.Order{Reason: rotate.PolicyRaised})
	d, err = s.gate.Decide(r)
	require.NoError(t, err)
	a, pass := s.gate.Answer(r, d, err)
	require.False(t, pass)
	require.Equal(t, web.Answer{
		Status: 403, Code: "need_new_password", Location: "/account/password?next=%2Faccount%2Forders",
		Reason: rotate.PolicyRaised, Proof: rotate.ProofPassword,
	}, a)

	s.realm.Store.Break(errAway)
	d, err = s.gate.Decide(r)
	require.ErrorIs(t, err, errAway)
	require.True(t, d.Session.IsZero())
	a, pass = s.gate.Answer(r, d, err)
	require.False(t, pass)
	require.Equal(t, 503, a.Status)

	// A step that belongs to a sign-in, not to a session, is nobody's pass.
	a, pass = s.gate.Answer(r, rotate.Decision{Next: rotate.NeedCode}, nil)
	require.False(t, pass)
	require.Equal(t, 500, a.Status)
	a, pass = s.gate.Answer(r, rotate.Decision{Next: rotate.Next(99)}, nil)
	require.False(t, pass)
	require.Equal(t, 500, a.Status)
}
