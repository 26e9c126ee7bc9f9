package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

const day = 24 * time.Hour

// notices are the reminders and forced changes told of an account so far.
func (r *realm) notices(account string) (list []rotate.Event) {
	r.t.Helper()
	events, err := r.store.Events(r.ctx, account, "", 1000)
	require.NoError(r.t, err)
	for _, e := range slices.Backward(events) {
		if e.Kind == rotate.ChangeReminder || e.Kind == rotate.ChangeForced {
			list = append(list, e)
		}
	}
	return list
}

// swept sweeps, and requires that sweeping again, also by another instance,
// changes nothing and tells nothing.
func (r *realm) swept() rotate.Report {
	r.t.Helper()
	report, err := r.Sweep(r.ctx, 0)
	require.NoError(r.t, err)
	require.True(r.t, report.Done)
	rows, err := r.store.Page(r.ctx, rotate.Query{})
	require.NoError(r.t, err)
	told := paged(r.ctx, r.t, r.store, "", 500)
	for _, k := range []*rotate.Keeper{r.Keeper, r.again()} {
		again, err := k.Sweep(r.ctx, 0)
		require.NoError(r.t, err)
		require.Equal(r.t, rotate.Report{Rows: len(rows), Done: true}, again)
	}
	after, err := r.store.Page(r.ctx, rotate.Query{})
	require.NoError(r.t, err)
	require.Equal(r.t, rows, after)
	require.Equal(r.t, told, paged(r.ctx, r.t, r.store, "", 500))
	return report
}

// TestS22_RemindersThenTheChange: once each, 14, 7, 3 and 1 days before, to the
// microsecond, and once when it is due; for orders with grace and for ages.
func TestS22_RemindersThenTheChange(t *testing.T, open Open) {
	for _, reason := range []rotate.Reason{rotate.PolicyRaised, rotate.AdminReset, rotate.Age} {
		r := newRealm(t, open, rules(func(r *rotate.Rules) {
			require.Equal(t, []time.Duration{14 * day, 7 * day, 3 * day, day}, r.Remind)
			if reason == rotate.Age {
				r.ForbidAge, r.MaxAge = false, 60*day
			}
		}))
		accounts := []string{"a", "b", "c"}
		for _, a := range accounts {
			r.signUp(a)
		}
		by := r.clock.Now().Add(60 * day)
		var id rotate.ID
		if reason != rotate.Age {
			id = r.force(rotate.Order{Reason: reason, Grace: 60 * day})
		}
		require.Zero(t, r.swept().Reminded)
		told := 0
		for _, before := range []time.Duration{14 * day, 7 * day, 3 * day, day, 0} {
			r.clock.micros.Store(by.Add(-before - time.Microsecond).UnixMicro())
			require.Zero(t, r.swept().Reminded, before)
			r.clock.advance(time.Microsecond)
			require.Equal(t, len(accounts), r.swept().Reminded, before)
			told++
			for _, a := range accounts {
				list := r.notices(a)
				require.Len(t, list, told)
				e := list[told-1]
				want := rotate.ChangeReminder
				if before == 0 {
					want = rotate.ChangeForced
				}
				require.Equal(t, rotate.Event{ID: e.ID, At: r.clock.Now(), Kind: want, Account: a, Reason: reason, By: by, Order: id}, e)
			}
		}
		for range 5 {
			r.clock.advance(10 * day)
			require.Zero(t, r.swept().Reminded)
		}
	}
}

// TestS22_OneInstanceReminds: of many that sweep at once.
func TestS22_OneInstanceReminds(t *testing.T, open Open) {
	r := newRealm(t, open)
	for i := range 30 {
		r.signUp(fmt.Sprint("c-", i))
	}
	r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: 7 * day})
	parallel(t, 6, func(int) error {
		_, err := r.again().Sweep(r.ctx, 0)
		return err
	})
	r.swept()
	for i := range 30 {
		require.Len(t, r.notices(fmt.Sprint("c-", i)), 1)
	}
}

// TestS22_WhatEndsReminders: a change, a withdrawal; while another deadline begins
// anew, and what was slept through is told once.
func TestS22_WhatEndsReminders(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("changed")
	r.signUp("a")
	first := r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: 20 * day})
	r.clock.advance(6 * day)
	require.Equal(t, 2, r.swept().Reminded)
	r.change(s, password)
	r.clock.advance(12 * day) // past 7 and 3 days
	require.Equal(t, 1, r.swept().Reminded)
	require.Len(t, r.notices("changed"), 1)
	require.Len(t, r.notices("a"), 2)
	require.NoError(t, r.Withdraw(r.ctx, first, "staff-1", ""))
	r.clock.advance(day)
	require.Zero(t, r.swept().Reminded)

	second := r.force(rotate.Order{Account: "a", Reason: rotate.PolicyRaised, Grace: 2 * day})
	require.Equal(t, 1, r.swept().Reminded)
	last := r.notices("a")[2]
	require.Equal(t, second, last.Order)
	require.Equal(t, r.clock.Now().Add(2*day), last.By)
	r.clock.advance(30 * day)
	require.Equal(t, 1, r.swept().Reminded)
	require.Equal(t, rotate.ChangeForced, r.notices("a")[3].Kind)

	// What is due at once is told once, without a reminder.
	r.force(rotate.Order{Account: "changed", Reason: rotate.Compromise})
	require.Equal(t, 1, r.swept().Reminded)
	require.Equal(t, rotate.ChangeForced, r.notices("changed")[1].Kind)
	require.Equal(t, rotate.Compromise, r.notices("changed")[1].Reason)
}

