package main

import (
	"context"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// This file is the shop's side of Tillkey. Every way into the account of a
// customer leads through the Keeper, or is closed.

func (s *shop) openKeeper(k rotate.Config) (err error) {
	k.Customers, k.Profile, k.Events, k.Failed = s.table(), profile, s.notify, s.failed
	if s.keeper, err = rotate.New(k); err != nil {
		return err
	}
	s.gate = web.Gate{
		Keeper: s.keeper, Load: s.session, Reply: reply, Now: k.Now, Allow: []string{credentials, "/api/shop/checkout"},
		Pages: web.Pages{SignIn: signIn, NewPassword: credentials + "password",
			Enroll: credentials + "enroll", StepUp: credentials + "step-up"},
	}
	return s.gate.Validate()
}

func (s *shop) bindAuth() {
	s.app.OnRecordAuthWithPasswordRequest(customers).BindFunc(s.login)
	s.app.OnRecordConfirmVerificationRequest(customers).BindFunc(s.confirm)
	s.app.OnRecordAuthRequest(customers).BindFunc(s.issue)
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.BindFunc(apis.WrapStdMiddleware(s.gate.Wrap), guard)
		e.Router.POST(credentials+"{verb}", s.credentials).Bind(apis.BodyLimit(maxBody))
		return e.Next()
	})
}

// guard stands behind the gate. It makes a guest of a customer whose session is
// not good, and where PocketBase would know somebody for longer than a request;
// and it closes PocketBase's own ways to a password, an address and a token.
func guard(e *core.RequestEvent) error {
	_, route, _ := strings.Cut(e.Request.Pattern, "{collection}/")
	if closed(route) {
		collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
		if err == nil && collection.Name == customers {
			return errClosed()
		}
	}
	_, good := web.From(e.Request.Context())
	lasting := e.Request.Pattern == "POST /api/realtime" || e.Request.Pattern == "POST /api/files/token"
	if e.Auth != nil && e.Auth.Collection().Name == customers && (lasting || !good) {
		e.Auth = nil
	}
	return e.Next()
}

// login asks the Keeper for every name, unknown ones too.
func (s *shop) login(e *core.RecordAuthWithPasswordRequestEvent) error {
	d, err := s.keeper.Login(e.Request.Context(), rotate.Attempt{
		Name: e.Identity, Password: e.Password, Source: e.RealIP(), Browser: web.Browser(e.Response, e.Request),
	})
	return s.finish(e.RequestEvent, d, nil, err)
}

// confirm proves an address. It takes the password too, so that neither who
// reads the mail nor who knows the password alone gets in.
func (s *shop) confirm(e *core.RecordConfirmVerificationRequestEvent) error {
	f, err := read(e.RequestEvent)
	if err != nil {
		return err
	}
	d, err := s.keeper.Login(e.Request.Context(), rotate.Attempt{
		Account: e.Record.Id, Name: e.Record.Email(), Password: f.Password, Source: f.Source, Browser: f.Browser,
	})
	if err == nil {
		err = s.verified(e.Record)
	}
	return s.finish(e.RequestEvent, d, nil, err)
}

// credentials is all else that can be done about a password or a factor.
func (s *shop) credentials(e *core.RequestEvent) error {
	f, err := read(e)
	if err != nil {
		return err
	}
	var d rotate.Decision
	var show any
	ctx := e.Request.Context()
	session, _, err := web.Held(ctx)
	switch verb := e.Request.PathValue("verb"); {
	case err != nil: // nobody knows
	case verb == "sign-up":
		err = s.signUp(ctx, f)
	case verb == "continue":
		d, err = s.keeper.Continue(ctx, f.MfaID, f.Proofs)
	case verb == "password":
		d, err = s.keeper.Change(ctx, session, f.Proofs)
	case verb == "forgot":
		s.forgot(f)
	case verb == "reset":
		d, err = s.keeper.Reset(ctx, f.Token, f.Proofs)
	case verb == "step-up":
		d, err = s.keeper.StepUp(ctx, session, f.Proofs)
	case verb == "enroll":
		show, err = offered(f)(s.keeper.Enroll(ctx, session, f.Proofs))
	case verb == "enroll-confirm":
		d, show, err = revealed(s.keeper.Confirm(ctx, session, f.Proofs))
	case verb == "recovery-codes":
		d, show, err = revealed(s.keeper.RecoveryCodes(ctx, session, f.Proofs))
	case verb == "unenroll":
		d, err = s.keeper.Unenroll(ctx, session, f.Proofs)
	case verb == "sign-out":
		err = s.keeper.EndSession(ctx, session)
	case verb == "end-sessions":
		err = s.keeper.EndSessions(ctx, session.Account, "")
	default:
		return e.NotFoundError("", nil)
	}
	return s.finish(e, d, show, err)
}

// finish does what the Keeper decided: PocketBase's own answer to a sign-in, or
// what comes first.
func (s *shop) finish(e *core.RequestEvent, d rotate.Decision, show any, err error) error {
	if err != nil || d.Next != rotate.Proceed {
		return answer(e, d, show, err)
	}
	record, err := e.App.FindRecordById(customers, d.Session.Account)
	if err != nil {
		return err
	}
	e.Set(claim, d.Session)
	return apis.RecordAuthResponse(e, record, "", show)
}

// signUp says no more than whether the password will do. The rest is done after
// the answer, which is the same for an address that is taken.
func (s *shop) signUp(ctx context.Context, f form) error {
	f.Email = strings.ToLower(strings.TrimSpace(f.Email))
	if !checkContact(f.Name, f.Email) {
		return router.NewBadRequestError("Please give your name and one e-mail address.", nil)
	}
	draft, err := s.keeper.Draft(ctx, rotate.NewAccount{
		Password: f.Password, About: []string{f.Email, f.Name}, Source: f.Source, Browser: f.Browser,
	})
	if err == nil {
		s.jobs.later(func(ctx context.Context) error { return s.register(ctx, f.Email, f.Name, draft) })
	}
	return err
}

// forgot answers everybody the same before it is known whether there is anybody
// to write to.
func (s *shop) forgot(f form) {
	s.jobs.later(func(ctx context.Context) error {
		issued, err := s.keeper.Issue(ctx, rotate.Request{Name: f.Email, Source: f.Source, Browser: f.Browser})
		if err != nil || issued.Ticket == "" {
			return err
		}
		return s.sendLink(issued.Address, "reset", issued.Ticket)
	})
}

// staffOnly says that there is no such page to customers who are not staff. The
// gate asks guests to sign in.
func staffOnly(e *core.RequestEvent) error {
	session, _ := web.From(e.Request.Context())
	if e.Auth != nil && (!e.Auth.GetBool("staff") || !session.SecondFactor()) {
		return e.NotFoundError("", nil)
	}
	return e.Next()
}
