package storetest

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// people puts n accounts with a password into a group of their own, and returns
// it.
func (r *realm) people(n int) (group string) {
	r.t.Helper()
	group = fmt.Sprintf("of-%d/customers", n)
	for i := range n {
		account := fmt.Sprintf("%d of %d", i, n)
		sealed, err := r.ring.Seal(r.keys[0].ID, keyring.Context{Purpose: "password", Account: account}, []byte(countingPrefix))
		require.NoError(r.t, err)
		insert(r.ctx, r.t, r.store, rotate.Credential{Account: account, Group: group, Password: sealed})
	}
	return group
}

// TestS21_AnOrderIsOnePercentOffAtMost: what its actor was told is what it does.
func TestS21_AnOrderIsOnePercentOffAtMost(t *testing.T, open Open) {
	r := newRealm(t, open)
	for found, expects := range map[int]map[int]bool{
		0:   {-1: false, 0: true, 1: false, 100: false, math.MaxInt: false, math.MinInt: false},
		1:   {-1: false, 0: false, 1: true, 2: false, math.MaxInt: false, math.MinInt: false},
		99:  {98: false, 99: true, 100: true, 101: false},
		100: {0: false, 98: false, 99: false, 100: true, 101: true, 102: false, -100: false},
		200: {197: false, 198: false, 199: true, 200: true, 201: true, 202: true, 203: false, math.MaxInt: false, math.MaxInt/100 + 200: false},
	} {
		o := rotate.Order{Group: r.people(found), Reason: rotate.PolicyRaised, Actor: "staff-1"}
		n, err := r.Preview(r.ctx, o)
		require.NoError(t, err)
		require.Equal(t, found, n)
		for expect, fine := range expects {
			o.Expect = expect
			before := log(r.ctx, t, r.store)
			id, err := r.Force(r.ctx, o)
			after := log(r.ctx, t, r.store)
			if fine {
				require.NoError(t, err, "%d, not %d", found, expect)
				require.Equal(t, id, after[len(after)-1].ID)
				require.Equal(t, found, after[len(after)-1].Concerned)
				continue
			}
			var off *rotate.ExpectError
			require.ErrorAs(t, err, &off, "%d, not %d", found, expect)
			require.Equal(t, rotate.ExpectError{Expect: expect, Found: found}, *off)
			require.Empty(t, id)
			require.Equal(t, before, after)
		}
	}
}

// TestS21_AnOrderSaysWhoAndWhy: without an actor and a reason there is none, nor
// with what contradicts itself.
func TestS21_AnOrderSaysWhoAndWhy(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	good := rotate.Order{Reason: rotate.PolicyRaised, Actor: "staff-1", Expect: 1}
	for what, spoil := range map[string]func(o *rotate.Order){
		"no actor":          func(o *rotate.Order) { o.Actor = "" },
		"a blank actor":     func(o *rotate.Order) { o.Actor = " \t" },
		"a long actor":      func(o *rotate.Order) { o.Actor = strings.Repeat("x", 1025) },
		"no reason":         func(o *rotate.Order) { o.Reason = "" },
		"an unknown reason": func(o *rotate.Order) { o.Reason = "because" },
		"a weaker proof":    func(o *rotate.Order) { o.Reason, o.Proof = rotate.Compromise, rotate.ProofPassword },
		"an unknown proof":  func(o *rotate.Order) { o.Proof = "a smile" },
		"grace for a thief": func(o *rotate.Order) { o.Reason, o.Grace = rotate.Compromise, time.Hour },
		"negative grace":    func(o *rotate.Order) { o.Grace = -1 },
		"a long note":       func(o *rotate.Order) { o.Note = strings.Repeat("x", 1025) },
		"a withdrawal":      func(o *rotate.Order) { o.Withdraws = "x" },
		"no group":          func(o *rotate.Order) { o.Group = "/" },
		"no account":        func(o *rotate.Order) { o.Account = "a\n" },
	} {
		o := good
		spoil(&o)
		_, err := r.Force(r.ctx, o)
		require.ErrorIs(t, err, rotate.ErrOrder, what)
	}
	require.Empty(t, log(r.ctx, t, r.store))
	require.False(t, r.due("a").Open())

	id, err := r.Force(r.ctx, good)
	require.NoError(t, err)
	o := log(r.ctx, t, r.store)[0]
	require.Equal(t, "staff-1", o.Actor)
	require.Equal(t, rotate.PolicyRaised, o.Reason)
	require.Equal(t, r.clock.Now(), o.At)
	events, err := r.Events(r.ctx, "", "", 1)
	require.NoError(t, err)
	require.Equal(t, rotate.OrderPlaced, events[0].Kind)
	require.Equal(t, "staff-1", events[0].Actor)
	require.Equal(t, id, events[0].Order)
}

