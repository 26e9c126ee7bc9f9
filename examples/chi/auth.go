package main

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// openKeeper connects Tillkey to the database, the key file and the customers.
func (s *shop) openKeeper(ctx context.Context) (err error) {
	if s.store, err = sqlstore.Open(ctx, s.sql, sqlstore.Config{Dialect: sqlstore.PostgreSQL}); err != nil {
		return err
	}
	ring, err := rotate.OpenKeys(ctx, s.store, "chai house", s.Keys)
	if err != nil {
		return err
	}
	s.keeper, err = rotate.New(rotate.Config{
		Store: s.store, Ring: ring, Issuer: brand, Breach: leaked(), Events: s.notify, Failed: s.failed,
		Customers: rotate.Table{ByName: s.byEmail, ByAccount: s.byAccount},
		Hasher:    s.Hasher, Sources: s.Sources, Now: s.Now,
	})
	return err
}

// newGate connects Tillkey to the session manager. Whoever must change a
// password first may still pay for the cart, and get help.
func (s *shop) newGate() web.Gate {
	g := web.Gate{
		Keeper: s.keeper, Now: s.Now, Failed: func(_ *http.Request, err error) { s.failed(err) },
		Allow: []string{"/static/", "/signup", "/forgot", "/reset", "/cart", "/checkout", "/outbox"},
		Renew: func(_ http.ResponseWriter, r *http.Request) error { return s.sessions.RenewToken(r.Context()) },
	}
	g.Load, g.Keep, g.Drop = web.Texts(
		func(r *http.Request) (string, error) { return s.sessions.GetString(r.Context(), "tillkey"), nil },
		func(_ http.ResponseWriter, r *http.Request, text string) error {
			s.sessions.Put(r.Context(), "tillkey", text)
			return nil
		})
	return g
}

// authRoutes are the ways in, and what a signed-in customer does with them.
func (s *shop) authRoutes(r chi.Router) {
	r.Post("/signup", s.signUp)
	r.Post("/login", s.ask("login", s.signIn))
	r.Post("/login/code", s.ask("need_code", s.gate.Continue))
	r.Post("/login/password", s.ask("need_new_password", s.gate.Continue))
	r.Post("/forgot", s.forgot)
	r.Get("/reset", s.ask("reset", s.gate.Reset)) // what the ticket needs
	r.Post("/reset", s.ask("reset", s.gate.Reset))
	r.Post("/logout", func(w http.ResponseWriter, r *http.Request) {
		s.answer(w, r, "login", s.gate.Follow(w, r, rotate.Decision{Next: rotate.SignInAgain}, nil))
	})
	// At the first sign-in of staff, a ticket stands for the session.
	r.Post("/account/second-factor", s.enroll)
	r.Post("/account/second-factor/confirm", s.confirmFactor)
	signedIn := r.With(s.gate.SignedIn)
	signedIn.Post("/account/password", s.ask("password", s.gate.Change))
	signedIn.Post("/account/confirm", s.ask("stepup", s.gate.StepUp))
	signedIn.Post("/account/second-factor/remove", s.ask("factor", s.gate.Unenroll))
}

// ask answers a form with what one verb of the Keeper decides.
func (s *shop) ask(form string, do web.Verb) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, form, s.gate.Ask(w, r, do)) }
}

// answer leads on, shows the form of the next step of a sign-in, or shows the
// same form again with what was wrong.
func (s *shop) answer(w http.ResponseWriter, r *http.Request, form string, a web.Answer) {
	switch {
	case a.Code == "proceed":
		http.Redirect(w, r, web.SafeNext(r.FormValue("next")), http.StatusSeeOther)
	case a.Code == "sign_in_again":
		http.Redirect(w, r, "/login", http.StatusSeeOther)
	case a.Status == http.StatusOK && form != "reset":
		s.show(w, r, a.Code, a, nil) // need_code, need_new_password or need_enroll
	default:
		s.show(w, r, form, a, nil)
	}
}

// signUp checks the password, and all else after the answer, which is the same
// for an address that is taken. Its owner gets a mail either way.
func (s *shop) signUp(w http.ResponseWriter, r *http.Request) {
	var draft *rotate.Draft
	in, err := web.Read(w, r)
	who := readNewcomer(r)
	if err == nil && !who.complete() {
		s.show(w, r, "signup", web.Answer{Status: http.StatusUnprocessableEntity, Code: "incomplete"}, nil)
		return
	}
	if err == nil {
		draft, err = s.keeper.Draft(r.Context(), rotate.NewAccount{
			Password: in.Password, About: []string{who.email, who.name}, Source: in.Source, Browser: in.Browser,
		})
	}
	if err != nil {
		s.answer(w, r, "signup", s.gate.Follow(w, r, rotate.Decision{}, err))
		return
	}
	s.mail.later(func(ctx context.Context) error { return s.register(ctx, who, draft) })
	s.show(w, r, "sent", web.Answer{}, nil)
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

// forgot answers everybody the same, before it is known whether there is
// anybody to write to.
func (s *shop) forgot(w http.ResponseWriter, r *http.Request) {
	in, err := web.Read(w, r)
	if err != nil {
		s.answer(w, r, "forgot", web.Failure(err))
		return
	}
	s.mail.later(func(ctx context.Context) error {
		issued, err := s.keeper.Issue(ctx, rotate.Request{Name: in.Name, Source: in.Source, Browser: in.Browser})
		s.mail.sendTicket(issued)
		return err
	})
	s.show(w, r, "sent", web.Answer{}, nil)
}

// enroll offers a second factor.
func (s *shop) enroll(w http.ResponseWriter, r *http.Request) {
	if a, offer := s.gate.Enroll(w, r); a.Code == "need_enroll" {
		s.show(w, r, "offer", a, offer)
	} else {
		s.answer(w, r, "factor", a)
	}
}

// confirmFactor puts it in force, and shows the recovery codes once.
func (s *shop) confirmFactor(w http.ResponseWriter, r *http.Request) {
	if a, codes := s.gate.Confirm(w, r); a.Code == "proceed" {
		s.show(w, r, "recovery", a, codes)
	} else {
		s.answer(w, r, "offer", a)
	}
}
