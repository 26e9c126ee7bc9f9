package rotate_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// TestDescribe: the rules are those that a new password is judged by, the lists of
// the Config included, and what Config names stands in for what a profile does not.
func TestDescribe(t *testing.T) {
	noGroup := errors.New("no such group")
	issuer := ""
	profile := func(group string) (rotate.Profile, error) {
		if group != "customers" {
			return rotate.Profile{}, noGroup
		}
		return rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer(), Issuer: issuer}, nil
	}
	ring, err := keyring.New("describe", keyring.NewKey())
	require.NoError(t, err)
	open := func(lists ...policy.List) *rotate.Keeper {
		k, err := rotate.New(rotate.Config{Store: memstore.New(), Ring: ring, Profile: profile, Breach: lists, Issuer: "Kettle"})
		require.NoError(t, err)
		return k
	}
	rules, err := open().Describe("customers")
	require.NoError(t, err)
	require.Equal(t, policy.ShopCustomer().Describe(), rules)
	own, err := open().Describe("")
	require.NoError(t, err)
	require.Equal(t, rules, own)
	listed, err := open(policy.NewList("x")).Describe("customers")
	require.NoError(t, err)
	require.Len(t, listed, len(rules)+1)
	_, err = open().Describe("staff")
	require.ErrorIs(t, err, noGroup)

	enroll := func() string {
		k := open()
		d, err := k.SignUp(t.Context(), rotate.NewAccount{Account: "17", Password: "plum kettle orbit 92 fjord"})
		require.NoError(t, err)
		e, err := k.Enroll(t.Context(), d.Session, rotate.Proofs{Password: "plum kettle orbit 92 fjord"})
		require.NoError(t, err)
		return e.Issuer
	}
	require.Equal(t, "Kettle", enroll())
	issuer = "Staff of Kettle"
	require.Equal(t, issuer, enroll())
}

// What a form says before anything is typed.
func ExampleKeeper_Describe() {
	ring, err := keyring.New("my shop", keyring.NewKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	k, err := rotate.New(rotate.Config{Store: memstore.New(), Ring: ring})
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := k.Describe("customers")
	fmt.Println(rules[0].Code, rules[0].Text, err)
	// Output: too_short At least 15 characters. <nil>
}
