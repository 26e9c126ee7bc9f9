package rotate_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// view is a Store as a shop's transaction sees it: what it inserts is not there
// before the commit, and never if there is none.
type view struct {
	rotate.Store
	inserted []func(rotate.Store) error
	reads    int
	logs     int
}

func (v *view) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	v.inserted = append(v.inserted, func(s rotate.Store) error { return s.Insert(ctx, c, events) })
	return nil
}

func (v *view) Load(ctx context.Context, account string) (rotate.Credential, error) {
	v.reads++
	return v.Store.Load(ctx, account)
}

func (v *view) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	v.logs++
	return v.Store.Orders(ctx, after)
}

func (v *view) commit() error {
	for _, insert := range v.inserted {
		if err := insert(v.Store); err != nil {
			return err
		}
	}
	return nil
}

// TestWithin: a Keeper on another view writes there, and the one it was made
// from goes on as before.
func TestWithin(t *testing.T) {
	ctx := t.Context()
	realm := newRealm(t, rotate.Config{})
	draft, err := realm.Keeper.Draft(ctx, rotate.NewAccount{Password: password, Browser: browser})
	require.NoError(t, err)
	rows := func() int {
		n, err := realm.Store.Count(ctx, rotate.Query{})
		require.NoError(t, err)
		return n
	}
	require.Zero(t, rows(), "a draft writes nothing")

	rolledBack := &view{Store: realm.Store}
	_, err = realm.Keeper.Within(rolledBack).Create(ctx, draft.For("a"))
	require.NoError(t, err)
	require.Len(t, rolledBack.inserted, 1)
	require.Zero(t, rows(), "the shop's transaction was rolled back")

	committed := &view{Store: realm.Store}
	d, err := realm.Keeper.Within(committed).Create(ctx, draft.For("b"))
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Zero(t, rows())
	require.NoError(t, committed.commit())
	require.Equal(t, 1, rows())
	d, err = realm.Keeper.Valid(ctx, d.Session)
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)

	// Reads go to the view too, and its copy of the orders is its own.
	within := realm.Keeper.Within(committed)
	committed.logs = 0
	_, err = within.Valid(ctx, d.Session)
	require.NoError(t, err)
	require.Equal(t, 1, committed.reads)
	require.Equal(t, 1, committed.logs, "the log of another view is not taken for this one's")
	_, err = realm.Keeper.Valid(ctx, d.Session)
	require.NoError(t, err)
	require.Equal(t, 1, committed.reads, "the other Keeper reads elsewhere")
}

// TestWithinSharesTheLimitOfTries: a new view is no new chance.
func TestWithinSharesTheLimitOfTries(t *testing.T) {
	realm := newRealm(t, rotate.Config{Sources: rotate.SourceLimit{Burst: 1, Every: time.Hour}})
	try := rotate.NewAccount{Account: "a", NoPassword: true, Source: "192.0.2.1"}
	_, err := realm.Keeper.Within(&view{Store: realm.Store}).Draft(t.Context(), try)
	require.NoError(t, err)
	_, err = realm.Keeper.Within(&view{Store: realm.Store}).Draft(t.Context(), try)
	var denied *rotate.Denied
	require.ErrorAs(t, err, &denied)
	require.Equal(t, time.Hour, denied.RetryAfter)
}

// TestCreateTwice: a draft that meets a row is told so, in a view too.
func TestCreateTwice(t *testing.T) {
	ctx := t.Context()
	realm := newRealm(t, rotate.Config{})
	draft, err := realm.Keeper.Draft(ctx, rotate.NewAccount{Account: "a", Password: password, Browser: browser})
	require.NoError(t, err)
	_, err = realm.Keeper.Create(ctx, draft)
	require.NoError(t, err)
	_, err = realm.Keeper.Create(ctx, draft)
	require.ErrorIs(t, err, rotate.ErrExists)
	for _, account := range []string{"", "a\n"} {
		_, err = realm.Keeper.Create(ctx, draft.For(account))
		require.ErrorIs(t, err, rotate.ErrAccount)
	}
	_, err = realm.Keeper.Draft(ctx, rotate.NewAccount{Account: "b", NoPassword: true, Password: password})
	require.ErrorIs(t, err, rotate.ErrConfig)
	var refusal *policy.Refusal
	_, err = realm.Keeper.Draft(ctx, rotate.NewAccount{Account: "b", Password: "short"})
	require.ErrorAs(t, err, &refusal)
}