// TestS21_OrdersAreAppendOnly: whatever happens, the log gets longer and nothing
// in it changes; a withdrawal is one more row.
func TestS21_OrdersAreAppendOnly(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	password, s := r.signUp("a")
	var known []rotate.Order
	grown := func(rows int) {
		t.Helper()
		now, err := r.Orders(r.ctx)
		require.NoError(t, err)
		require.Len(t, now, len(known)+rows)
		require.True(t, slices.Equal(known, now[:len(known)]), "%+v became %+v", known, now)
		for i, o := range now {
			require.EqualValues(t, i+1, o.Seq)
		}
		known = slices.Clone(now)
	}
	grown(0)
	first := r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: time.Hour, Note: "stricter words"})
	grown(1)
	second := r.force(rotate.Order{Account: "a", Reason: rotate.AdminReset, Grace: time.Hour})
	grown(1)
	_, err := r.Force(r.ctx, rotate.Order{Reason: rotate.PolicyRaised, Actor: "staff-1", Expect: 7})
	require.Error(t, err)
	grown(0)

	require.ErrorIs(t, r.Withdraw(r.ctx, "nothing", "staff-2", ""), rotate.ErrNotFound)
	require.ErrorIs(t, r.Withdraw(r.ctx, second, "", ""), rotate.ErrOrder)
	require.ErrorIs(t, r.Withdraw(r.ctx, second, " ", ""), rotate.ErrOrder)
	require.ErrorIs(t, r.Withdraw(r.ctx, second, "staff-2", strings.Repeat("x", 1025)), rotate.ErrOrder)
	grown(0)
	r.clock.advance(time.Minute)
	require.NoError(t, r.Withdraw(r.ctx, second, "staff-2", "a mistake"))
	grown(1)
	w := known[2]
	require.Equal(t, rotate.Order{ID: w.ID, Seq: 3, At: r.clock.Now(), Account: "a", Actor: "staff-2", Note: "a mistake", Withdraws: second}, w)
	require.NotEmpty(t, w.ID)
	require.ErrorIs(t, r.Withdraw(r.ctx, second, "staff-2", ""), rotate.ErrOrder, "once is enough")
	require.ErrorIs(t, r.Withdraw(r.ctx, w.ID, "staff-2", ""), rotate.ErrNotFound, "a withdrawal stays")
	grown(0)

	require.Equal(t, rotate.PolicyRaised, r.due("a").Reason, "the other one still stands")
	r.change(s, password)
	require.False(t, r.due("a").Open())
	_, err = r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.NoError(t, r.Regroup(r.ctx, "a", "elsewhere", "staff-1"))
	grown(0)
	require.NoError(t, r.Withdraw(r.ctx, first, "staff-2", ""))
	grown(1)
	_, err = r.Restored(r.ctx, r.clock.Now(), "staff-1")
	require.NoError(t, err)
	grown(1)
}

// TestS21_ProgressCounts: how many an order concerned, and how many it still does.
func TestS21_ProgressCounts(t *testing.T, open Open) {
	r := newRealm(t, open)
	sessions := map[string]rotate.Session{}
	passwords := map[string]string{}
	for i := range 5 {
		account := fmt.Sprint("c-", i)
		passwords[account], sessions[account] = r.signUp(account)
	}
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "social", NoPassword: true})
	require.NoError(t, err)
	_, err = r.Progress(r.ctx, "nothing")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	id := r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: time.Hour})
	progress := func(left int) rotate.Progress {
		t.Helper()
		p, err := r.Progress(r.ctx, id)
		require.NoError(t, err)
		require.Equal(t, id, p.Order.ID)
		require.Equal(t, 5, p.Concerned, "one has no password to change")
		require.Equal(t, left, p.Left)
		return p
	}
	progress(5)
	r.change(sessions["c-0"], passwords["c-0"])
	progress(4)
	d, err := r.Reset(r.ctx, r.mailed("c-1", browser), rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	progress(3)
	r.signUp("later")
	progress(3)
	require.NoError(t, r.Erase(r.ctx, "c-2", "staff-1"))
	progress(2)
	r.imported(rotate.Imported{Account: "imported", Encoded: countingPrefix + "x"})
	progress(3)
	require.Nil(t, progress(3).Withdrawn)
	require.NoError(t, r.Withdraw(r.ctx, id, "staff-2", "enough"))
	w := progress(0).Withdrawn
	require.NotNil(t, w)
	require.Equal(t, "staff-2", w.Actor)
	require.Equal(t, rotate.Proceed, r.valid(sessions["c-3"]).Next)
	require.Empty(t, r.valid(sessions["c-3"]).Reason)
}

// secrets lists the texts and secrets that a type holds.
func secrets(path string, typ reflect.Type, seen map[reflect.Type]bool) (found []string) {
	secretName := regexp.MustCompile(`(?i)password|code|secret|seed|ticket|recovery|proof|mailed|encoded`)
	if seen[typ] {
		return nil
	}
	seen[typ] = true
	for _, secret := range []any{totp.Secret{}, totp.RecoveryCode{}, totp.Sum{}, rotate.Credential{}, rotate.Enrollment{}, rotate.Draft{}} {
		if typ == reflect.TypeOf(secret) {
			return []string{path}
		}
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
		return secrets(path, typ.Elem(), seen)
	case reflect.Func:
		for i := range typ.NumIn() {
			found = append(found, secrets(fmt.Sprint(path, " in ", i), typ.In(i), seen)...)
		}
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			at := path + "." + f.Name
			if !f.IsExported() {
				continue
			}
			if f.Type.Kind() == reflect.String && secretName.MatchString(f.Name) && f.Type != reflect.TypeFor[rotate.Proof]() {
				found = append(found, at)
			}
			found = append(found, secrets(at, f.Type, seen)...)
		}
	}
	return found
}

