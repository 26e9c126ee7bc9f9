package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

const year = 365 * 24 * time.Hour

// refusedFor requires that a new password was refused for this alone.
func refusedFor(t *testing.T, code string, err error, at ...any) {
	t.Helper()
	var refusal *policy.Refusal
	require.ErrorAs(t, err, &refusal, at...)
	require.Len(t, refusal.Problems, 1, at...)
	require.Equal(t, code, refusal.Problems[0].Code, at...)
}

// waited is how much time passes in each call of chooses.
const waited = 25*time.Hour + time.Microsecond

// chooses tries a new password in every way there is, with all that each needs.
// It is refused in all of them, or accepted in the last.
func (r *realm) chooses(account, current, password string) (err error) {
	r.t.Helper()
	// The counter of mails, and the last ticket of a sign-in, are left behind.
	r.clock.advance(waited - time.Microsecond)
	mail := r.mailed(account, browser)
	_, changed := r.Change(r.ctx, r.alone(account), rotate.Proofs{Password: current, NewPassword: password, Mailed: mail, Browser: browser})
	if changed == nil {
		return nil
	}
	_, reset := r.Reset(r.ctx, mail, rotate.Proofs{NewPassword: password, Browser: browser})
	require.Error(r.t, reset)
	require.Equal(r.t, changed.Error(), reset.Error())
	d, err := r.Login(r.ctx, attempt(account, current))
	require.NoError(r.t, err)
	if d.Next == rotate.NeedNewPassword {
		_, continued := r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Mailed: mail, Browser: browser})
		require.Error(r.t, continued)
		require.Equal(r.t, changed.Error(), continued.Error())
	}
	return changed
}

// replaced makes a password due for a reason and replaces it out of band.
func (r *realm) replaced(account, password string, reason rotate.Reason) (fresh string) {
	r.t.Helper()
	fresh = newSecret()
	r.force(rotate.Order{Account: account, Reason: reason})
	r.clock.advance(25 * time.Hour)
	d, err := r.Login(r.ctx, attempt(account, password))
	d = r.next(rotate.NeedNewPassword, d, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: fresh, Mailed: r.mailed(account, browser), Browser: browser})
	r.next(rotate.Proceed, d, err)
	return fresh
}

// TestS17_ABurnedPasswordStaysBurned: one that was replaced after a compromise or
// a breach is refused for a year, to the microsecond, although no history is
// kept; one that was replaced for another reason, unless it was handed out, may
// come back at once.
func TestS17_ABurnedPasswordStaysBurned(t *testing.T, open Open) {
	leaked := known{}
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History, r.HistoryFor = 0, 0 }), func(c *rotate.Config) {
		c.Breach = []policy.List{leaked}
	})
	for _, reason := range rotate.Reasons() {
		account := string(reason)
		old, _ := r.signUp(account)
		var current string
		if reason == rotate.Breached {
			// Not by an order, but found at the sign-in.
			leaked[old] = true
			d, err := r.Login(r.ctx, attempt(account, old))
			d = r.next(rotate.NeedNewPassword, d, err)
			current = newSecret()
			d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: current, Mailed: r.mailed(account, browser), Browser: browser})
			r.next(rotate.Proceed, d, err)
			delete(leaked, old)
		} else {
			current = r.replaced(account, old, reason)
		}
		burned := reason == rotate.Compromise || reason == rotate.Breached
		at := r.clock.Now()
		if reason == rotate.FirstUse {
			continue // for ever: TestS17_AFirstPasswordNeverStays
		}
		if !burned {
			require.Empty(t, r.row(account).Retired, reason)
			require.NoError(t, r.chooses(account, current, old), reason)
			continue
		}
		refusedFor(t, policy.Reused, r.chooses(account, current, old), reason)
		// Other passwords in between, and sweeps, change nothing.
		for range 3 {
			fresh := newSecret()
			require.NoError(t, r.chooses(account, current, fresh))
			current = fresh
			_, err := r.Sweep(r.ctx, 0)
			require.NoError(t, err)
		}
		require.Len(t, r.row(account).Retired, 1, "the others are no history")
		r.force(rotate.Order{Account: account, Reason: rotate.PolicyRaised})
		refusedFor(t, policy.Reused, r.chooses(account, current, old), reason)
		row := r.row(account).Retired[0]
		require.Equal(t, at, row.At)
		require.Equal(t, at.Add(year), row.Until)
		require.True(t, row.Burned)

		r.clock.micros.Store(at.Add(year - waited - time.Microsecond).UnixMicro())
		_, err := r.Sweep(r.ctx, 0)
		require.NoError(t, err)
		refusedFor(t, policy.Reused, r.chooses(account, current, old), reason)
		r.clock.micros.Store(at.Add(year - waited).UnixMicro())
		require.NoError(t, r.chooses(account, current, old), reason)
	}
}

