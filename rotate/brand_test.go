package rotate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestBrandHidesNobodysName: however many words a shop has, and however many were
// typed, the customer's own name is refused wherever a password is chosen or
// judged; so are the first and the last word of the shop, and its issuer.
func TestBrandHidesNobodysName(t *testing.T) {
	const own, typed = "wilhelminafeatherstonehaugh", "bartholomewcholmondeley"
	profile := rotate.Profile{Policy: policy.ASVS5(), Rules: rotate.ShopCustomer(), Issuer: "Kettlewell & Daughters"}
	profile.Policy.Words = []string{"Umbrellafactory"}
	profile.Rules.Recheck = rotate.RecheckBlock
	for i := range 60 {
		profile.Brand = append(profile.Brand, fmt.Sprintf("Teapotemporium%02d", i))
	}
	realm := newRealm(t, rotate.Config{Profile: func(string) (rotate.Profile, error) { return profile, nil }})
	ctx, k := t.Context(), realm.Keeper
	add := func(account, encoded string) {
		realm.Customers.Add(tilltest.Customer{
			Account: account, Address: account + "@example.com", About: []string{"Wilhelmina Featherstonehaugh"},
			Foreign: rotate.Foreign{Encoded: encoded},
		})
	}
	refused := func(err error, what string) {
		t.Helper()
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal, what)
		require.Equal(t, policy.ContainsContext, refusal.Problems[0].Code, what)
	}

	add("ada", "")
	d, err := k.SignUp(ctx, rotate.NewAccount{Account: "ada", Password: password, Browser: browser})
	require.NoError(t, err)
	many := append(strings.Fields(strings.Repeat("another ", 40)), "late")
	for _, chosen := range []string{own, "teapotemporium00", "teapotemporium59", "kettlewelldaughters", "umbrellafactory"} {
		_, err = k.SignUp(ctx, rotate.NewAccount{Account: "ada", Password: chosen, About: many})
		refused(err, "SignUp of "+chosen)
		_, err = k.Change(ctx, d.Session, rotate.Proofs{Password: password, NewPassword: chosen, Browser: browser})
		refused(err, "Change to "+chosen)
		realm.Clock.Advance(2 * time.Hour) // mails are few
		mail, err := k.Issue(ctx, rotate.Request{Name: "ada@example.com", Browser: browser})
		require.NoError(t, err)
		_, err = k.Reset(ctx, mail.Ticket, rotate.Proofs{NewPassword: chosen, Browser: browser})
		refused(err, "Reset to "+chosen)

		encoded, err := realm.Hasher.Hash(ctx, chosen)
		require.NoError(t, err)
		add("old "+chosen, encoded)
		at, err := k.Login(ctx, rotate.Attempt{Account: "old " + chosen, Password: chosen, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, at.Next, chosen)
		_, err = k.Continue(ctx, at.Ticket, rotate.Proofs{NewPassword: chosen, Browser: browser})
		refused(err, "Continue with "+chosen)
	}
	_, err = k.Draft(ctx, rotate.NewAccount{Password: typed, About: []string{"Bartholomew Cholmondeley"}})
	refused(err, "what was typed")

	s, err := realm.Store.Load(ctx, "ada")
	require.NoError(t, err)
	require.Equal(t, profile.Policy.Fingerprint(), s.PolicyFingerprint, "the words of the shop are not in it")
}

// TestWithBrand: the policy itself stays as it was.
func TestWithBrand(t *testing.T) {
	words := make([]string, 1, 9)
	words[0] = "Umbrella"
	p := rotate.Profile{Policy: policy.Policy{Words: words}, Brand: []string{"Kettle"}, Issuer: "Shop"}
	require.Equal(t, []string{"Umbrella", "Kettle", "Shop"}, p.WithBrand().Words)
	require.Equal(t, []string{"Umbrella"}, p.Policy.Words)
	require.Equal(t, make([]string, 8), words[1:9:9], "nothing is written behind the caller's words")
	require.Equal(t, []string{"Umbrella"}, rotate.Profile{Policy: policy.Policy{Words: words}}.WithBrand().Words)
}
