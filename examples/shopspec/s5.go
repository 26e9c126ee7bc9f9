package shopspec

import (
	"slices"
	"time"
)

// halfIn signs in with the password, and returns the visitor and the ticket for
// the code.
func (p *play) halfIn(at int, c *customer) (*visitor, string) {
	v := p.visitorAt(at)
	a := v.do(SignIn, Fields{Email: c.email, Password: c.password})
	p.must("the password alone asks for a code", a, NeedCode)
	return v, a.Value(Ticket)
}

// give sends a code.
func (v *visitor) give(c *customer, ticket, code string) Answer {
	return v.do(GiveCode, Fields{Ticket: ticket, Code: code, Email: c.email})
}

func enrolment(p *play) {
	c := p.customer()
	v := p.signIn(&c)
	p.want("a session alone enrols nothing", v.do(Enroll, Fields{Password: newPassword(), Email: c.email}), Denied)
	offer := v.do(Enroll, Fields{Password: c.password, Email: c.email})
	p.must("a second factor is offered", offer, Passed)
	p.keepSecret(&c, offer)
	pending := c.secret
	p.want("an offer is not in force", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Passed)
	wrong := v.do(ConfirmFactor, Fields{Ticket: offer.Value(Ticket), Code: p.wrongCode(&c), Email: c.email, Password: c.password})
	p.want("a wrong code confirms nothing", wrong, Denied)
	p.check("the key is shown once", wrong.Value(Secret) == "", "no key", "the key again", wrong)
	p.want("a wrong code puts nothing in force", p.visitor().do(SignIn, Fields{Email: c.email, Password: c.password}), Passed)

	a := v.do(ConfirmFactor, Fields{Ticket: offer.Value(Ticket), Code: p.code(&c), Email: c.email, Password: c.password})
	p.must("the first code puts the second factor in force", a, Passed)
	p.mustHave("recovery codes are shown", a, Recovery)
	codes := slices.Clone(a.Found[Recovery])
	slices.Sort(codes)
	p.check("recovery codes are several and different", len(codes) > 3 && len(slices.Compact(codes)) == len(a.Found[Recovery]), "ten", sprint(len(codes)), a)
	c.secret, c.recovery = pending, a.Found[Recovery]

	thief, ticket := p.halfIn(0, &c)
	p.want("the password alone opens no page", thief.do(Page, nil), Denied)
	a = thief.give(&c, ticket, p.wrongCode(&c))
	p.want("a wrong code is denied", a, Denied)
	p.want("a wrong code opens no page", thief.do(Page, nil), Denied)
	v, ticket = p.halfIn(0, &c)
	if ticket != "" {
		a = p.visitor().give(&c, ticket, p.code(&c))
		p.check("the ticket is for this browser alone", a.Outcome != Passed, "no session", a.String(), a)
	}
	p.must("a right code signs in", v.give(&c, ticket, p.code(&c)), Passed)
	p.want("who gave a code sees a page for customers", v.do(Page, nil), Passed)
}

func codeOnce(p *play) {
	c, _ := p.enrolled()
	v, ticket := p.halfIn(0, c)
	other, otherTicket := p.halfIn(0, c)
	code := p.code(c)
	p.must("a right code signs in", v.give(c, ticket, code), Passed)
	p.want("the same code signs nobody else in", other.give(c, otherTicket, code), Denied)
	p.want("the same code opens no page", other.do(Page, nil), Denied)
	a := p.codeRace(c, 6, func(int) int { return 0 })
	p.check("of six at once with one code one gets in", a == 1, "1", sprint(a), Answer{Request: describe(GiveCode)})
}

// codeRace gives one code from several visitors at once, and returns how many
// got in.
func (p *play) codeRace(c *customer, n int, at func(int) int) int {
	visitors, tickets, answers := make([]*visitor, n), make([]string, n), make([]Answer, n)
	for i := range n {
		visitors[i], tickets[i] = p.halfIn(at(i), c)
	}
	code := p.code(c)
	together(n, func(i int) { answers[i] = visitors[i].give(c, tickets[i], code) })
	return p.inside(visitors, answers)
}