// TestS17_LessThanAYearIsNoRule: rules cannot make it shorter.
func TestS17_LessThanAYearIsNoRule(t *testing.T, open Open) {
	r := newRealm(t, open)
	for _, preset := range []rotate.Rules{rotate.ShopCustomer(), rotate.ShopStaff(), rotate.NIST63B4(), rotate.PCI401Staff(), rotate.ASVS5()} {
		require.NoError(t, preset.Validate())
		require.GreaterOrEqual(t, preset.BurnedFor, year, preset.Name)
		preset.BurnedFor = year - 1
		require.ErrorIs(t, preset.Validate(), rotate.ErrRules)
	}
	c := r.config
	rules(func(r *rotate.Rules) { r.BurnedFor = year - 1 })(&c)
	_, err := rotate.New(c)
	require.ErrorIs(t, err, rotate.ErrRules)
}

// staff are the presets for staff without their factor and their age limit,
// which are none of this rule's business.
func staff(preset rotate.Rules) func(*rotate.Config) {
	return rules(func(r *rotate.Rules) {
		*r = preset
		r.RequireFactor, r.MaxAge, r.Remind = false, 0, nil
	})
}

// TestS17_TheLastFourAndTwelveMonths: staff presets refuse the last four former
// passwords for ever, and every other one for a year after it was replaced.
func TestS17_TheLastFourAndTwelveMonths(t *testing.T, open Open) {
	for _, preset := range []rotate.Rules{rotate.ShopStaff(), rotate.PCI401Staff()} {
		r := newRealm(t, open, staff(preset))
		current, _ := r.signUp("a")
		type former struct {
			password string
			at       time.Time
		}
		var list []former // oldest first
		for range 6 {
			fresh := newSecret()
			require.NoError(t, r.chooses("a", current, fresh))
			list = append(list, former{current, r.clock.Now()})
			current = fresh
		}
		refusedFor(t, policy.SameAsCurrent, r.chooses("a", current, current))
		for i, f := range list {
			refusedFor(t, policy.Reused, r.chooses("a", current, f.password), preset.Name, i)
		}
		// A year after the sixth last was replaced it is free, and no other is.
		r.clock.micros.Store(list[0].at.Add(year - waited - time.Microsecond).UnixMicro())
		refusedFor(t, policy.Reused, r.chooses("a", current, list[0].password))
		r.clock.micros.Store(list[0].at.Add(year - waited).UnixMicro())
		for _, f := range list[1:] {
			refusedFor(t, policy.Reused, r.changes(current, f.password))
		}
		require.NoError(t, r.chooses("a", current, list[0].password))
		list, current = append(list, former{current, r.clock.Now()}), list[0].password
		// Many years later the last four still are refused, and the others are not.
		r.clock.advance(10 * year)
		_, err := r.Sweep(r.ctx, 0)
		require.NoError(t, err)
		require.Len(t, r.row("a").Retired, 4)
		for i, f := range list[len(list)-4:] {
			refusedFor(t, policy.Reused, r.chooses("a", current, f.password), preset.Name, i)
		}
		require.NoError(t, r.chooses("a", current, list[1].password))
	}
}

