package rotate_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// answering is a list that says what it is told to, and counts its questions.
type answering struct {
	count atomic.Int64 // below 0 it cannot answer
	asked atomic.Int64
}

func (a *answering) Seen(context.Context, string) (int, error) {
	a.asked.Add(1)
	if n := a.count.Load(); n >= 0 {
		return int(n), nil
	}
	return 0, fmt.Errorf("%w: no route", policy.ErrUnchecked)
}

// signUp makes the account "17" under a policy with a breach source of its own.
func signUp(t *testing.T, source policy.List, c rotate.Config) *tilltest.Realm {
	t.Helper()
	c.Profile = func(string) (rotate.Profile, error) {
		rules := rotate.ShopCustomer()
		rules.BreachThreshold = 10
		return rotate.Profile{Policy: policy.Policy{MinLength: 8, Breach: []policy.List{source}}, Rules: rules}, nil
	}
	r := newRealm(t, c)
	_, err := r.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: "17", Password: password, Browser: browser})
	require.NoError(t, err)
	return r
}

// signsIn signs in with the right password, and tells whether the account is
// marked after that.
func signsIn(t *testing.T, r *tilltest.Realm, want rotate.Next) (marked bool) {
	t.Helper()
	d, err := r.Keeper.Login(t.Context(), rotate.Attempt{Account: "17", Password: password, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, want, d.Next)
	status, err := r.Keeper.Lookup(t.Context(), "17")
	require.NoError(t, err)
	return status.Recheck
}

// TestS23_AMarkedAccountIsAskedForUntilSomebodyAnswers: where a password was
// accepted unchecked, the sign-ins ask the lists for that, online ones too, until
// these have answered once; and then never again.
func TestS23_AMarkedAccountIsAskedForUntilSomebodyAnswers(t *testing.T) {
	online, offline := &answering{}, &answering{}
	online.count.Store(-1)
	r := signUp(t, online, rotate.Config{Breach: []policy.List{offline}, BreachRecheck: []policy.List{online}})
	require.EqualValues(t, 1, online.asked.Load())
	for i := range int64(3) {
		require.True(t, signsIn(t, r, rotate.Proceed))
		require.Equal(t, 2+i, online.asked.Load())
	}
	require.EqualValues(t, 3, offline.asked.Load(), "it is asked, too")
	online.count.Store(9) // below the threshold of the sign-in
	require.False(t, signsIn(t, r, rotate.Proceed))
	require.EqualValues(t, 5, online.asked.Load())
	require.False(t, signsIn(t, r, rotate.Proceed))
	require.EqualValues(t, 5, online.asked.Load())
	require.EqualValues(t, 5, offline.asked.Load())

	// A list of the sign-in that cannot answer marks the account, too.
	offline.count.Store(-1)
	require.True(t, signsIn(t, r, rotate.Proceed))
	require.EqualValues(t, 5, online.asked.Load())
	online.count.Store(10)
	require.False(t, signsIn(t, r, rotate.NeedNewPassword))
	require.EqualValues(t, 6, online.asked.Load())
	require.EqualValues(t, 7, offline.asked.Load(), "its silence alone keeps no mark")
}

// TestS23_AnOutageOnlineHidesNoHitAtHand: while the lists for marked accounts
// are down, the usual ones are asked like for everybody, and the mark stays.
func TestS23_AnOutageOnlineHidesNoHitAtHand(t *testing.T) {
	online, offline := &answering{}, &answering{}
	online.count.Store(-1)
	r := signUp(t, online, rotate.Config{Breach: []policy.List{offline}, BreachRecheck: []policy.List{online}})
	offline.count.Store(9) // below the threshold of the sign-in
	require.True(t, signsIn(t, r, rotate.Proceed))
	offline.count.Store(10)
	require.True(t, signsIn(t, r, rotate.NeedNewPassword))
}

// TestS23_WithoutListsForMarkedAccountsTheUsualOnesAreAsked.
func TestS23_WithoutListsForMarkedAccountsTheUsualOnesAreAsked(t *testing.T) {
	online, offline := &answering{}, &answering{}
	online.count.Store(-1)
	r := signUp(t, online, rotate.Config{Breach: []policy.List{offline}})
	require.False(t, signsIn(t, r, rotate.Proceed))
	require.EqualValues(t, 1, offline.asked.Load())
	require.EqualValues(t, 1, online.asked.Load(), "at no sign-in")

	r = signUp(t, online, rotate.Config{})
	require.True(t, signsIn(t, r, rotate.Proceed), "nobody was asked since")
}

// TestS23_ASlowChainGivesWhatItKnows: the sign-in waits for an online source that
// never answers, and yet learns in time what the sources at hand know.
func TestS23_ASlowChainGivesWhatItKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		healthy, embedded := &answering{}, &answering{}
		r := signUp(t, healthy, rotate.Config{Breach: []policy.List{breach.Chain{
			Embedded: embedded, Online: deafList{end}, Rule: breach.OnlineConfirm,
		}}})
		login := func(want rotate.Next, waited time.Duration) {
			before := time.Now()
			require.False(t, signsIn(t, r, want))
			require.Equal(t, waited, time.Since(before))
		}
		login(rotate.Proceed, 0)
		embedded.count.Store(9)
		login(rotate.Proceed, 225*time.Millisecond)
		embedded.count.Store(10)
		login(rotate.NeedNewPassword, 225*time.Millisecond)
	})
}

// TestS23_ThresholdsDifferWhereAPasswordIsChosenAndTyped: one chain gives the
// count, and each place has its own idea of too many.
func TestS23_ThresholdsDifferWhereAPasswordIsChosenAndTyped(t *testing.T) {
	known := &answering{}
	chain := breach.Chain{Embedded: known}
	r := signUp(t, chain, rotate.Config{Breach: []policy.List{chain}})
	for _, count := range []int64{1, 9} {
		known.count.Store(count)
		require.False(t, signsIn(t, r, rotate.Proceed))
		_, err := r.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: "18", Password: password, Browser: browser})
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, policy.Breached, refusal.Problems[0].Code)
	}
	known.count.Store(10)
	require.False(t, signsIn(t, r, rotate.NeedNewPassword))
}
