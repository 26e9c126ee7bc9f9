package shopspec

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

// guest looks whether the driver can tell a page for customers at all: if not, no
// other scenario would mean much.
func guest(p *play) {
	v := p.visitor()
	p.want("a guest sees a page of the shop", v.do(Home, nil), Passed)
	p.want("a guest sees no page for customers", v.do(Page, nil), Denied)
	p.want("a guest sees no page for scripts of customers", v.do(Script, nil), Denied)
	p.want("a guest sends no form of customers", v.do(Deed, nil), Denied)
}

// refused signs up with a password that must not be taken, and looks for the codes
// of the reasons.
func (v *visitor) refused(what string, c customer, codes ...string) {
	for range 2 { // the second time the same
		a := v.do(SignUp, Fields{Name: c.name, Email: c.email, Password: c.password})
		v.p.must(what+" is refused", a, Refused)
		for _, code := range codes {
			found := slices.Contains(a.Found[Reasons], code)
			v.p.check(what+" is refused as "+code, found, code, "reasons "+strings.Join(a.Found[Reasons], ", "), a)
		}
		if c.password != c.email && !strings.HasPrefix(c.email, c.password) {
			shown := bytes.Contains(a.Body, []byte(c.password))
			v.p.check("no answer shows a password", !shown, "no password in the body", "the one that was refused is in it", a)
		}
	}
	v.p.want("a refused sign-up makes no account", v.do(SignIn, Fields{Email: c.email, Password: c.password}), Denied, Wait)
}

func weakPasswords(p *play) {
	c := p.fresh()
	c.password = "k7" + rand.Text()[:5]
	p.visitor().refused("a short password", c, policy.TooShort)
	c = p.fresh()
	c.password = c.email
	p.visitor().refused("the own address as a password", c, policy.ContainsContext)
	c = p.fresh()
	c.email = "mia" + newTag()[:4] + "@example.com"
	c.password, _, _ = strings.Cut(c.email, "@")
	p.visitor().refused("a short part of the own address", c, policy.TooShort, policy.ContainsContext)
}

func leakedPassword(p *play) {
	for _, leaked := range p.shop.Breached {
		c := p.fresh()
		c.password = leaked
		p.visitor().refused("a leaked password", c, policy.Breached)
	}
}

func longPassphrases(p *play) {
	long := ""
	for len(long) < 90 {
		long += strings.ToLower(rand.Text()[:9]) + " "
	}
	for what, password := range map[string]string{
		"a password of a hundred characters": long + "47 abcdefg",
		"a password with emoji":              "🫖 tea for 7 👩‍👩‍👧 " + newTag() + " Ærø 🚲",
	} {
		c := p.fresh()
		c.password = password
		p.run.secrets.add(aPassword, password)
		v := p.signUp(c)
		p.want(what+" works", v.do(Page, nil), Passed)
		p.tick()
		v = p.visitor()
		p.want(what+" signs in", v.do(SignIn, Fields{Email: c.email, Password: password}), Passed)
		runes := []rune(password)
		short := string(runes[:len(runes)-1])
		p.want(what+" is read to its end", p.visitor().do(SignIn, Fields{Email: c.email, Password: short}), Denied)
	}
}

func takenAddress(p *play) {
	taken := p.customer()
	c, noise := p.fresh(), p.fresh()
	answer := func(name customer) twin {
		a := p.visitor().do(SignUp, Fields{Name: name.name, Email: name.email, Password: name.password})
		return twin{a, []string{name.email}}
	}
	thief := taken
	thief.password = p.password()
	a, b, n := answer(thief), answer(c), answer(noise)
	p.must("a good password is accepted", b.Answer, Passed)
	v := p.visitor()
	v.do(SignUp, Fields{Name: noise.name, Email: p.fresh().email, Password: p.password()})
	if v.do(Page, nil).Outcome == Passed {
		p.notRun("a taken address is answered like a free one", "a sign-up that signs in at once cannot hide which address is taken")
	}
	d := differ(a, b, n, 0)
	p.check("a taken address is answered like a free one", d == "", "the same answer", d, a.Answer)
	p.want("the password of a taken address stays", p.visitor().do(SignIn, Fields{Email: taken.email, Password: taken.password}), Passed)
	p.want("another password does not open a taken address", p.visitor().do(SignIn, Fields{Email: taken.email, Password: thief.password}), Denied)
}

// nothingInTheLog types a little of everything, in case it is the only scenario,
// and looks through the logs.
func nothingInTheLog(p *play) {
	c := p.fresh()
	v := p.visitor()
	v.do(SignUp, Fields{Name: c.name, Email: c.email, Password: c.password})
	v.do(SignIn, Fields{Email: c.email, Password: c.password})
	v.do(SignIn, Fields{Email: c.email, Password: p.password()})
	if _, ok := v.can(AskReset, Fields{Email: c.email}); ok {
		v.can(Reset, Fields{Ticket: newPassword(), NewPassword: p.password()})
	}
	v.can(ChangePassword, Fields{Password: c.password, NewPassword: p.password()})
	for i, instance := range p.shop.Instances {
		if p.isOver() {
			return
		}
		log, err := instance.Hooks.Logs(p.ctx)
		if err != nil {
			p.fail("the log is read", err)
			return
		}
		p.check("the log can be read", log != "", "a log", "an empty one", Answer{})
		p.note("%d secrets looked for in %d KiB of log of instance %d", p.run.secrets.count(), len(log)>>10, i+1)
		for _, kind := range []string{aPassword, aRecovery, aSeed, aTicket} {
			found := p.run.secrets.within([]byte(log), kind) != ""
			p.check(kind+" is not in the log", !found, "nowhere", "it is there", Answer{})
		}
	}
}
