package main

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// newKeeper connects Tillkey to the shop's database, keys and customers.
func (s *shop) newKeeper(ctx context.Context, c config) (*rotate.Keeper, error) {
	ring, err := rotate.OpenKeys(ctx, s.store, "bell shop", c.keys)
	if err != nil {
		return nil, err
	}
	return rotate.New(rotate.Config{
		Store: s.store, Ring: ring, Customers: rotate.Table{ByName: s.byEmail, ByAccount: s.byID},
		Issuer: brand, Breach: leaked(), Events: s.notify, Failed: s.keeperFailed,
		Hasher: c.hasher, Now: c.now, Every: 5 * time.Second,
	})
}

// newGate connects Tillkey to the session manager. Whoever must change a
// password first may still pay for the cart, and get help.
func (s *shop) newGate() web.Gate {
	g := web.Gate{
		Keeper: s.keeper, Renew: s.renewSession, Failed: s.gateFailed, Now: s.now,
		Allow: []string{"/static/", "/signup", "/forgot", "/reset", "/cart", "/checkout", "/outbox"},
	}
	g.Load, g.Keep, g.Drop = web.Texts(s.signInText, s.keepSignInText)
	return g
}

// ask answers a form with what one verb of the Keeper decides.
func (s *shop) ask(form string, do web.Verb) echo.HandlerFunc {
	return func(c *echo.Context) error { return s.answer(c, form, s.gate.Ask(c.Response(), c.Request(), do)) }
}

// answer leads on, shows the form of the next step of a sign-in, or shows the
// same form again with what was wrong.
func (s *shop) answer(c *echo.Context, form string, a web.Answer) error {
	switch {
	case a.Code == "proceed":
		return c.Redirect(http.StatusSeeOther, web.SafeNext(c.FormValue("next")))
	case a.Code == "sign_in_again":
		return c.Redirect(http.StatusSeeOther, "/login")
	case a.Status == http.StatusOK && form != "reset":
		form = a.Code // need_code, need_new_password or need_enroll
	}
	return s.show(c, form, a, nil)
}

// signUp checks the password, and all else after the answer, which is the same
// for an address that is taken. Its owner gets a mail either way.
func (s *shop) signUp(c *echo.Context) error {
	in, err := web.Read(c.Response(), c.Request())
	if err != nil {
		return err
	}
	who, complete := readNewcomer(c)
	if !complete {
		return s.show(c, "signup", web.Answer{Status: http.StatusUnprocessableEntity, Code: "incomplete"}, nil)
	}
	draft, err := s.keeper.Draft(c.Request().Context(), rotate.NewAccount{
		Password: in.Password, About: []string{who.email, who.name}, Source: in.Source, Browser: in.Browser,
	})
	if err != nil {
		return s.answer(c, "signup", s.gate.Follow(c.Response(), c.Request(), rotate.Decision{}, err))
	}
	s.mail.later(func(ctx context.Context) error { return s.register(ctx, who, draft) })
	return s.show(c, "sent", web.Answer{}, nil)
}

// signIn asks the Keeper for every name, unknown ones too. The mail after a
// sign-up brings a ticket of the shop's own, for an account that cannot be found
// by its address yet.
func (s *shop) signIn(ctx context.Context, _ rotate.Session, in web.Input) (d rotate.Decision, err error) {
	attempt := in.Attempt()
	if attempt.Account, err = s.unconfirmed(ctx, in.Ticket); err != nil {
		return d, err
	}
	d, err = s.keeper.Login(ctx, attempt)
	if err == nil && attempt.Account != "" {
		err = s.confirm(ctx, attempt.Account)
	}
	return d, err
}

// signOut ends the sign-in of this browser, and keeps the cart.
func (s *shop) signOut(c *echo.Context) error {
	return s.answer(c, "login", s.gate.Follow(c.Response(), c.Request(), rotate.Decision{Next: rotate.SignInAgain}, nil))
}

// forgot answers everybody the same, before it is known whether there is
// anybody to write to. The ticket is made when the mail is, and lies in no queue.
func (s *shop) forgot(c *echo.Context) error {
	in, err := web.Read(c.Response(), c.Request())
	if err != nil {
		return err
	}
	s.mail.later(func(ctx context.Context) error {
		issued, err := s.keeper.Issue(ctx, rotate.Request{Name: in.Name, Source: in.Source, Browser: in.Browser})
		s.mail.sendTicket(issued)
		return err
	})
	return s.show(c, "sent", web.Answer{}, nil)
}

// enroll offers a second factor. At the first sign-in of staff, a ticket stands
// for the session.
func (s *shop) enroll(c *echo.Context) error {
	a, offer := s.gate.Enroll(c.Response(), c.Request())
	if a.Code == "need_enroll" {
		return s.show(c, "offer", a, offer)
	}
	return s.answer(c, "factor", a)
}

// confirmFactor puts the offered factor in force with its first code, and shows
// the recovery codes once.
func (s *shop) confirmFactor(c *echo.Context) error {
	a, codes := s.gate.Confirm(c.Response(), c.Request())
	if a.Code == "proceed" {
		return s.show(c, "recovery", a, codes)
	}
	return s.answer(c, "offer", a)
}
