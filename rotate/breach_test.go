package rotate_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// deafList never answers and heeds no context.
type deafList struct{ end chan struct{} }

func (d deafList) Seen(context.Context, string) (int, error) {
	<-d.end
	return 0, nil
}

// panickyList has a fault of its own.
type panickyList struct{}

func (panickyList) Seen(context.Context, string) (int, error) { panic("out of range") }

// TestBreachListsAreAskedWhenAPasswordIsChosen: those of the Config, under a
// policy that names none of its own.
func TestBreachListsAreAskedWhenAPasswordIsChosen(t *testing.T) {
	const leaked, own = "correct horse battery staple", "plum kettle orbit 92 fjord"
	end := make(chan struct{})
	defer close(end)
	p := policy.ShopCustomer()
	profile := func(string) (rotate.Profile, error) {
		return rotate.Profile{Policy: p, Rules: rotate.ShopCustomer()}, nil
	}
	ring, err := keyring.New("breach", keyring.NewKey())
	require.NoError(t, err)
	signUp := func(password string, lists ...policy.List) (rotate.Status, error) {
		k, err := rotate.New(rotate.Config{Store: memstore.New(), Ring: ring, Profile: profile, Breach: lists, BreachTimeout: 200 * time.Millisecond})
		require.NoError(t, err)
		if _, err := k.SignUp(t.Context(), rotate.NewAccount{Account: "17", Password: password}); err != nil {
			return rotate.Status{}, err
		}
		return k.Lookup(t.Context(), "17")
	}
	refused := func(err error) {
		t.Helper()
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, policy.Breached, refusal.Problems[0].Code)
	}

	_, err = signUp(leaked, policy.NewList(leaked))
	refused(err)
	status, err := signUp(own, policy.NewList(leaked))
	require.NoError(t, err)
	require.False(t, status.Recheck)

	// A list that does not answer holds nobody up for long, nor hides another's no.
	status, err = signUp(own, deafList{end})
	require.NoError(t, err)
	require.True(t, status.Recheck)
	_, err = signUp(leaked, deafList{end}, policy.NewList(leaked))
	refused(err)

	status, err = signUp(own, panickyList{})
	require.NoError(t, err)
	require.True(t, status.Recheck)

	// A policy may insist, and may name other lists.
	p.Unchecked = policy.RefuseUnchecked
	_, err = signUp(own, deafList{end})
	require.ErrorIs(t, err, policy.ErrUnchecked)
	p.Breach = []policy.List{policy.NewList(own)}
	_, err = signUp(leaked, policy.NewList(leaked))
	require.NoError(t, err)
	_, err = signUp(own, policy.NewList(leaked))
	refused(err)
}
