package rotate_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestEndSession: one session ends with all tokens that carry it, older ones
// included, and those of other browsers live on, opened at the same moment too.
func TestEndSession(t *testing.T) {
	ctx := t.Context()
	const password = "nine violet umbrellas"
	realm, err := tilltest.New(tilltest.Config{})
	require.NoError(t, err)
	k := realm.Keeper
	d, err := k.SignUp(ctx, rotate.NewAccount{Account: "17", Password: password})
	require.NoError(t, err)
	phone := d.Session
	d, err = k.Login(ctx, rotate.Attempt{Account: "17", Password: password, Browser: "a browser of its own"})
	require.NoError(t, err)
	laptop := d.Session
	require.Equal(t, phone.AuthTime, laptop.AuthTime)
	require.NotEqual(t, phone.ID, laptop.ID)
	d, err = k.StepUp(ctx, laptop, rotate.Proofs{Password: password})
	require.NoError(t, err)
	later := d.Session
	require.Equal(t, laptop.ID, later.ID)
	next := func(s rotate.Session) rotate.Next {
		d, err := k.Valid(ctx, s)
		require.NoError(t, err)
		return d.Next
	}

	require.NoError(t, k.EndSession(ctx, later))
	require.Equal(t, []rotate.Next{rotate.SignInAgain, rotate.SignInAgain, rotate.Proceed}, []rotate.Next{next(laptop), next(later), next(phone)})
	require.NoError(t, k.EndSession(ctx, laptop), "it is over already")
	require.Equal(t, rotate.Proceed, next(phone))

	require.ErrorIs(t, k.EndSession(ctx, rotate.Session{}), rotate.ErrSession)
	require.ErrorIs(t, k.EndSession(ctx, rotate.Session{Account: "18"}), rotate.ErrNotFound)

	// No more than 32 are remembered: the next one ends them all.
	sign := func() rotate.Session {
		d, err := k.Login(ctx, rotate.Attempt{Account: "17", Password: password, Browser: "a browser of its own"})
		require.NoError(t, err)
		return d.Session
	}
	for range 31 {
		require.NoError(t, k.EndSession(ctx, sign()))
	}
	require.Equal(t, rotate.Proceed, next(phone))
	require.NoError(t, k.EndSession(ctx, sign()))
	require.Equal(t, rotate.SignInAgain, next(phone))
}

// TestEndSessionOfTheTimeBefore: it is the first that Tillkey sees of the account.
func TestEndSessionOfTheTimeBefore(t *testing.T) {
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{Customers: rotate.Table{
		ByAccount: func(_ context.Context, account string) (rotate.Customer, error) {
			if account != "17" {
				return rotate.Customer{}, rotate.ErrNotFound
			}
			return rotate.Customer{Account: account}, nil
		},
	}}})
	require.NoError(t, err)
	before := rotate.Session{Account: "17"}
	require.NoError(t, realm.Keeper.EndSession(t.Context(), before))
	d, err := realm.Keeper.Valid(t.Context(), before)
	require.NoError(t, err)
	require.Equal(t, rotate.SignInAgain, d.Next)
	require.ErrorIs(t, realm.Keeper.EndSession(t.Context(), rotate.Session{Account: "18"}), rotate.ErrNotFound)
}

// Signing out of a shop whose sessions are signed tokens.
func ExampleKeeper_EndSession() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "17", Password: "nine violet umbrellas"})
	if err != nil {
		fmt.Println(err)
		return
	}
	token := d.Session
	fmt.Println(realm.Keeper.EndSession(ctx, token))
	d, err = realm.Keeper.Valid(ctx, token)
	fmt.Println(d.Next, err)
	// Output:
	// <nil>
	// sign_in_again <nil>
}
