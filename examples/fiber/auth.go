package main

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// newGate connects Tillkey to the session middleware.
func (s *shop) newGate() (g web.Gate) {
	g = web.Gate{Keeper: s.keeper, Renew: renewSession, Allow: openPaths(), Failed: s.gateFailed, Now: s.now}
	g.Load, g.Keep, g.Drop = web.Texts(sessionText, setSessionText)
	return g
}

// finish does what the Keeper decided: it keeps or drops the sign-in, and shows
// the form of the next step, or form once more with what was wrong.
func (s *shop) finish(c fiber.Ctx, form string, d rotate.Decision, err error) error {
	w, r := edgeOf(c)
	switch a := s.gate.Follow(w, r, d, err); {
	case a.Code == "proceed":
		return leadOn(c, next(c), nil)
	case a.Code == "sign_in_again": // also after five wrong proofs
		return leadOn(c, "/login", nil)
	case a.Ticket != "":
		return s.show(c, d.Next.String(), a, nil)
	default:
		return s.show(c, form, a, nil)
	}
}

func (s *shop) signOut(c fiber.Ctx) error {
	w, r := edgeOf(c)
	return leadOn(c, "/", s.gate.SignOut(w, r))
}

// signUp checks the password, and all else after the answer, which is the same
// for an address that is taken.
func (s *shop) signUp(c fiber.Ctx) error {
	// What the job below keeps is copied: fiber writes the next request over it.
	// What goes to the Keeper need not be.
	email, name := strings.Clone(foldEmail(c.FormValue("email"))), strings.Clone(c.FormValue("name"))
	if !checkCustomer(email, name) {
		return s.show(c, "signup", web.Answer{Status: fiber.StatusUnprocessableEntity, Code: "incomplete"}, nil)
	}
	draft, err := s.keeper.Draft(c.Context(), rotate.NewAccount{
		Password: c.FormValue("password"), About: []string{email, name}, Source: c.IP(), Browser: browser(c),
	})
	if err != nil {
		return s.finish(c, "signup", rotate.Decision{}, err)
	}
	s.mail.later(func(ctx context.Context) error { return s.register(ctx, email, name, draft) })
	return s.show(c, "sent", web.Answer{}, nil)
}

// confirm takes the token from the mail together with the password.
func (s *shop) confirm(c fiber.Ctx) error {
	account, err := s.customers.claimed(c.Context(), c.FormValue("token"))
	if err != nil {
		return s.finish(c, "confirm", rotate.Decision{}, err)
	}
	d, err := s.keeper.Login(c.Context(), attempt(c, account))
	if err == nil {
		err = s.customers.confirm(c.Context(), account)
	}
	return s.finish(c, "confirm", d, err)
}

func (s *shop) login(c fiber.Ctx) error {
	d, err := s.keeper.Login(c.Context(), attempt(c, ""))
	return s.finish(c, "login", d, err)
}

// loginStep takes the code, or the new password, that a sign-in asked for.
func (s *shop) loginStep(c fiber.Ctx) error {
	d, err := s.keeper.Continue(c.Context(), c.FormValue("ticket"), proofs(c))
	return s.finish(c, "login", d, err)
}

// forgot mails a ticket, which is made when the mail is: it is in no queue.
func (s *shop) forgot(c fiber.Ctx) error {
	name, source := strings.Clone(c.FormValue("email")), strings.Clone(c.IP())
	r := rotate.Request{Name: name, Source: source, Browser: browser(c)}
	s.mail.later(func(ctx context.Context) error {
		issued, err := s.keeper.Issue(ctx, r)
		s.mail.sendReset(issued)
		return err
	})
	return s.show(c, "sent", web.Answer{}, nil)
}

// resetForm asks what the ticket from the mail needs: an empty try counts nothing.
func (s *shop) resetForm(c fiber.Ctx) error {
	return s.resetWith(c, rotate.Proofs{Source: c.IP(), Browser: browser(c)})
}

func (s *shop) reset(c fiber.Ctx) error { return s.resetWith(c, proofs(c)) }

// resetWith sets a new password with the ticket, and signs nobody in.
func (s *shop) resetWith(c fiber.Ctx, p rotate.Proofs) error {
	d, err := s.keeper.Reset(c.Context(), c.FormValue("ticket"), p)
	if err == nil && d.Next == rotate.SignInAgain {
		return s.show(c, "changed", web.Answer{}, nil)
	}
	return s.show(c, "reset", web.Outcome(d, err), d.Next == rotate.NeedCode)
}

// verb is what a customer does with an open session: Change, StepUp, Unenroll.
type verb func(context.Context, rotate.Session, rotate.Proofs) (rotate.Decision, error)

func (s *shop) does(form string, verb verb) fiber.Handler {
	return func(c fiber.Ctx) error {
		d, err := verb(c.Context(), held(c), proofs(c))
		return s.finish(c, form, d, err)
	}
}

// enroll offers a second factor; at a sign-in the ticket stands for the session.
func (s *shop) enroll(c fiber.Ctx) error {
	offer, err := s.keeper.Enroll(c.Context(), held(c), proofs(c))
	if err != nil {
		return s.finish(c, "factor", rotate.Decision{}, err)
	}
	return s.show(c, "offer", web.Answer{}, offer)
}

// confirmFactor puts the offer in force, and shows the recovery codes once.
func (s *shop) confirmFactor(c fiber.Ctx) error {
	d, codes, err := s.keeper.Confirm(c.Context(), held(c), proofs(c))
	if err != nil {
		return s.finish(c, "offer", d, err)
	}
	w, r := edgeOf(c)
	return s.show(c, "recovery", s.gate.Follow(w, r, d, nil), codes)
}

// attempt and proofs are what a form holds. Nothing is copied here: the Keeper
// copies what it keeps.
func attempt(c fiber.Ctx, account string) rotate.Attempt {
	return rotate.Attempt{
		Name: c.FormValue("email"), Account: account, Password: c.FormValue("password"),
		Source: c.IP(), Browser: browser(c),
	}
}

func proofs(c fiber.Ctx) rotate.Proofs {
	return rotate.Proofs{
		Password: c.FormValue("password"), NewPassword: c.FormValue("new_password"), Code: c.FormValue("code"),
		Recovery: c.FormValue("recovery"), Ticket: c.FormValue("ticket"), Source: c.IP(), Browser: browser(c),
	}
}
