package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// TestS05_EpochsAreRandom: below 2^53, drawn anew at every bump, so that a row
// that comes back revives no session.
func TestS05_EpochsAreRandom(t *testing.T, open Open) {
	r := newRealm(t, open)
	seen := map[int64]bool{}
	fresh := func() {
		t.Helper()
		e := r.row("a").Epoch
		require.Positive(t, e)
		require.Less(t, e, int64(1)<<53)
		require.Equal(t, e, int64(float64(e)), "exact as a JSON number")
		require.False(t, seen[e], "an epoch came back")
		seen[e] = true
	}
	password, first := r.signUp("a")
	fresh()
	for range 20 {
		next := newSecret()
		s := r.signIn("a", password)
		_, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: next, Browser: browser})
		require.NoError(t, err)
		password = next
		fresh()
		require.NoError(t, r.EndSessions(r.ctx, "a", "staff-1"))
		fresh()
	}
	require.NoError(t, r.Erase(r.ctx, "a", "staff-1"))
	_, s := r.signUp("a")
	fresh()
	require.Equal(t, rotate.SignInAgain, r.valid(first).Next)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
}

// TestS05_AnAdoptedRowKeepsTheLegacyEpoch until something bumps it.
func TestS05_AnAdoptedRowKeepsTheLegacyEpoch(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "old password"})
	s := r.signIn("a", "old password")
	require.Zero(t, s.Epoch)
	require.Zero(t, r.row("a").Epoch)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
	d, err := r.Change(r.ctx, s, rotate.Proofs{Password: "old password", NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	require.NotZero(t, d.Session.Epoch)
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
}

// TestS05_ARestoredRealmTrustsNobody: after a backup came back, no session and
// no password of before is enough.
func TestS05_ARestoredRealmTrustsNobody(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "no password", NoPassword: true})
	require.NoError(t, err)
	epoch := r.row("no password").Epoch
	_, err = r.Restored(r.ctx, r.clock.Now().Add(-time.Hour), "staff-1")
	require.NoError(t, err)
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	require.NotEqual(t, s.Epoch, r.row("a").Epoch)
	require.NotEqual(t, epoch, r.row("no password").Epoch)
	d, err := r.Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	require.Equal(t, rotate.Restored, d.Reason)
	require.Equal(t, rotate.ProofOutOfBand, d.Proof)
	require.Contains(t, r.kinds(""), rotate.RealmRestored)
}
