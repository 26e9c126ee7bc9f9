package rotate_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestS20_AChangeFreesNoCodes: who holds a session and the password tries no more
// than five codes, however often the password is changed in between.
func TestS20_AChangeFreesNoCodes(t *testing.T) {
	ctx := t.Context()
	realm, err := tilltest.New(tilltest.Config{})
	require.NoError(t, err)
	k, password := realm.Keeper, rand.Text()
	d, err := k.SignUp(ctx, rotate.NewAccount{Account: "17", Password: password})
	require.NoError(t, err)
	offer, err := k.Enroll(ctx, d.Session, rotate.Proofs{Password: password})
	require.NoError(t, err)
	d, _, err = k.Confirm(ctx, d.Session, rotate.Proofs{Code: offer.Secret.Code(realm.Clock.Now())})
	require.NoError(t, err)
	realm.Clock.Advance(time.Hour)
	change := func(s rotate.Session) rotate.Session {
		next := rand.Text()
		d, err := k.Change(ctx, s, rotate.Proofs{Password: password, NewPassword: next})
		require.NoError(t, err)
		password = next
		return d.Session
	}

	s := d.Session
	for range 4 {
		_, err := k.StepUp(ctx, s, rotate.Proofs{Code: "no code"})
		require.ErrorIs(t, err, rotate.ErrDenied)
		require.NotErrorIs(t, err, rotate.ErrSession)
		s = change(s)
	}
	// A right code does free them.
	right, err := k.StepUp(ctx, s, rotate.Proofs{Code: offer.Secret.Code(realm.Clock.Now())})
	require.NoError(t, err)
	s = right.Session
	for range 4 {
		_, err := k.StepUp(ctx, s, rotate.Proofs{Code: "no code"})
		require.NotErrorIs(t, err, rotate.ErrSession)
	}
	s = change(s)
	_, err = k.StepUp(ctx, s, rotate.Proofs{Code: "no code"})
	require.ErrorIs(t, err, rotate.ErrDenied)
	require.ErrorIs(t, err, rotate.ErrSession)
	d, err = k.Valid(ctx, s)
	require.NoError(t, err)
	require.Equal(t, rotate.SignInAgain, d.Next)
}
