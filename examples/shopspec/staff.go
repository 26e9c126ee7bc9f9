package shopspec

import "slices"

// staff is the account that places the orders of a run, and its session.
type staff struct {
	customer
	visitor Visitor
}

// staff is a session on the pages of the staff at the first instance, proven
// just now. The account is the same for all scenarios of a run.
func (p *play) staff() *visitor {
	v := p.visitor()
	if p.isOver() || p.lacks(WithSeed) {
		return v
	}
	s := p.run.staff
	if s == nil {
		s = &staff{customer: p.seed(Account{Staff: true})}
		if p.isOver() {
			return v
		}
		p.run.staff = s
	} else if s.visitor != nil {
		v.v = s.visitor
	}
	for range 4 {
		a := v.do(Admin, nil)
		switch a.Outcome {
		case Passed:
			s.visitor = v.v
			return v
		case NeedStepUp:
			p.want("staff can give a fresh proof", v.do(StepUp, Fields{Code: p.code(&s.customer), Password: s.password}), Passed)
		case NeedPassword:
			s.change(p, v)
		default:
			v = p.visitor()
			s.signIn(p, v)
		}
		if p.isOver() {
			return v
		}
	}
	p.must("staff can sign in", v.do(Admin, nil), Passed)
	return v
}

// change obeys an order that concerns the staff, too.
func (s *staff) change(p *play, v *visitor) {
	fresh := p.password()
	a := v.do(ChangePassword, Fields{Password: s.password, NewPassword: fresh})
	if a.Outcome == Passed {
		s.password = fresh
	}
}

// signIn signs the staff in, with a second factor that is set up on the way if
// there is none.
func (s *staff) signIn(p *play, v *visitor) {
	p.tick()
	a := v.do(SignIn, Fields{Email: s.email, Password: s.password})
	if a.Outcome == NeedCode {
		a = v.do(GiveCode, Fields{Ticket: a.Value(Ticket), Code: p.code(&s.customer), Email: s.email})
	}
	if a.Outcome == NeedPassword {
		fresh := p.password()
		if a = v.do(ChoosePassword, Fields{Ticket: a.Value(Ticket), NewPassword: fresh}); a.Outcome == Passed {
			s.password = fresh
		}
	}
	if !s.secret.IsZero() {
		p.must("staff can sign in", a, Passed)
		return
	}
	switch a.Outcome {
	case NeedEnroll:
		a = v.do(Enroll, Fields{Ticket: a.Value(Ticket), Email: s.email, Password: s.password})
		p.must("a second factor is offered", a, Passed)
		v.confirm(&s.customer, a)
	default:
		p.must("staff can sign in", a, Passed)
		v.enroll(&s.customer)
	}
}

// accountID is what the pages of the staff call an account.
func (v *visitor) accountID(c *customer) string {
	if c.id == "" {
		a := v.do(Customers, Fields{Email: c.email})
		c.id = v.p.mustHave("staff can find an account", a, ID)
	}
	return c.id
}

// order counts and places an order, and returns its count.
func (v *visitor) order(f Fields) string {
	a := v.do(CountOrder, f)
	v.p.must("an order is counted before it is placed", a, Passed)
	f[Count] = v.p.mustHave("the dry run shows a count", a, Count)
	v.p.must("an order is placed", v.do(PlaceOrder, f), Passed)
	return f[Count]
}

// force asks one account for a new password at once.
func (p *play) force(c *customer, reason string) {
	v := p.staff()
	v.order(Fields{ID: v.accountID(c), Reason: reason, Grace: "0", Note: "shopspec " + newTag()})
}

// cleanUp undoes something after a scenario, however it went.
func (p *play) cleanUp(undo func()) {
	p.mu.Lock()
	over := p.over || p.ctx.Err() != nil
	line := *p.line
	line.Checks = slices.Clone(line.Checks)
	if p.silent != nil || p.ctx.Err() != nil {
		p.mu.Unlock()
		return
	}
	p.over = false
	p.mu.Unlock()
	undo()
	p.mu.Lock()
	defer p.mu.Unlock()
	if over {
		*p.line, p.over = line, true // what the undoing saw is not the scenario's
	}
}
