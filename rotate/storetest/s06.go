package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// due reports what is due for an account.
func (r *realm) due(account string) rotate.Due {
	r.t.Helper()
	s, err := r.Lookup(r.ctx, account)
	require.NoError(r.t, err)
	return s.Due
}

// TestS06_OrdersAreMatchedBySequence: no clock, of whichever instance, lets a
// password escape an order or makes one due that was written after it.
func TestS06_OrdersAreMatchedBySequence(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	for _, skew := range []time.Duration{time.Hour, -time.Hour, 0} {
		r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised})
		require.True(t, r.due("a").Open())
		// An instance whose clock is off writes the new password.
		skewed := r.again(func(c *rotate.Config) { c.Now = func() time.Time { return r.clock.Now().Add(skew) } })
		d, err := skewed.Login(r.ctx, attempt("a", password))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		password = newSecret()
		d, err = skewed.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.Proceed, d.Next)
		require.False(t, r.due("a").Open(), skew)
		require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)
		// The next order finds it due, although the clock says that the password
		// is younger than the order.
		r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised})
		require.True(t, r.due("a").Open(), skew)
		d, err = r.Login(r.ctx, attempt("a", password))
		require.NoError(t, err)
		password = newSecret()
		_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
		require.NoError(t, err)
	}
}

// TestS06_TheSequenceOfAFlowIsTheOneItBeganWith: an order placed while a change
// is under way binds the password that comes out of it.
func TestS06_TheSequenceOfAFlowIsTheOneItBeganWith(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	k := r.between(1, func() { r.force(rotate.Order{Reason: rotate.PolicyRaised}) })
	fresh := newSecret()
	_, err := k.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
	require.NoError(t, err)
	require.True(t, r.due("a").Open())

	// A sign-up as well.
	d, err := r.Draft(r.ctx, rotate.NewAccount{Password: newSecret(), Browser: browser})
	require.NoError(t, err)
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	_, err = r.Create(r.ctx, d.For("b"))
	require.NoError(t, err)
	require.True(t, r.due("b").Open())
}

// TestS06_Selection: group, time and account narrow an order, unknown times
// count as oldest, and rows that come later are concerned too.
func TestS06_Selection(t *testing.T, open Open) {
	profile := func(c *rotate.Config) {
		rules(func(*rotate.Rules) {})(c)
		c.Sources = rotate.SourceLimit{Off: true}
	}
	r := newRealm(t, open, profile)
	at := r.clock.Now()
	rows := func(yield func(rotate.Imported, error) bool) {
		for _, row := range []rotate.Imported{
			{Account: "old", Group: "store-1/customers", Changed: at.Add(-time.Hour)},
			{Account: "new", Group: "store-1/customers", Changed: at},
			{Account: "unknown", Group: "store-1"},
			{Account: "near", Group: "store-10/customers"},
			{Account: "staff", Group: "staff"},
		} {
			row.Encoded = countingPrefix + "password"
			if !yield(row, nil) {
				return
			}
		}
	}
	for _, c := range []struct {
		order rotate.Order
		want  []string
	}{
		{rotate.Order{}, []string{"near", "new", "old", "staff", "unknown"}},
		{rotate.Order{Group: "store-1"}, []string{"new", "old", "unknown"}},
		{rotate.Order{Group: "store-1/customers"}, []string{"new", "old"}},
		{rotate.Order{Group: "store-1", Before: at}, []string{"old", "unknown"}},
		{rotate.Order{Account: "staff"}, []string{"staff"}},
		{rotate.Order{Account: "staff", Group: "store-1"}, nil},
		{rotate.Order{Group: "store"}, nil},
	} {
		c.order.Reason = rotate.WeakHash
		id := r.force(c.order)
		report, err := r.Import(r.ctx, rows)
		require.NoError(t, err)
		require.Zero(t, report.Refused)
		var got []string
		list, err := r.List(r.ctx, rotate.Query{})
		require.NoError(t, err)
		for _, s := range list {
			row := r.row(s.Account)
			require.Zero(t, row.ClearedSeq, "an imported row has cleared nothing")
			orders, err := r.Orders(r.ctx)
			require.NoError(t, err)
			i := slices.IndexFunc(orders, func(o rotate.Order) bool { return o.ID == id })
			if orders[i].Matches(&row) {
				got = append(got, s.Account)
			}
		}
		require.Equal(t, c.want, got, c.order)
		progress, err := r.Progress(r.ctx, id)
		require.NoError(t, err)
		require.Equal(t, len(c.want), progress.Left)
		require.NoError(t, r.Withdraw(r.ctx, id, "staff-1", "next row of the table"))
	}
}

