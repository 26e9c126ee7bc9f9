package kettle

import (
	"net/http"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/totp"
)

// act lets a person do one thing, or somebody else do it to them.
func (l *life) act(p *person) {
	if p.phone.IsZero() && len(p.codes) > 0 && len(p.codes) < 5 {
		p.switchOff()
		return
	}
	switch n := l.rng.IntN(100); {
	case n < 35:
		p.visit("sign-in")
	case n < 50:
		p.mistype(1 + l.rng.IntN(3))
		p.visit("sign-in after mistakes")
	case n < 55:
		p.mistype(8)
		l.happened("lockout by mistakes")
	case n < 59:
		l.guess(p)
	case n < 63:
		if _, done := p.reset(); done {
			l.happened("reset")
		}
	case n < 67:
		p.at = l.browser()
		p.ask("/forgot", "email", p.email)
		l.happened("reset not finished")
	case n < 70:
		p.knows = ""
		l.happened("forgotten")
	case n < 77:
		p.enroll()
	case n < 81 && len(p.codes) > 3:
		p.phone = totp.Secret{}
		l.happened("phone lost")
		p.visit("sign-in with recovery code")
	case n < 86:
		p.change()
	case n < 89:
		if p.at.get("/account").Status == http.StatusOK {
			p.ask("/account/sessions")
			l.happened("signed out everywhere")
		}
	default:
		p.buy()
	}
}

func (p *person) visit(what string) {
	if p.knows == "" {
		return
	}
	if p.login(p.life.rng.IntN(10) < 3) {
		p.life.happened(what)
	} else {
		p.life.happened("not let in")
	}
}

// switchOff is what a person does who has lost the phone, before the last
// recovery code is used.
func (p *person) switchOff() {
	if p.knows == "" {
		if _, done := p.reset(); !done {
			return
		}
	}
	if !p.login(true) {
		return
	}
	a := p.ask("/account/second-factor/remove", append(p.proof(), "password", p.knows)...)
	require.Equal(p.life.t, "/account/second-factor", a.Location, a.Body)
	p.codes = nil
	p.life.happened("switched off with a recovery code")
}

func (p *person) mistype(n int) {
	p.at = p.life.browser()
	for range n {
		p.ask("/login", "email", p.email, "password", "a slip of the finger")
	}
}

// guess is somebody else, who has more patience.
func (l *life) guess(p *person) {
	thief := &person{life: l, email: p.email, at: l.browser()}
	for range 12 {
		a := thief.ask("/login", "email", p.email, "password", "a guess of a thief")
		require.NotEqual(l.t, "/account", a.Location)
	}
	l.happened("guessed at")
}

// enroll sets up a second factor, where there is none and somebody is signed in.
func (p *person) enroll() {
	if !p.phone.IsZero() || len(p.codes) > 0 || p.knows == "" {
		return
	}
	f := p.ask("/account/second-factor", "password", p.knows)
	secret, err := f.offered()
	if err != nil {
		return // not signed in, or due
	}
	if p.life.rng.IntN(5) == 0 {
		p.life.happened("enrolment not finished")
		return
	}
	a := p.ask("/account/second-factor/confirm", "code", p.life.code(secret))
	codes := a.recovery()
	require.Len(p.life.t, codes, 10, a.Body)
	p.phone, p.codes = secret, codes
	p.life.happened("enrolled")
}

func (p *person) change() {
	if p.knows == "" {
		return
	}
	fresh := p.life.password()
	if a := p.ask("/account/password", "password", p.knows, "new_password", fresh); a.Location == "/account" {
		p.knows = fresh
		p.life.happened("changed")
	}
}

func (p *person) buy() {
	a := p.ask("/cart", "product", catalogue()[p.life.rng.IntN(3)].ID, "quantity", "1")
	if a.Location == "/account/password?next=%2Fcart" || a.Location == "/account/password" {
		p.life.happened("stopped at the next click")
		return
	}
	a = p.ask("/checkout", "recipient", "Kim", "address", "1 Road")
	require.Equal(p.life.t, http.StatusOK, a.Status, "buying waits for nothing")
	p.life.happened("bought")
}
