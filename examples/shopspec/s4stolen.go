package shopspec

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tillkey/tillkey/policy"
)

// stolenPassword is the case that a forced change exists for: who has the old
// password is not who should choose the new one.
func stolenPassword(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	p.force(&c, Compromise)
	p.must("open sessions are over", v.soon(Page, nil, Denied), Denied)

	thief, fresh := p.visitor(), p.password()
	a := thief.do(SignIn, Fields{Email: c.email, Password: c.password})
	p.want("the old password signs nobody in", a, NeedProof, NeedPassword, Denied)
	p.want("the old password opens no page", thief.do(Page, nil), Denied, NeedPassword)
	fields := Fields{Ticket: a.Value(Ticket), NewPassword: fresh, Password: c.password}
	for _, action := range []Action{ChoosePassword, ChangePassword} {
		b, _ := thief.can(action, fields)
		p.check("the old password chooses no new one", b.Outcome != Passed, "no change", b.String(), b)
		b, _ = v.can(action, fields)
		p.check("an open session chooses no new one", b.Outcome != Passed, "no change", b.String(), b)
	}
	p.want("nothing of this opened a page", thief.do(Page, nil), Denied, NeedPassword)

	owner := p.visitor()
	ticket := owner.resetTicket(c.email)
	b := thief.do(Reset, Fields{Ticket: ticket, NewPassword: fresh})
	p.check("the mailed ticket is for the browser that asked", b.Outcome != Passed, "no change", b.String(), b)
	p.want("the stolen password is no new one", owner.do(Reset, Fields{Ticket: ticket, NewPassword: c.password}), Refused)
	p.must("the mailed ticket chooses a new password", owner.do(Reset, Fields{Ticket: ticket, NewPassword: fresh}), Passed)
	b = owner.do(Reset, Fields{Ticket: ticket, NewPassword: p.password()})
	p.check("the mailed ticket works once", b.Outcome != Passed, "no second change", b.String(), b)
	p.want("the old password is denied", thief.do(SignIn, Fields{Email: c.email, Password: c.password}), Denied)
	old := c.password
	c.password = fresh
	again := p.signIn(&c)
	a = again.do(ChangePassword, Fields{Password: fresh, NewPassword: old})
	p.want("the stolen password never comes back", a, Refused)
	p.check("the stolen password never comes back: "+policy.Reused, slices.Contains(a.Found[Reasons], policy.Reused), policy.Reused, "reasons "+strings.Join(a.Found[Reasons], ", "), a)
}

func leakedAtSignIn(p *play) {
	leaked := p.shop.Breached[0]
	c := p.seed(Account{Password: leaked, Encoded: p.bcrypt(leaked)})
	p.want("a wrong password is denied", p.guess(0, c.email), Denied)
	thief := p.visitor()
	a := thief.do(SignIn, Fields{Email: c.email, Password: leaked})
	p.want("a leaked password signs nobody in", a, NeedProof, NeedPassword, Denied)
	p.want("a leaked password opens no page", thief.do(Page, nil), Denied, NeedPassword)
	fresh := p.password()
	b, _ := thief.can(ChoosePassword, Fields{Ticket: a.Value(Ticket), NewPassword: fresh})
	p.check("a leaked password chooses no new one", b.Outcome != Passed, "no change", b.String(), b)
	if p.lacks(WithMail) {
		return
	}
	owner := p.visitor()
	ticket := owner.resetTicket(c.email)
	p.must("the mailed ticket chooses a new password", owner.do(Reset, Fields{Ticket: ticket, NewPassword: fresh}), Passed)
	c.password = fresh
	p.signIn(&c)
}

// oldPasswordRace changes the password while sign-ins with the old one are under
// way. The window is as long as one hash takes.
func oldPasswordRace(p *play) {
	var opened atomic.Int32
	var r race
	for range p.options.Rounds {
		c := p.customer()
		owner, fresh := p.signIn(&c), p.password()
		thieves := [racers]*visitor{p.visitor(), p.visitor(), p.visitor()}
		var changed Answer
		r.play(p.options.Rounds,
			func() { changed = owner.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}) },
			func(i int) {
				if thieves[i].do(SignIn, Fields{Email: c.email, Password: c.password}).Outcome == Passed {
					opened.Add(1)
				}
			})
		p.must("a new password is accepted", changed, Passed)
		p.want("this session goes on", owner.do(Page, nil), Passed)
		for _, thief := range thieves {
			p.want("a session of the old password is over", thief.do(Page, nil), Denied)
		}
		if p.isOver() {
			return
		}
	}
	p.note("%d of %d sign-ins were first", opened.Load(), racers*p.options.Rounds)
}

func changeInstances(p *play) {
	c := p.customer()
	here, there := p.signInAt(0, &c), p.signInAt(1, &c)
	fresh := p.password()
	p.must("a new password is accepted", there.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	p.want("the session of the other instance is over", here.do(Page, nil), Denied)
	p.want("the old password is denied at the other instance", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Denied)
	c.password = fresh
	p.signInAt(0, &c)
	p.force(&c, PolicyRaised)
	p.want("an order stops sessions of the other instance", there.soon(Page, nil, NeedPassword), NeedPassword)
	p.force(&c, Compromise)
	p.want("a compromise ends sessions of the other instance", there.soon(Page, nil, Denied), Denied)
}