// TestS06_AnOrderNeverUndues: whatever happens to an account but a new password,
// a withdrawal or its end, it stays due.
func TestS06_AnOrderNeverUndues(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) {}))
	password, s := r.signUp("a")
	s, secret, _ := r.enroll(s, password)
	r.force(rotate.Order{Group: "customers", Reason: rotate.PolicyRaised, Grace: 100 * 24 * time.Hour})
	by := r.due("a").By
	for what, do := range map[string]func(){
		"sign-in": func() {
			d, err := r.Login(r.ctx, rotate.Attempt{Name: name("a"), Password: password, Browser: browser, Code: secret.Code(r.clock.Now())})
			require.NoError(t, err)
			require.Equal(t, rotate.Proceed, d.Next)
			s = d.Session
		},
		"step-up": func() {
			d, err := r.StepUp(r.ctx, s, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
			require.NoError(t, err)
			s = d.Session
		},
		"sweep": func() { _, err := r.Sweep(r.ctx, 0); require.NoError(t, err) },
		"group": func() { require.NoError(t, r.Regroup(r.ctx, "a", "elsewhere", "staff-1")) },
		"back":  func() { require.NoError(t, r.Regroup(r.ctx, "a", "customers", "staff-1")) },
		"move": func() {
			require.NoError(t, r.Move(r.ctx, "a", "moved", "staff-1"))
			require.True(t, r.due("moved").Open())
			require.NoError(t, r.Move(r.ctx, "moved", "a", "staff-1"))
		},
		"end sessions": func() { require.NoError(t, r.EndSessions(r.ctx, "a", "staff-1")) },
		"unlock":       func() { require.NoError(t, r.Unlock(r.ctx, "a", "staff-1")) },
	} {
		s2, err := r.Login(r.ctx, rotate.Attempt{Name: name("a"), Password: password, Browser: browser, Code: secret.Code(r.clock.Now())})
		require.NoError(t, err)
		s = s2.Session
		r.clock.advance(time.Minute)
		do()
		r.clock.advance(time.Minute)
		due := r.due("a")
		require.True(t, due.Open(), what)
		require.Equal(t, by, due.By, what)
		require.Equal(t, rotate.PolicyRaised, due.Reason, what)
	}
}

// TestS06_JitterMakesAgesEarlierOnly: and touches no order.
func TestS06_JitterMakesAgesEarlierOnly(t *testing.T, open Open) {
	const age, spread = 90 * 24 * time.Hour, 10 * 24 * time.Hour
	r := newRealm(t, open, rules(func(r *rotate.Rules) {
		r.ForbidAge, r.MaxAge, r.Jitter, r.Remind = false, age, spread, nil
	}))
	changed := r.clock.Now()
	ends := map[time.Duration]bool{}
	for _, account := range []string{"a", "b", "c", "d", "e"} {
		_, s := r.signUp(account)
		row := r.row(account)
		due := r.rules().Due(&row, nil, changed.Add(age))
		require.True(t, due.Open())
		early := changed.Add(age).Sub(due.By)
		require.GreaterOrEqual(t, early, time.Duration(0))
		require.Less(t, early, spread)
		ends[early] = true
		require.False(t, r.rules().Due(&row, nil, due.By.Add(-time.Microsecond)).Open())
		require.Equal(t, rotate.Proceed, r.valid(s).Next)
	}
	require.Greater(t, len(ends), 3, "one day for all")
	r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised, Grace: 24 * time.Hour})
	require.Equal(t, r.clock.Now().Add(24*time.Hour), r.due("a").By)
}
