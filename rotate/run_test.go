package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestRun lives in a bubble whose clock is the Keeper's too: it sweeps and
// delivers at once and then every interval, goes on after errors and tells of
// them, and stops with its context.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var delivered []rotate.Kind
		var failed []error
		var sink error // what the shop's own queue answers
		answer := func(err error) {
			mu.Lock()
			defer mu.Unlock()
			sink = err
		}
		failures := func() []error {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(failed)
		}
		realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{
			Now: time.Now, Every: 10 * time.Minute,
			Events: func(_ context.Context, e rotate.Event) error {
				mu.Lock()
				defer mu.Unlock()
				if sink == nil {
					delivered = append(delivered, e.Kind)
				}
				return sink
			},
			Failed: func(err error) {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			},
		}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- realm.Keeper.Run(ctx) }()
		took := func(want ...rotate.Kind) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, want, delivered)
			delivered = nil
		}
		took(rotate.KeyAdded, rotate.KeyPromoted)

		d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", Password: password, Browser: browser})
		require.NoError(t, err)
		_, err = realm.Keeper.Enroll(ctx, d.Session, rotate.Proofs{Password: password, Browser: browser})
		require.NoError(t, err)
		pending := func() bool {
			c, err := realm.Store.Load(ctx, "a")
			require.NoError(t, err)
			return c.Pending != nil
		}
		time.Sleep(10*time.Minute - 1)
		took()
		require.True(t, pending())
		time.Sleep(time.Nanosecond)
		took(rotate.SignedUp)
		require.False(t, pending(), "the sweep forgot what was offered ten minutes ago")

		// A sink that fails gets the event again.
		require.NoError(t, realm.Keeper.EndSessions(ctx, "a", ""))
		full := errors.New("the queue is full")
		answer(full)
		time.Sleep(10 * time.Minute)
		took()
		require.Equal(t, []error{full}, failures())
		answer(nil)
		time.Sleep(10 * time.Minute)
		took(rotate.SessionsEnded)

		// A Store that is away for a while.
		away := errors.New("away")
		realm.Store.Break(away)
		time.Sleep(30 * time.Minute)
		require.Equal(t, []error{full, away, away, away}, failures())
		realm.Store.Break(nil)
		require.NoError(t, realm.Keeper.Unlock(ctx, "a", "staff-1"))
		time.Sleep(10 * time.Minute)
		took(rotate.Unlocked)
		require.Len(t, failures(), 4)

		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)
		require.Len(t, failures(), 4, "the end is no failure")
	})
}

// TestRunWithNobodyToTell does not stop or panic at an error, and sweeps every
// minute if nothing else is said.
func TestRunWithNobodyToTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{Now: time.Now}})
		require.NoError(t, err)
		realm.Store.Break(errors.New("away"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		ended := make(chan error)
		go func() { ended <- realm.Keeper.Run(ctx) }()
		time.Sleep(5 * time.Minute)
		realm.Store.Break(nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		waiting, err := realm.Store.Lease(ctx, 10, time.Now(), time.Now())
		require.NoError(t, err)
		require.Empty(t, waiting, "without a sink events are kept as the audit trail only")
		require.ErrorIs(t, <-ended, context.DeadlineExceeded)
		all, err := realm.Events(t.Context(), "")
		require.NoError(t, err)
		require.Len(t, all, 2)
	})
}

// TestRunInManyInstances: each event is delivered, whoever sweeps.
func TestRunInManyInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := make(chan string, 1000)
		store, key := memstore.New(), keyring.NewKey()
		ring, err := keyring.New("test", key)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		keepers := make([]*rotate.Keeper, 3)
		for i := range keepers {
			k, err := rotate.New(rotate.Config{Store: store, Ring: ring, Events: func(_ context.Context, e rotate.Event) error {
				events <- e.Account
				return nil
			}})
			require.NoError(t, err)
			keepers[i] = k
			go func() { ended <- k.Run(ctx) }()
		}
		var want []string
		for i := range 250 {
			want = append(want, fmt.Sprintf("c-%03d", i))
			_, err := keepers[i%3].SignUp(ctx, rotate.NewAccount{Account: want[i], NoPassword: true})
			require.NoError(t, err)
		}
		time.Sleep(2 * time.Minute)
		cancel()
		for range keepers {
			require.ErrorIs(t, <-ended, context.Canceled)
		}
		close(events)
		var got []string
		for account := range events {
			if account != "" {
				got = append(got, account)
			}
		}
		slices.Sort(got)
		require.Equal(t, want, got)
	})
}

// TestDeliver: oldest first, all of them; one that fails comes again after the
// lease and holds up no other.
func TestDeliver(t *testing.T) {
	ctx := t.Context()
	var got []rotate.Event
	refuse := ""
	full := errors.New("full")
	realm := newRealm(t, rotate.Config{Events: func(_ context.Context, e rotate.Event) error {
		if e.Account == refuse && refuse != "" {
			return full
		}
		got = append(got, e)
		return nil
	}})
	n, err := realm.Keeper.Deliver(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, n, "the first key")
	got = nil
	for i := range 250 {
		realm.Clock.Advance(time.Second)
		_, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: fmt.Sprintf("c-%03d", i), NoPassword: true})
		require.NoError(t, err)
	}
	refuse = "c-120"
	n, err = realm.Keeper.Deliver(ctx)
	require.ErrorIs(t, err, full)
	require.Equal(t, 199, n, "all that were leased but one")
	n, err = realm.Keeper.Deliver(ctx)
	require.NoError(t, err)
	require.Equal(t, 50, n, "the one is not asked for again at once")
	realm.Clock.Advance(time.Minute)
	refuse = ""
	n, err = realm.Keeper.Deliver(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	seen := map[string]bool{}
	for _, e := range got {
		require.False(t, seen[e.ID])
		seen[e.ID] = true
	}
	require.Len(t, seen, 250)
	require.True(t, slices.IsSortedFunc(got[:249], func(a, b rotate.Event) int { return a.At.Compare(b.At) }))
	n, err = realm.Keeper.Deliver(ctx)
	require.NoError(t, err)
	require.Zero(t, n)

	all, err := realm.Keeper.Events(ctx, "c-007", "", 10)
	require.NoError(t, err)
	require.Len(t, all, 1, "what is delivered stays as the audit trail")
}

// TestDeliverWhenTheShopStops: what the sink took is marked although the context
// ended meanwhile, so that it is not sent twice.
func TestDeliverWhenTheShopStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	took := 0
	realm := newRealm(t, rotate.Config{Events: func(ctx context.Context, _ rotate.Event) error {
		took++
		if took == 2 {
			cancel()
		}
		return nil
	}})
	n, err := realm.Keeper.Deliver(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, n)
	realm.Clock.Advance(time.Hour)
	n, err = realm.Keeper.Deliver(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	require.Equal(t, 2, took)
}
