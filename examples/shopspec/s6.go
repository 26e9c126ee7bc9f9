package shopspec

import (
	"bytes"
	"strconv"
	"sync"
	"time"
)

const year = 365 * 24 * time.Hour

// numberOf reads a number that an answer shows.
func (p *play) numberOf(what string, a Answer, f Field) int {
	text := p.mustHave(what, a, f)
	n, err := strconv.Atoi(text)
	if !p.isOver() && !p.check(what, err == nil, "a number", text, a) {
		p.end()
	}
	return n
}

// cohort orders new passwords for accounts whose password is of a time before a
// day that few accounts are older than.
func cohort(p *play) {
	now := p.now(0)
	day := now.Add(-9 * year).UTC().Truncate(24 * time.Hour)
	note := "shopspec " + newTag()
	order := Fields{Group: GroupCustomers, Before: day.Format(time.DateOnly), Reason: PolicyRaised, Grace: "0", Note: note}
	staff := p.staff()
	before := staff.do(CountOrder, order)
	p.must("an order is counted before it is placed", before, Passed)
	others := p.numberOf("the dry run shows a count", before, Count)

	var in, out []*visitor
	var members []customer
	for i, changed := range []time.Time{now.Add(-10 * year), now.Add(-10 * year), day.Add(-time.Second), day, now.Add(-8 * year), {}} {
		c := p.seed(Account{Created: now.Add(-11 * year), Changed: changed})
		if i < 3 {
			members, in = append(members, c), append(in, p.signIn(&c))
			continue
		}
		out = append(out, p.signIn(&c))
	}
	staff = p.staff()
	a := staff.do(CountOrder, order)
	n := p.numberOf("the dry run shows a count", a, Count)
	p.check("the dry run counts those accounts and no others", n == others+len(members), sprint(others+len(members)), sprint(n), a)
	for _, v := range append(in, out...) {
		p.want("a dry run stops nobody", v.do(Page, nil), Passed)
	}
	order[Count] = sprint(2*n + 5)
	a = staff.do(PlaceOrder, order)
	p.check("an order that concerns others than were counted is not placed", a.Outcome != Passed, "another answer", a.String(), a)
	p.want("an order that is not placed stops nobody", in[0].do(Page, nil), Passed)

	order[Count] = sprint(n)
	p.must("an order is placed", staff.do(PlaceOrder, order), Passed)
	withdraw := sync.OnceFunc(func() { p.withdraw(note) })
	defer p.cleanUp(withdraw)
	for _, v := range in {
		p.want("those accounts are stopped", v.soon(Page, nil, NeedPassword), NeedPassword)
	}
	for _, v := range out {
		p.want("no others are stopped", v.do(Page, nil), Passed)
	}
	left := func(want int) {
		a := staff.do(Orders, Fields{Note: note})
		n := p.numberOf("the progress is shown", a, Left)
		p.check("the progress is right", n == want, sprint(want), sprint(n), a)
	}
	left(n)
	p.must("a member changes", in[0].do(ChangePassword, Fields{Password: members[0].password, NewPassword: p.password()}), Passed)
	p.want("who has changed goes on", in[0].do(Page, nil), Passed)
	left(n - 1)

	audit := staff.do(Audit, nil)
	p.want("there is an audit trail", audit, Passed)
	p.check("the audit trail says why", bytes.Contains(audit.Body, []byte(note)), "the note of the order", "it is not there", audit)
	withdraw()
	p.want("a withdrawn order stops nobody", in[1].soon(Page, nil, Passed), Passed)
	audit = staff.do(Audit, nil)
	p.check("the audit trail says that it was withdrawn", bytes.Contains(audit.Body, []byte(note+" is over")), "the note of the withdrawal", "it is not there", audit)
}

// withdraw ends an order, by its note, if it stands.
func (p *play) withdraw(note string) {
	v := p.staff()
	id := v.do(Orders, Fields{Note: note}).Value(Order)
	if id == "" {
		return
	}
	p.want("an order is withdrawn", v.do(Withdraw, Fields{Order: id, Note: note + " is over"}), Passed)
}

const graceDays = 14

func grace(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	staff := p.staff()
	staff.order(Fields{ID: staff.accountID(&c), Reason: PolicyRaised, Grace: sprint(graceDays), Note: "shopspec " + newTag()})
	p.want("an open session goes on before the time", v.do(Page, nil), Passed)
	p.signIn(&c)
	p.advance((graceDays - 1) * 24 * time.Hour)
	p.signIn(&c)
	p.advance(2 * 24 * time.Hour)
	a := p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password})
	p.want("after the time a sign-in leads to the change", a, NeedPassword)
}

// ahead is how far a clock may be off that nobody has set.
const ahead = 10 * time.Minute

// fastClock changes a password where the clock is ahead, so that the change
// looks younger than an order that comes after it.
func fastClock(p *play) {
	at := len(p.shop.Instances) - 1
	c := p.customer()
	p.move(at, ahead)
	back := sync.OnceFunc(func() { p.move(at, -ahead) })
	defer p.cleanUp(back)
	v := p.signInAt(at, &c)
	fresh := p.password()
	p.must("a new password is accepted", v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	p.want("who has changed goes on", v.do(Page, nil), Passed)
	c.password = fresh
	if at == 0 {
		back()
	}
	p.force(&c, PolicyRaised)
	p.want("an order stops who changed on a fast clock", v.soon(Page, nil, NeedPassword), NeedPassword)
	p.want("it stops new sign-ins", p.visitor().do(SignIn, Fields{Email: c.email, Password: fresh}), NeedPassword)
	change := Fields{Password: fresh, NewPassword: p.password()}
	a := v.do(ChangePassword, change)
	if a.Outcome == Wait {
		// A limit by address may go by the clock that was ahead.
		p.advance(a.RetryAfter() + time.Second)
		a = v.do(ChangePassword, change)
	}
	p.must("who is stopped can change", a, Passed)
	p.want("who has changed since goes on", v.do(Page, nil), Passed)
}
