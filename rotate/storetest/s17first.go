package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// altered are passwords that somebody makes of one who has to change it and does
// not want to.
func altered(password string) []string {
	backwards := []rune(password)
	slices.Reverse(backwards)
	return []string{
		password + "!", password + "1", password + " 2031", password + "-neu!", "!" + password, "1 " + password,
		strings.TrimSuffix(password, "41") + "42", strings.TrimSuffix(password, "41") + "40",
		strings.ToUpper(password), strings.ToUpper(password[:1]) + password[1:],
		string(backwards), password + password, password + " " + password,
	}
}

// TestS17_AFirstPasswordNeverStays: one that somebody else made, for a new
// account or as an order says, is good for one sign-in. Neither it nor a small
// change of it can take its place, by the ticket of that sign-in or by one that
// was mailed; and when it was replaced, it stays refused for ever.
func TestS17_AFirstPasswordNeverStays(t *testing.T, open Open) {
	for what, begin := range map[string]func(r *realm, first string){
		"a new account": func(*realm, string) {},
		"a reset by staff besides": func(r *realm, _ string) {
			r.force(rotate.Order{Account: "a", Reason: rotate.AdminReset})
		},
		"a new group besides": func(r *realm, _ string) {
			r.force(rotate.Order{Group: "customers", Reason: rotate.Restored})
			require.NoError(r.t, r.Regroup(r.ctx, "a", "elsewhere", "staff-1"))
		},
		"a theft and a new group besides": func(r *realm, _ string) {
			r.force(rotate.Order{Account: "a", Reason: rotate.Compromise})
			require.NoError(r.t, r.Regroup(r.ctx, "a", "elsewhere", "staff-1"))
		},
		"an order": func(r *realm, first string) {
			require.NoError(r.t, r.Erase(r.ctx, "a", "staff-1"))
			_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Password: first, Browser: browser})
			require.NoError(r.t, err)
			r.force(rotate.Order{Account: "a", Reason: rotate.FirstUse})
		},
	} {
		for _, way := range []string{"ticket", "mail"} {
			firstPassword(t, open, what, begin, way == "mail")
		}
	}
}

func firstPassword(t *testing.T, open Open, what string, begin func(*realm, string), byMail bool) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History, r.HistoryFor = 0, 0 }))
	first := strings.ToLower(newSecret()) + " 41"
	r.customers.add("a", rotate.Foreign{})
	d, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Password: first, FirstUse: true, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	begin(r, first)
	at := r.row("a").Changed

	// Each try has a ticket of its own, as one is good for twenty.
	try := func(p rotate.Proofs) (rotate.Decision, error) {
		t.Helper()
		r.clock.advance(waited)
		p.Mailed, p.Browser = r.mailed("a", browser), browser
		if byMail {
			return r.Reset(r.ctx, p.Mailed, p)
		}
		d, err := r.Login(r.ctx, attempt("a", first))
		d = r.next(rotate.NeedNewPassword, d, err)
		return r.Continue(r.ctx, d.Ticket, p)
	}
	tried := []string{"", first, "not it"}
	if what != "a new account" {
		tried = tried[:1] // the rest is the same whatever came before
	}
	for _, typed := range tried {
		_, err := try(rotate.Proofs{Password: typed, NewPassword: first})
		refusedFor(t, policy.SameAsCurrent, err, what)
		list := altered(first)
		if typed != "" || what != "a new account" {
			list = list[4:7] // one of each kind will do
		}
		for _, password := range list {
			_, err := try(rotate.Proofs{Password: typed, NewPassword: password})
			refusedFor(t, policy.TooSimilar, err, what)
		}
	}
	if !byMail {
		// Where it was typed beside, the two are compared as in any change.
		_, err = try(rotate.Proofs{Password: first, NewPassword: first[:9] + "-" + first[10:]})
		refusedFor(t, policy.TooSimilar, err, what)
	}
	require.Equal(t, at, r.row("a").Changed)

	current := newSecret()
	d, err = try(rotate.Proofs{NewPassword: current})
	require.NoError(t, err, what)
	require.Equal(t, map[bool]rotate.Next{true: rotate.SignInAgain, false: rotate.Proceed}[byMail], d.Next)
	_, err = r.Login(r.ctx, attempt("a", first))
	denied(t, err)
	for i := range 3 {
		refusedFor(t, policy.Reused, r.chooses("a", current, first), what)
		r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised})
		refusedFor(t, policy.Reused, r.chooses("a", current, first), what)
		fresh := newSecret()
		require.NoError(t, r.chooses("a", current, fresh))
		current = fresh
		require.NoError(t, r.Regroup(r.ctx, "a", fmt.Sprint("group-", i), "staff-1"))
		r.clock.advance(30 * year)
		_, err = r.Sweep(r.ctx, 0)
		require.NoError(t, err)
	}
	retired := r.row("a").Retired
	require.Len(t, retired, 1, "the others are no history")
	require.True(t, retired[0].Burned)
}

// TestS17_AFirstPasswordOpensNothingElse: none of what a customer does with a
// right password works with it before it was replaced.
func TestS17_AFirstPasswordOpensNothingElse(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	first := newSecret()
	r.customers.add("a", rotate.Foreign{})
	d, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Password: first, FirstUse: true, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	encoded := r.exported(rotate.Query{})["a"]
	for range 3 {
		d, err = r.Login(r.ctx, attempt("a", first))
		d = r.next(rotate.NeedNewPassword, d, err)
		require.Equal(t, rotate.FirstUse, d.Reason)
	}
	d, err = r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Browser: browser})
	r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, rotate.ImportReport{Kept: 1}, r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + first}))
	require.NoError(t, r.Unlock(r.ctx, "a", "staff-1"))
	require.NoError(t, r.EndSessions(r.ctx, "a", "staff-1"))
	r.clock.advance(30 * time.Minute)
	r.swept()
	d, err = r.Login(r.ctx, attempt("a", first))
	r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, encoded, r.exported(rotate.Query{})["a"])

	// A stolen one was handed out all the same.
	r.force(rotate.Order{Account: "a", Reason: rotate.Compromise})
	r.clock.advance(waited)
	d, err = r.Login(r.ctx, attempt("a", first))
	d = r.next(rotate.NeedNewPassword, d, err)
	fresh := newSecret()
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: fresh, Mailed: r.mailed("a", browser), Browser: browser})
	r.next(rotate.Proceed, d, err)
	r.clock.advance(30 * year)
	_, err = r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	refusedFor(t, policy.Reused, r.chooses("a", fresh, first))
}