// TestS21_NoMethodSetsAPasswordForACustomer: no method that staff could call
// takes a secret of an account that is there, or gives one away.
//
// A method that is in none of the three lists fails the test: say here which kind
// it is.
func TestS21_NoMethodSetsAPasswordForACustomer(t *testing.T, open Open) {
	// These take the customer's own proofs, or session.
	byProof := []string{
		"Admit", "Change", "Confirm", "Continue", "EndSession", "Enroll", "Login", "RecoveryCodes", "Reset", "StepUp", "Unenroll",
	}
	// These make a credential where there is none.
	ofNobody := []string{"Create", "Draft", "Import", "SignUp"}
	// These are all that a shop or its staff may do with an account that is there.
	byShop := []string{
		"AddKey", "Deliver", "Describe", "DropKey", "EndSessions", "Erase", "Events", "Export", "Force", "Issue", "List", "Lookup", "Move",
		"Orders", "PolicyProgress", "Preview", "Progress", "PromoteKey", "Regroup", "Restored", "Run", "Sweep", "Unlock", "Valid", "Withdraw", "Within",
	}
	keeper := reflect.TypeFor[*rotate.Keeper]()
	var all []string
	for i := range keeper.NumMethod() {
		all = append(all, keeper.Method(i).Name)
	}
	listed := slices.Concat(byProof, ofNobody, byShop)
	slices.Sort(listed)
	require.Equal(t, all, listed)
	allowed := map[string][]string{
		// The one that mails is the one that asks; the ticket proves nothing in
		// another browser than the customer's own.
		"Issue": {"Issue out.Ticket"},
		// A session of a Decision; Valid is given one and gives it back.
		"Valid": {"Valid out.Ticket"},
		// The name of a rule, as in "too_short".
		"Describe": {"Describe out.Code"},
	}
	for _, name := range byShop {
		m, _ := keeper.MethodByName(name)
		var found []string
		for i := 2; i < m.Type.NumIn(); i++ {
			if in := m.Type.In(i); in != reflect.TypeFor[rotate.Store]() {
				found = append(found, secrets(name+" in", in, map[reflect.Type]bool{})...)
			}
		}
		for i := range m.Type.NumOut() {
			if out := m.Type.Out(i); out != keeper && out != reflect.TypeFor[error]() {
				found = append(found, secrets(name+" out", out, map[reflect.Type]bool{})...)
			}
		}
		require.ElementsMatch(t, allowed[name], found, name)
	}
	require.NotEmpty(t, secrets("", reflect.TypeFor[rotate.Proofs](), map[reflect.Type]bool{}), "the search finds what is there")

	// Nor does one that makes a credential touch one that is there.
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	password, s := r.signUp("a")
	_, _, codes := r.enroll(s, password)
	before := r.row("a")
	for _, a := range []rotate.NewAccount{
		{Account: "a", Password: newSecret(), Browser: browser}, {Account: "a", Password: newSecret(), FirstUse: true}, {Account: "a", NoPassword: true},
	} {
		_, err := r.SignUp(r.ctx, a)
		require.ErrorIs(t, err, rotate.ErrExists)
		a.Account = ""
		d, err := r.Draft(r.ctx, a)
		require.NoError(t, err)
		_, err = r.Create(r.ctx, d.For("a"))
		require.ErrorIs(t, err, rotate.ErrExists)
	}
	require.Equal(t, rotate.ImportReport{Kept: 1}, r.imported(rotate.Imported{Account: "a", Encoded: countingPrefix + "x"}))
	equalRow(t, before, r.row("a"))

	// What staff can do leaves the password and the factor as they are.
	for what, do := range map[string]func() error{
		"EndSessions": func() error { return r.EndSessions(r.ctx, "a", "staff-1") },
		"Unlock":      func() error { return r.Unlock(r.ctx, "a", "staff-1") },
		"Regroup":     func() error { return r.Regroup(r.ctx, "a", "elsewhere", "staff-1") },
		"Sweep":       func() error { _, err := r.Sweep(r.ctx, 0); return err },
		"Issue": func() error {
			_, err := r.Issue(r.ctx, rotate.Request{Account: "a", Vouched: "staff-1"})
			return err
		},
	} {
		require.NoError(t, do(), what)
		after := r.row("a")
		require.Equal(t, before.Password, after.Password, what)
		require.Equal(t, before.Factor, after.Factor, what)
		require.Equal(t, before.Recovery, after.Recovery, what)
	}
	d, err := r.Login(r.ctx, withRecovery("a", password, codes[0]))
	r.next(rotate.Proceed, d, err)
}