// inside counts the visitors who see a page for customers.
func (p *play) inside(visitors []*visitor, answers []Answer) (n int) {
	for i, v := range visitors {
		in := v.do(Page, nil).Outcome == Passed
		if in {
			n++
		}
		p.check("who is told to be in is in, and nobody else", in == (answers[i].Outcome == Passed), "page and answer agree", "they do not", answers[i])
	}
	return n
}

func codeOnceInstances(p *play) {
	c, _ := p.enrolled()
	v, ticket := p.halfIn(0, c)
	other, otherTicket := p.halfIn(1, c)
	code := p.code(c)
	p.must("a right code signs in", v.give(c, ticket, code), Passed)
	p.want("the same code is none at the other instance", other.give(c, otherTicket, code), Denied)
	a := p.codeRace(c, 6, func(i int) int { return i % 2 })
	p.check("of six at once at two instances one gets in", a == 1, "1", sprint(a), Answer{Request: describe(GiveCode)})
}

const recoveryTries = 10

func recoveryOnce(p *play) {
	c, _ := p.enrolled()
	if p.isOver() {
		return
	}
	v, ticket := p.halfIn(0, c)
	p.must("a recovery code signs in", v.do(GiveCode, Fields{Ticket: ticket, Recovery: c.recovery[0], Email: c.email}), Passed)
	p.want("who gave a recovery code sees a page for customers", v.do(Page, nil), Passed)
	other, ticket := p.halfIn(0, c)
	p.want("the same recovery code signs nobody else in", other.do(GiveCode, Fields{Ticket: ticket, Recovery: c.recovery[0], Email: c.email}), Denied)
	p.want("the same recovery code opens no page", other.do(Page, nil), Denied)

	visitors, tickets, answers := make([]*visitor, recoveryTries), make([]string, recoveryTries), make([]Answer, recoveryTries)
	for i := range visitors {
		visitors[i], tickets[i] = p.halfIn(i%len(p.shop.Instances), c)
	}
	together(recoveryTries, func(i int) {
		answers[i] = visitors[i].do(GiveCode, Fields{Ticket: tickets[i], Recovery: c.recovery[1], Email: c.email})
	})
	n := p.inside(visitors, answers)
	p.check("of ten at once with one recovery code one gets in", n == 1, "1", sprint(n), Answer{Request: describe(GiveCode)})
}

// later is when a fresh proof is fresh no more, and a session still good.
const later = 40 * time.Minute

func cardStepUp(p *play) {
	c, v := p.enrolled()
	p.advance(later)
	a, ok := v.can(Card, nil)
	if !ok {
		p.notRun("a card on file asks for a fresh proof", "the shop has no cards")
		return
	}
	p.want("a card on file asks for a fresh proof", a, NeedStepUp)
	p.want("a wrong code is no proof", v.do(StepUp, Fields{Code: p.wrongCode(c)}), Denied)
	p.want("the password is no proof where there is a second factor", v.do(StepUp, Fields{Password: c.password}), NeedProof, NeedCode, Denied)
	p.want("none of it opens the card", v.do(Card, nil), NeedStepUp)
	p.want("a right code is a proof", v.do(StepUp, Fields{Code: p.code(c)}), Passed)
	p.want("after the proof it is open", v.do(Card, nil), Passed)
	p.advance(later)
	p.want("the proof becomes old", v.do(Card, nil), NeedStepUp)
}

