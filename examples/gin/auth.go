package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/web"
)

// openKeeper connects Tillkey to the database and to the table of customers.
func (s *shop) openKeeper(ctx context.Context) (err error) {
	c := sqlstore.Config{Dialect: sqlstore.PostgreSQL, Join: s.forgetHash}
	if s.store, err = sqlstore.Open(ctx, s.sql, c); err != nil {
		return err
	}
	ring, err := rotate.OpenKeys(ctx, s.store, "gin shop", s.Keys)
	if err != nil {
		return err
	}
	s.keeper, err = rotate.New(rotate.Config{
		Store: s.store, Ring: ring, Issuer: "Gin shop",
		Customers: rotate.Table{ByName: s.byEmail, ByAccount: s.byAccount},
		Hasher:    s.Hasher, Breach: s.Breach, Sources: s.Sources, Events: s.notify, Failed: s.failed, Now: s.Now,
	})
	s.gate = web.Gate{
		Keeper: s.keeper, Load: s.load, Now: s.Now,
		// Tokens are signed when the answer is written, by show.
		Keep:  func(http.ResponseWriter, *http.Request, rotate.Session) error { return nil },
		Allow: []string{"/signup", "/signup/", "/login/", "/forgot", "/reset", "/refresh", "/cart", "/checkout"},
	}
	return err
}

// authRoutes are the ways in, and what a signed-in customer does with them.
func (s *shop) authRoutes(r gin.IRouter) {
	for path, do := range map[string]web.Verb{
		"/signup/confirm": s.confirm, "/refresh": s.refresh, "/reset": s.gate.Reset,
		"/login": s.gate.Login, "/login/code": s.gate.Continue, "/login/password": s.gate.Continue,
		"/account/password": s.gate.Change, "/account/confirm": s.gate.StepUp,
	} {
		r.POST(path, func(c *gin.Context) { s.show(c, s.gate.Ask(c.Writer, c.Request, do), nil) })
	}
	r.POST("/account/second-factor", s.enroll)
	r.POST("/account/second-factor/confirm", s.confirmFactor)
	r.POST("/signup", s.signUp)
	r.POST("/forgot", s.forgot)
	r.POST("/logout", func(c *gin.Context) { s.reply(c, gin.H{"code": "bye"}, s.gate.SignOut(c.Writer, c.Request)) })
}

// show writes an answer, and the tokens of whoever may proceed.
func (s *shop) show(c *gin.Context, a web.Answer, recovery []string) {
	session, signedIn := web.From(c.Request.Context())
	if a.Code != rotate.Proceed.String() || !signedIn {
		a.Write(c.Writer, c.Request)
		return
	}
	access, err := s.sign(session, "access", 5*time.Minute)
	refresh, refreshErr := s.sign(session, "refresh", 30*24*time.Hour)
	s.reply(c, granted{a.Code, access, refresh, recovery, a.By}, errors.Join(err, refreshErr))
}

// enroll offers a second factor.
func (s *shop) enroll(c *gin.Context) {
	a, offer := s.gate.Enroll(c.Writer, c.Request)
	if a.Code != "need_enroll" {
		a.Write(c.Writer, c.Request)
		return
	}
	s.reply(c, gin.H{"code": "enroll", "uri": offer.URI("your account"), "ticket": a.Ticket}, nil)
}

// confirmFactor puts it in force and shows the recovery codes, once.
func (s *shop) confirmFactor(c *gin.Context) {
	a, codes := s.gate.Confirm(c.Writer, c.Request)
	var recovery []string
	for _, code := range codes {
		recovery = append(recovery, code.Reveal())
	}
	s.show(c, a, recovery)
}

// signUp judges the password, and does all else after the answer, which is the
// same for an address that is taken.
func (s *shop) signUp(c *gin.Context) {
	var draft *rotate.Draft
	in, err := web.Read(c.Writer, c.Request)
	if err == nil {
		draft, err = s.keeper.Draft(c.Request.Context(), rotate.NewAccount{
			Password: in.Password, About: []string{in.Name}, Source: in.Source, Browser: in.Browser,
		})
	}
	if err == nil {
		s.mail.later(func(ctx context.Context) error { return s.register(ctx, in.Name, draft) })
	}
	s.reply(c, gin.H{"code": "look_into_your_mail"}, err)
}

// confirm proves an address by the token that was mailed to it and the password.
func (s *shop) confirm(ctx context.Context, _ rotate.Session, in web.Input) (rotate.Decision, error) {
	account, err := s.unconfirmed(ctx, in.Ticket)
	if err != nil {
		return rotate.Decision{}, err
	}
	a := in.Attempt()
	a.Account = account
	d, err := s.keeper.Login(ctx, a)
	if err == nil {
		err = s.confirmAddress(ctx, account)
	}
	return d, err
}

// forgot mails a ticket for a new password, and answers before it is known
// whether there is anybody to write to.
func (s *shop) forgot(c *gin.Context) {
	in, err := web.Read(c.Writer, c.Request)
	s.mail.later(func(ctx context.Context) error {
		issued, err := s.keeper.Issue(ctx, rotate.Request{Name: in.Name, Source: in.Source, Browser: in.Browser})
		if err == nil && issued.Ticket != "" {
			s.mail.send(issued.Address, "Your new password", "reset "+issued.Ticket)
		}
		return err
	})
	s.reply(c, gin.H{"code": "look_into_your_mail"}, err)
}

// claims carry the session as its own text. The Keeper judges it on each use.
type claims struct {
	jwt.RegisteredClaims
	Session string `json:"tillkey"`
}

func (s *shop) sign(session rotate.Session, use string, life time.Duration) (string, error) {
	text, err := session.MarshalText()
	if err != nil {
		return "", err
	}
	c := claims{Session: string(text)}
	c.Audience, c.ExpiresAt = jwt.ClaimStrings{use}, jwt.NewNumericDate(s.Now().Add(life))
	return jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.secret)
}

// open reads a token; rotate.ErrSession for all but one of this use.
func (s *shop) open(token, use string) (session rotate.Session, err error) {
	var c claims
	key := func(*jwt.Token) (any, error) { return s.secret, nil }
	_, err = jwt.ParseWithClaims(token, &c, key, jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(use),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.Now))
	if err != nil {
		return session, rotate.ErrSession
	}
	return session, session.UnmarshalText([]byte(c.Session))
}

// load is the session that the gate asks the Keeper about.
func (s *shop) load(r *http.Request) (rotate.Session, error) {
	if token, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); isBearer {
		return s.open(token, "access")
	}
	return rotate.Session{}, nil
}

// refresh gives new tokens for the refresh token, which comes as the ticket.
func (s *shop) refresh(ctx context.Context, _ rotate.Session, in web.Input) (rotate.Decision, error) {
	session, err := s.open(in.Ticket, "refresh")
	if err != nil {
		return rotate.Decision{}, err
	}
	return s.keeper.Valid(ctx, session)
}