// TestS22_NoticesCarryNoLinkAndNoCode: an event of a forced change names the
// account, why and until when, and nothing else; and no order, sweep or delivery
// makes a ticket.
func TestS22_NoticesCarryNoLinkAndNoCode(t *testing.T, open Open) {
	var got []rotate.Event
	r := newRealm(t, open, func(c *rotate.Config) {
		c.Events = func(_ context.Context, e rotate.Event) error {
			got = append(got, e)
			return nil
		}
	})
	password, s := r.signUp("a")
	r.enroll(s, password)
	for _, reason := range rotate.Reasons() {
		r.signUp(string(reason))
		grace := 20 * day
		if reason == rotate.Compromise {
			grace = 0
		}
		r.force(rotate.Order{Account: string(reason), Reason: reason, Grace: grace, Note: "see https://shop.example/admin"})
	}
	for range 25 {
		r.swept()
		r.clock.advance(day)
	}
	_, err := r.Deliver(r.ctx)
	require.NoError(t, err)
	told := map[rotate.Kind]int{}
	for _, e := range got {
		told[e.Kind]++
		if e.Kind != rotate.ChangeForced && e.Kind != rotate.ChangeReminder {
			continue
		}
		text, err := json.Marshal(e)
		require.NoError(t, err)
		var fields map[string]string
		require.NoError(t, json.Unmarshal(text, &fields))
		require.ElementsMatch(t, []string{"id", "at", "kind", "account", "reason", "by", "order"}, slices.Collect(maps.Keys(fields)))
		require.NotContains(t, string(text), "/", "a link")
		require.Regexp(t, "^[A-Z2-7]{26}$", e.ID)
		require.Equal(t, e.Account, string(e.Reason))
	}
	require.Equal(t, len(rotate.Reasons()), told[rotate.ChangeForced])
	require.Equal(t, 4*(len(rotate.Reasons())-1), told[rotate.ChangeReminder])
	require.Equal(t, len(rotate.Reasons()), told[rotate.OrderPlaced])
	require.Zero(t, told[rotate.ResetIssued], "a ticket nobody asked for")
	require.NotContains(t, fmt.Sprintf("%+v", got), "shop.example")
}

// TestS22_ATicketIsMailedOnTheCustomersOwnAction: one that was made without the
// customer's browser, as for a mail to everybody, satisfies no compromise, even
// where staff vouches; one that the customer asked for does.
func TestS22_ATicketIsMailedOnTheCustomersOwnAction(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	r.force(rotate.Order{Reason: rotate.Compromise})
	r.swept()
	d, err := r.Login(r.ctx, attempt("a", password))
	ticket := r.next(rotate.NeedNewPassword, d, err).Ticket
	require.NotContains(t, r.kinds("a"), rotate.ResetIssued)
	for what, request := range map[string]rotate.Request{
		"to everybody": {Account: "a"}, "vouched": {Account: "a", Vouched: "staff-1"}, "elsewhere": {Account: "a", Browser: otherBrowser},
	} {
		i, err := r.Issue(r.ctx, request)
		require.NoError(t, err)
		require.NotEmpty(t, i.Ticket)
		p := rotate.Proofs{NewPassword: newSecret(), Mailed: i.Ticket, Browser: browser}
		_, err = r.Continue(r.ctx, ticket, p)
		require.ErrorIs(t, err, rotate.ErrProof, what)
		_, err = r.Reset(r.ctx, i.Ticket, p)
		require.ErrorIs(t, err, rotate.ErrProof, what)
		r.clock.advance(time.Minute)
	}
	r.clock.advance(2 * time.Minute)
	i, err := r.Issue(r.ctx, rotate.Request{Account: "a", Vouched: "staff-1", Browser: browser})
	require.NoError(t, err)
	_, err = r.Reset(r.ctx, i.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(fmt.Sprint(r.kinds("a")), string(rotate.ResetIssued)))
}

// TestS22_AClockAheadRemindsOnce: where the instance that placed an order runs
// ahead of the one that sweeps, the change is told once all the same.
func TestS22_AClockAheadRemindsOnce(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	ahead := r.again(func(c *rotate.Config) { c.Now = func() time.Time { return r.clock.Now().Add(time.Hour) } })
	_, err := ahead.Force(r.ctx, rotate.Order{Reason: rotate.PolicyRaised, Actor: "staff-1", Expect: 1})
	require.NoError(t, err)
	for range 100 {
		r.swept()
		r.clock.advance(time.Minute)
	}
	require.Len(t, r.notices("a"), 1)
}
