package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestS04_ASessionCarriesEpochAndSequence: the table of what a session meets.
func TestS04_ASessionCarriesEpochAndSequence(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, before := r.signUp("a")
	require.NotZero(t, before.Epoch)
	require.Zero(t, before.Seq)
	require.Equal(t, []string{rotate.MethodPassword}, before.Methods)
	require.Equal(t, r.clock.Now(), before.AuthTime)

	require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: before}, r.valid(before))
	for what, s := range map[string]rotate.Session{
		"no session":    {},
		"other epoch":   {Account: "a", Epoch: before.Epoch ^ 1},
		"legacy epoch":  {Account: "a"},
		"other account": {Account: "b", Epoch: before.Epoch},
	} {
		require.Equal(t, rotate.SignInAgain, r.valid(s).Next, what)
	}

	// An order that does not end sessions leads to the change page and nowhere
	// else; one that does ends those that began before it.
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	d := r.valid(before)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	require.True(t, d.Session.IsZero())
	require.Equal(t, rotate.PolicyRaised, d.Reason)
	r.force(rotate.Order{Reason: rotate.AdminReset, Grace: time.Hour, EndSessions: true})
	require.Equal(t, rotate.SignInAgain, r.valid(before).Next)

	// One that began after it, within the grace, goes on.
	password2, s := r.signUp("b")
	require.EqualValues(t, 2, s.Seq)
	r.force(rotate.Order{Account: "b", Reason: rotate.AdminReset, Grace: time.Hour, EndSessions: true})
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	s = r.signIn("b", password2)
	require.EqualValues(t, 3, s.Seq)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)

	// The customer of the dead session is not locked out.
	d, err := r.Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
}

// TestS04_ACompromiseAlwaysEndsSessions: whatever the order says.
func TestS04_ACompromiseAlwaysEndsSessions(t *testing.T, open Open) {
	r := newRealm(t, open)
	_, s := r.signUp("a")
	r.force(rotate.Order{Reason: rotate.Compromise, EndSessions: false})
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	orders, err := r.Orders(r.ctx)
	require.NoError(t, err)
	require.True(t, orders[0].EndSessions)
	_, err = r.Force(r.ctx, rotate.Order{Reason: rotate.Compromise, Grace: time.Second, Actor: "staff-1", Expect: 1})
	require.ErrorIs(t, err, rotate.ErrOrder, "a compromise gets no grace")
}

// TestS04_TheSequenceIsReadWhenTheLoginBegins: an order placed while a sign-in
// is under way binds the session that comes out of it.
func TestS04_TheSequenceIsReadWhenTheLoginBegins(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	order := rotate.Order{Account: "a", Reason: rotate.Compromise}
	d, err := r.between(2, func() { r.force(order) }).Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Equal(t, rotate.SignInAgain, r.valid(d.Session).Next)

	// The same from a ticket: what counts is when the password was proven.
	password, s := r.signUp("b")
	_, secret, _ := r.enroll(s, password)
	d, err = r.Login(r.ctx, attempt("b", password))
	require.NoError(t, err)
	order.Account = "b"
	order.Reason, order.Grace, order.EndSessions = rotate.AdminReset, time.Hour, true
	r.force(order)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.SignInAgain, r.valid(d.Session).Next)
}

// TestS04_OrdersEndSessionsWithoutAPassword: Force ends the sessions of those
// who have no password to change.
func TestS04_OrdersEndSessionsWithoutAPassword(t *testing.T, open Open) {
	r := newRealm(t, open)
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", NoPassword: true})
	require.NoError(t, err)
	admit := func() rotate.Session {
		d, err := r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.Proceed, d.Next)
		return d.Session
	}
	s := admit()
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
	r.force(rotate.Order{Reason: rotate.Compromise})
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	require.Equal(t, rotate.Proceed, r.valid(admit()).Next)
	_, err = r.Login(r.ctx, rotate.Attempt{Account: "a", Password: "", Browser: browser})
	require.ErrorIs(t, err, rotate.ErrDenied)
}