// staffStepUp opens every page of the staff that the driver knows, as a guest, as
// a customer, and as staff who proved themselves long ago.
func staffStepUp(p *play) {
	c := p.customer()
	v, guest, staff := p.signIn(&c), p.visitor(), p.staff()
	fields := Fields{
		Email: c.email, Group: GroupCustomers, Reason: PolicyRaised, Before: "2001-01-01", Grace: "0", Note: "none", Count: "0", Order: "1",
	}
	pages := []Action{Admin}
	for _, page := range []Action{Customers, CountOrder, PlaceOrder, Orders, Withdraw, Audit} {
		if _, ok := guest.can(page, fields); ok {
			pages = append(pages, page)
		}
	}
	for _, page := range pages {
		p.want("guests see no page of the staff", guest.do(page, fields), Denied, Missing)
		p.want("customers see no page of the staff", v.do(page, fields), Denied, Missing, NeedProof)
	}
	p.advance(later)
	for _, page := range pages {
		p.want("every page of the staff asks for a fresh proof", staff.do(page, fields), NeedStepUp)
	}
	p.staff()
	p.want("after the proof the staff go on", staff.do(Admin, nil), Passed)
}

func resetKeepsFactor(p *play) {
	c, v := p.enrolled()
	owner := p.visitor()
	ticket, fresh := owner.resetTicket(c.email), p.password()
	a := owner.do(Reset, Fields{Ticket: ticket, NewPassword: fresh})
	p.want("a reset asks for the code, too", a, NeedCode, NeedProof, Denied)
	if a.Outcome != Passed {
		p.must("a reset is accepted with the code", owner.do(Reset, Fields{Ticket: ticket, NewPassword: fresh, Code: p.code(c)}), Passed)
	}
	p.want("a reset signs nobody in", owner.do(Page, nil), Denied)
	p.want("a reset ends every session", v.do(Page, nil), Denied)
	c.password = fresh
	again, next := p.halfIn(0, c)
	p.want("the password alone opens no page", again.do(Page, nil), Denied)
	p.want("the codes of before work", again.give(c, next, p.code(c)), Passed)
}

// lockCodes gives wrong codes, with a right password before each, until codes
// have to wait.
func (p *play) lockCodes(c *customer) (l locked) {
	for range maxGuesses {
		v, ticket := p.halfIn(0, c)
		a := v.give(c, ticket, p.wrongCode(c))
		if p.isOver() {
			return l
		}
		if a.Outcome == Wait {
			l.first, l.last = a.RetryAfter(), a
			return l
		}
		if !p.must("a wrong code is denied", a, Denied) {
			return l
		}
		l.looked++
	}
	p.check("wrong codes make codes wait, with right passwords between them", false, "429 after at most 100", "no end of guesses", Answer{Request: describe(GiveCode)})
	p.end()
	return l
}

func codeCounter(p *play) {
	c, _ := p.enrolled()
	l := p.lockCodes(c)
	p.note("%d wrong codes were looked at, then wait %v", l.looked, l.first)
	p.check("who has to wait is told how long", l.first > 0, "a Retry-After header", "none", l.last)
	v, ticket := p.halfIn(0, c)
	p.want("the right code has to wait, too", v.give(c, ticket, c.secret.Code(p.now(0))), Wait)
	v, ticket = p.halfIn(0, c)
	if p.isOver() {
		return
	}
	p.want("a recovery code works meanwhile", v.do(GiveCode, Fields{Ticket: ticket, Recovery: c.recovery[0], Email: c.email}), Passed)
	p.advance(l.first + time.Second)
	v, ticket = p.halfIn(0, c)
	p.want("time frees the codes", v.give(c, ticket, p.code(c)), Passed)
}

const parallelCodeTries = 30

func parallelCodes(p *play) {
	first, _ := p.enrolled()
	l := p.lockCodes(first)
	c, _ := p.enrolled()
	visitors, tickets := make([]*visitor, parallelCodeTries), make([]string, parallelCodeTries)
	for i := range visitors {
		visitors[i], tickets[i] = p.halfIn(i%len(p.shop.Instances), c)
	}
	code := p.wrongCode(c)
	p.noMoreThan(l, "codes", parallelCodeTries, func(i int) Answer { return visitors[i].give(c, tickets[i], code) })
}
