package shopspec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

func sprint(a ...any) string { return fmt.Sprint(a...) }

func forced(p *play) {
	c := p.customer()
	v, other := p.signIn(&c), p.signIn(&c)
	p.force(&c, PolicyRaised)

	p.must("a page is stopped", v.soon(Page, nil, NeedPassword), NeedPassword)
	p.want("a form is stopped", v.do(Deed, nil), NeedPassword)
	script, form := v.do(Script, nil), v.do(ScriptDeed, nil)
	p.want("a page for scripts is stopped", script, NeedPassword)
	p.want("a form of scripts is stopped", form, NeedPassword)
	p.check("a script is told by the status", script.Status == 403 && form.Status == 403, "403", script.String()+", "+form.String(), script)
	p.want("the other session is stopped", other.do(Page, nil), NeedPassword)
	p.want("guests go on", p.visitor().do(Home, nil), Passed)

	late := p.visitor()
	p.want("signing in anew leads to the change", late.do(SignIn, Fields{Email: c.email, Password: c.password}), NeedPassword)
	p.want("signing in alone gives no access", late.do(Page, nil), Denied, NeedPassword)

	fresh := p.password()
	p.want("the change takes the password of now", v.do(ChangePassword, Fields{Password: newPassword(), NewPassword: fresh}), Denied)
	p.refusedChange(v, "the password of now is no new one", c.password, c.password, policy.SameAsCurrent)
	p.refusedChange(v, "a variant of it is no new one", c.password, strings.ToUpper(c.password[:1])+c.password[1:]+"8", policy.TooSimilar)
	p.must("a new password is accepted", v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	p.want("who has changed goes on", v.do(Page, nil), Passed)
	p.want("who has changed sends forms", v.do(Deed, nil), Passed)
	p.want("the other session is over", other.do(Page, nil), Denied)
	p.want("the old password is denied", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Denied)
	c.password = fresh
	p.signIn(&c)
}

// refusedChange tries a new password that must not be taken.
func (p *play) refusedChange(v *visitor, what, now, fresh, code string) {
	p.run.secrets.add(aPassword, fresh)
	a := v.do(ChangePassword, Fields{Password: now, NewPassword: fresh})
	p.want(what, a, Refused)
	p.check(what+": "+code, slices.Contains(a.Found[Reasons], code), code, "reasons "+strings.Join(a.Found[Reasons], ", "), a)
}

func forcedAtSignIn(p *play) {
	c := p.customer()
	p.force(&c, PolicyRaised)
	v := p.visitor()
	a := v.do(SignIn, Fields{Email: c.email, Password: c.password})
	p.must("signing in leads to the change", a, NeedPassword)
	fresh := p.password()
	if a.Value(Ticket) == "" {
		// The shop has a session for this, in which nothing else works.
		p.want("nothing else works before the change", v.do(Page, nil), Denied, NeedPassword)
		p.want("the change is accepted", v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	} else {
		p.want("there is no session yet", v.do(Page, nil), Denied)
		ticket := Fields{Ticket: a.Value(Ticket), NewPassword: fresh}
		b := p.visitor().do(ChoosePassword, ticket)
		p.check("the ticket is for this browser alone", b.Outcome != Passed, "no session", b.String(), b)
		short := v.do(ChoosePassword, Fields{Ticket: ticket[Ticket], NewPassword: "k7 sh"})
		p.want("a bad password is refused", short, Refused)
		p.want("a refused change opens no session", v.do(Page, nil), Denied)
		if again := short.Value(Ticket); again != "" {
			ticket[Ticket] = again
		}
		p.must("the change is accepted", v.do(ChoosePassword, ticket), Passed)
		b = v.do(ChoosePassword, Fields{Ticket: ticket[Ticket], NewPassword: p.password()})
		p.check("the ticket works once", b.Outcome != Passed, "no second change", b.String(), b)
	}
	p.want("the change opens the session", v.do(Page, nil), Passed)
	p.want("the old password is denied", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Denied)
}

// elsewhere are ways back that lead to another site, for one browser or another.
func elsewhere() []string {
	return []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, "https:evil.example", "/%5cevil.example/", "\t//evil.example/"}
}

func safeNext(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	if _, ok := v.can(DeepPage, nil); !ok {
		p.notRun("the way back is kept", "the shop leads nobody back")
		return
	}
	p.force(&c, PolicyRaised)
	a := v.soon(DeepPage, nil, NeedPassword)
	p.must("a page is stopped", a, NeedPassword)
	next := p.mustHave("the way back is kept", a, Next)
	for _, off := range elsewhere() {
		a := v.do(ChangePassword, Fields{Password: c.password, NewPassword: c.password, Next: off})
		p.check("a form leads to no other site", local(a.Location), "a path of the shop", a.Location, a)
	}
	fresh := p.password()
	a = v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh, Next: next})
	p.must("a new password is accepted", a, Passed)
	p.check("the change leads on to where the customer was", a.Location == next, next, a.Location, a)
	for _, off := range elsewhere() {
		a := p.visitor().do(SignIn, Fields{Email: c.email, Password: fresh, Next: off})
		p.want("the right password signs in", a, Passed)
		p.check("a sign-in leads to no other site", local(a.Location), "a path of the shop", a.Location, a)
	}
}

// local tells whether a location stays on the site, for every browser.
func local(location string) bool {
	plain, err := url.PathUnescape(location)
	if err != nil {
		return false
	}
	return location == "" || strings.HasPrefix(plain, "/") && !strings.HasPrefix(plain, "//") && !strings.ContainsAny(plain, "\\\t\r\n")
}

func otherSessions(p *play) {
	c := p.customer()
	v, other, third := p.signIn(&c), p.signIn(&c), p.signIn(&c)
	fresh := p.password()
	p.must("a new password is accepted", v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	p.want("this session goes on", v.do(Page, nil), Passed)
	p.want("another session is over", other.do(Page, nil), Denied)
	p.want("another session is over for scripts", third.do(Script, nil), Denied)
	p.want("another session sends no form", third.do(Deed, nil), Denied)
	c.password = fresh
	last := p.signIn(&c)
	p.want("signing out can be done", last.do(SignOut, nil), Passed)
	p.want("who has signed out is a guest", last.do(Page, nil), Denied)
	p.want("signing out ends no other session", v.do(Page, nil), Passed)
}

func resetSessions(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	owner := p.visitor()
	ticket := owner.resetTicket(c.email)
	p.must("a reset is accepted", owner.do(Reset, Fields{Ticket: ticket, NewPassword: p.password()}), Passed)
	p.want("a reset signs nobody in", owner.do(Page, nil), Denied)
	p.want("a reset ends every session", v.do(Page, nil), Denied)
	p.want("the old password is denied", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Denied)
}

// keptCart fills a cart, and looks for it after a forced change and after a
// compromise.
func keptCart(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	if _, ok := v.can(AddToCart, nil); !ok {
		p.notRun("a cart is filled", "the shop has no cart")
		return
	}
	full := func(what string) {
		a := v.do(Cart, nil)
		p.check(what, a.Value(Items) != "", "what was put in", "an empty cart", a)
	}
	full("the cart holds what was put in")
	p.force(&c, PolicyRaised)
	p.must("a page is stopped", v.soon(Page, nil, NeedPassword), NeedPassword)
	fresh := p.password()
	p.must("a new password is accepted", v.do(ChangePassword, Fields{Password: c.password, NewPassword: fresh}), Passed)
	full("the cart survives a change")
	p.force(&c, Compromise)
	p.must("open sessions are over", v.soon(Page, nil, Denied), Denied)
	full("the cart survives the end of the session")
}
