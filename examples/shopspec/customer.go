package shopspec

import (
	"cmp"
	"time"

	"github.com/tillkey/tillkey/totp"
)

// customer is an account of a scenario.
type customer struct {
	email, name, password string
	// id is that of the pages of the staff.
	id string
	// secret is that of the second factor, zero if there is none; recovery are
	// the codes that are left.
	secret   totp.Secret
	recovery []string
}

// fresh is a customer with a new name and password, whom the shop does not know.
func (p *play) fresh() customer {
	c := customer{email: "spec-" + newTag() + "@example.com", name: "Mira Holm", password: newPassword()}
	p.run.secrets.add(aPassword, c.password)
	return c
}

// password draws another one.
func (p *play) password() string {
	password := newPassword()
	p.run.secrets.add(aPassword, password)
	return password
}

// seed puts an account into the shop. What is empty is filled in.
func (p *play) seed(a Account) customer {
	c := p.fresh()
	c.email, c.name, c.password = cmp.Or(a.Email, c.email), cmp.Or(a.Name, c.name), cmp.Or(a.Password, c.password)
	if p.isOver() || p.lacks(WithSeed) {
		return c
	}
	a.Email, a.Name = c.email, c.name
	if a.Encoded == "" {
		a.Password = c.password
	}
	var err error
	if c.id, err = p.shop.Instances[0].Hooks.Seed(p.ctx, a); err != nil {
		p.fail("an account can be seeded", err)
	}
	p.tick() // what follows comes after it
	return c
}

// customer is a new account that can sign in: a seeded one, or one that has
// signed up where there are no hooks.
func (p *play) customer() customer {
	if WithSeed.met(p.shop) {
		return p.seed(Account{})
	}
	c := p.fresh()
	p.signUp(c)
	return c
}

// signUp signs a new account up, proves its address where the shop asks for
// that, and returns the visitor, who is signed in.
func (p *play) signUp(c customer) *visitor {
	v := p.visitor()
	p.must("a good password is accepted", v.do(SignUp, Fields{Name: c.name, Email: c.email, Password: c.password}), Passed)
	if v.do(Page, nil).Outcome == Passed {
		return v
	}
	ticket := p.mailed(Confirm, c.email)
	if !p.check("the mail of a sign-up brings a ticket", ticket != "", "a mail with a ticket", "none", Answer{}) {
		p.end()
	}
	p.must("a sign-up is confirmed", v.do(Confirm, Fields{Ticket: ticket, Password: c.password}), Passed)
	if v.do(Page, nil).Outcome != Passed {
		p.must("who has signed up can sign in", v.do(SignIn, Fields{Email: c.email, Password: c.password}), Passed)
	}
	return v
}

// guess tries a wrong password as somebody new.
func (p *play) guess(at int, email string) Answer {
	return p.visitorAt(at).do(SignIn, Fields{Email: email, Password: newPassword()})
}

// signIn signs a customer in at the first instance.
func (p *play) signIn(c *customer) *visitor { return p.signInAt(0, c) }

// signInAt signs a customer in, with a code where there is a second factor, and
// ends the scenario if that does not work.
func (p *play) signInAt(at int, c *customer) *visitor {
	p.tick()
	v := p.visitorAt(at)
	a := v.do(SignIn, Fields{Email: c.email, Password: c.password})
	if a.Outcome == NeedCode && !c.secret.IsZero() {
		a = v.do(GiveCode, Fields{Ticket: a.Value(Ticket), Code: p.code(c), Email: c.email})
	}
	p.must("the right password signs in", a, Passed)
	p.must("who is signed in sees a page for customers", v.do(Page, nil), Passed)
	return v
}

// code is the code that the customer's app shows next, which is none that was
// shown before: the clock moves on.
func (p *play) code(c *customer) string {
	if p.isOver() || c.secret.IsZero() {
		return ""
	}
	p.advance(c.secret.Period())
	return c.secret.Code(p.now(0))
}

// wrongCode is a code that is wrong for some minutes.
func (p *play) wrongCode(c *customer) string {
	now := p.now(0)
	for _, code := range []string{"135790", "246801", "975318", "864209", "111213", "141516", "171819", "202122", "232425"} {
		right := false
		for off := -4; off <= 4; off++ {
			right = right || c.secret.Code(now.Add(time.Duration(off)*c.secret.Period())) == code
		}
		if !right {
			return code
		}
	}
	return "303132"
}

// enroll sets up a second factor in a session.
func (v *visitor) enroll(c *customer) {
	a := v.do(Enroll, Fields{Password: c.password, Email: c.email})
	v.p.must("a second factor is offered", a, Passed)
	v.confirm(c, a)
}

// confirm puts an offered factor in force.
func (v *visitor) confirm(c *customer, offer Answer) {
	v.p.keepSecret(c, offer)
	a := v.do(ConfirmFactor, Fields{Ticket: offer.Value(Ticket), Code: v.p.code(c), Email: c.email, Password: c.password})
	v.p.must("the first code puts the second factor in force", a, Passed)
	v.p.mustHave("recovery codes are shown", a, Recovery)
	c.recovery = a.Found[Recovery]
}

// keepSecret reads the key that an offer shows.
func (p *play) keepSecret(c *customer, offer Answer) {
	text := p.mustHave("the key of the second factor is shown", offer, Secret)
	if p.isOver() {
		return
	}
	secret, err := totp.ParseSecret(text)
	if err != nil {
		if key, wrong := totp.ParseURI(text); wrong == nil {
			secret, err = key.Secret, nil
		}
	}
	if !p.check("the key of the second factor can be read", err == nil, "base32 or an otpauth URI", "neither", offer) {
		p.end()
		return
	}
	p.run.secrets.add(aSeed, text)
	c.secret = secret
}

// enrolled is a new customer with a second factor, and a session of theirs.
func (p *play) enrolled() (*customer, *visitor) {
	c := p.customer()
	v := p.signIn(&c)
	v.enroll(&c)
	return &c, v
}
