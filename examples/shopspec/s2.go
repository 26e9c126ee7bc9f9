package shopspec

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash"
)

// stored is what is stored as the password of a customer.
func (p *play) stored(c customer) string {
	if p.isOver() {
		return ""
	}
	text, err := p.shop.Instances[0].Hooks.StoredHash(p.ctx, c.email)
	if err != nil {
		p.fail("a stored hash is read", err)
	}
	return text
}

// format describes a stored hash without its salt and key.
func format(encoded string) string {
	info, err := hash.Inspect(encoded)
	if err != nil {
		return "nothing that can be read"
	}
	if p := info.Params; p.KeyLength > 0 {
		return fmt.Sprintf("%s, salt of %d and key of %d bytes", info, p.SaltLength, p.KeyLength)
	}
	return info.String()
}

// matches tells whether a stored hash is of a password.
func (p *play) matches(encoded, password string) bool {
	if p.isOver() {
		return false
	}
	h, err := hash.New(hash.Config{})
	if err == nil {
		err = h.Verify(p.ctx, encoded, password)
	}
	if err != nil && !errors.Is(err, hash.ErrMismatch) {
		p.fail("a stored hash can be read", err)
	}
	return err == nil
}

// bcrypt makes a hash of the time before.
func (p *play) bcrypt(password string) string {
	encoded, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		p.fail("a bcrypt hash is made", err)
	}
	return string(encoded)
}

func rehashBcrypt(p *play) { upgrade(p, p.bcrypt) }

func rehashMD5(p *play) {
	upgrade(p, func(password string) string {
		sum := md5.Sum([]byte(password))
		return hex.EncodeToString(sum[:])
	})
}

// weakest are the least costs that argon2 allows (RFC 9106, section 3.1), and a
// shorter key than any shop makes today.
func weakest() hash.Params {
	return hash.Params{Memory: 8, Time: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}
}

func rehashArgon2id(p *play) {
	upgrade(p, func(password string) string {
		h, err := hash.New(hash.Config{Params: weakest(), UnsafeAllowWeak: true})
		if err != nil {
			p.fail("a weak argon2id hash is made", err)
			return ""
		}
		encoded, err := h.Hash(context.WithoutCancel(p.ctx), password)
		p.fail("a weak argon2id hash is made", err)
		return encoded
	})
}

// upgrade plays the life of an old hash.
func upgrade(p *play, old func(password string) string) {
	today := format(p.stored(p.customer()))
	password := p.password()
	encoded := old(password)
	c := p.seed(Account{Password: password, Encoded: encoded})
	p.want("a wrong password is denied", p.guess(0, c.email), Denied)
	v := p.signIn(&c)
	first := p.stored(c)
	p.check("the sign-in stores another hash", first != encoded, "another one", "the one of before", Answer{})
	p.check("the sign-in stores a hash of today", format(first) == today, today, format(first), Answer{})
	p.check("the new hash is of the same password", p.matches(first, password), "a match", "none", Answer{})
	p.signIn(&c)
	p.check("the next sign-in stores nothing", p.stored(c) == first, "the same string", "another one", Answer{})
	p.want("an upgrade ends no session", v.do(Page, nil), Passed)
	p.want("a wrong password is denied", p.guess(0, c.email), Denied)
}

func rehashTwice(p *play) {
	today := format(p.stored(p.customer()))
	for range p.options.Rounds {
		password := p.password()
		c := p.seed(Account{Password: password, Encoded: p.bcrypt(password)})
		visitors, answers := [2]*visitor{p.visitor(), p.visitor()}, [2]Answer{}
		together(2, func(i int) { answers[i] = visitors[i].do(SignIn, Fields{Email: c.email, Password: password}) })
		for i, a := range answers {
			p.want("each of two sign-ins at once works", a, Passed)
			p.want("each of two sessions works", visitors[i].do(Page, nil), Passed)
		}
		now := p.stored(c)
		p.check("the hash is of today", format(now) == today, today, format(now), Answer{})
		p.check("the hash is of the password", p.matches(now, password), "a match", "none", Answer{})
		p.signIn(&c)
		if p.isOver() {
			return
		}
	}
}

// rehashRace resets a password while sign-ins with the old one upgrade its hash.
// The window is as long as one hash takes, so a shop with fast hashes may take
// more rounds to show the mistake.
func rehashRace(p *play) {
	reset := 0
	var r race
	for range p.options.Rounds {
		password := p.password()
		c := p.seed(Account{Password: password, Encoded: p.bcrypt(password)})
		owner, fresh := p.visitor(), p.password()
		ticket := owner.resetTicket(c.email)
		thieves := [racers]*visitor{p.visitor(), p.visitor(), p.visitor()}
		if p.isOver() {
			return
		}
		var changed Answer
		r.play(p.options.Rounds,
			func() { changed = owner.do(Reset, Fields{Ticket: ticket, NewPassword: fresh}) },
			func(i int) { thieves[i].do(SignIn, Fields{Email: c.email, Password: password}) })
		if changed.Outcome != Passed {
			continue // the upgrade was first, and made the ticket void
		}
		reset++
		now := p.stored(c)
		p.check("after a change the stored hash is of the new password", p.matches(now, fresh), "a match", "none", changed)
		p.check("after a change the stored hash is not of the old password", !p.matches(now, password), "no match", "it is", changed)
		p.want("after a change the old password is denied", p.visitor().do(SignIn, Fields{Email: c.email, Password: password}), Denied, Wait)
	}
	p.note("%d of %d changes overtook the sign-ins", reset, p.options.Rounds)
	if reset == 0 {
		p.notRun("an upgrade races a change", "every change came too late: run more rounds")
	}
}