// changes tries one change without letting time pass.
func (r *realm) changes(current, password string) error {
	r.t.Helper()
	_, err := r.Change(r.ctx, r.alone("a"), rotate.Proofs{Password: current, NewPassword: password, Browser: browser})
	return err
}

// TestS17_ABurnedOneIsAmongTheLastFour: its year does not free a password that
// the history would hold longer, had nobody stolen it.
func TestS17_ABurnedOneIsAmongTheLastFour(t *testing.T, open Open) {
	r := newRealm(t, open, staff(rotate.ShopStaff()))
	old, _ := r.signUp("a")
	current := r.replaced("a", old, rotate.Compromise)
	for i := range 4 {
		r.clock.advance(2 * year)
		_, err := r.Sweep(r.ctx, 0)
		require.NoError(t, err)
		refusedFor(t, policy.Reused, r.chooses("a", current, old), i)
		fresh := newSecret()
		require.NoError(t, r.chooses("a", current, fresh))
		current = fresh
	}
	require.NoError(t, r.chooses("a", current, old))
}

// TestS17_ABreachFoundMeanwhileBurns: what was found while a change was under way
// burns the password that the change replaces.
func TestS17_ABreachFoundMeanwhileBurns(t *testing.T, open Open) {
	leaked := known{}
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History = 0 }), func(c *rotate.Config) { c.Breach = []policy.List{leaked} })
	old, s := r.signUp("a")
	leaked[old] = true
	fresh := newSecret()
	_, err := r.between(1, func() {
		d, err := r.Login(r.ctx, attempt("a", old))
		r.next(rotate.NeedNewPassword, d, err)
	}).Change(r.ctx, s, rotate.Proofs{Password: old, NewPassword: fresh, Browser: browser})
	require.NoError(t, err)
	delete(leaked, old)
	refusedFor(t, policy.Reused, r.chooses("a", fresh, old))
}

// TestS17_NothingUnburns: not another account id, another group, another key, a
// factor, or another way to type it.
func TestS17_NothingUnburns(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	typed := "Stra\u00dfe nach A\u030angstro\u0308m 7"
	require.NotEqual(t, typed, norm.NFC.String(typed))
	current, _ := r.signUp("a")
	require.NoError(t, r.chooses("a", current, typed))
	current = r.replaced("a", typed, rotate.Compromise)
	for what, do := range map[string]func(){
		"nothing": func() {},
		"group":   func() { require.NoError(t, r.Regroup(r.ctx, "a", "elsewhere", "staff-1")) },
		"key": func() {
			require.NoError(t, r.PromoteKey(r.ctx, func() string { id := r.newKey(); require.NoError(t, r.AddKey(r.ctx, id, "staff-1")); return id }(), "staff-1"))
			_, err := r.Sweep(r.ctx, 0)
			require.NoError(t, err)
		},
		"id": func() {
			r.customers.add("b", rotate.Foreign{})
			require.NoError(t, r.Move(r.ctx, "a", "b", "staff-1"))
			require.NoError(t, r.Move(r.ctx, "b", "a", "staff-1"))
		},
		"factor": func() {
			s, _, codes := r.enroll(r.alone("a"), current)
			_, err := r.Unenroll(r.ctx, s, rotate.Proofs{Password: current, Recovery: codes[0].Reveal(), Browser: browser})
			require.NoError(t, err)
		},
	} {
		do()
		for _, form := range []string{typed, norm.NFC.String(typed), norm.NFD.String(typed)} {
			refusedFor(t, policy.Reused, r.chooses("a", current, form), what)
		}
	}
	require.Len(t, r.row("a").Retired, 1, fmt.Sprint(r.kinds("a")))
}
