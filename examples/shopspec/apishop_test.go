package shopspec_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/rotate/web"
)

// apiShop is a small shop for programs: JSON in, JSON out, a token that ages in
// place of a cookie, no cart, no cards, and no mail that confirms a sign-up.
type apiShop struct {
	realm *tilltest.Realm
	gate  web.Gate

	mu     sync.Mutex
	tokens map[string]*access // by access token
	renews map[string]*access // by renewal token
	mails  map[string][]shopspec.Mail
	staff  map[string]bool
	log    bytes.Buffer
}

// access is a sign-in.
type access struct {
	session rotate.Session
	until   time.Time
}

// accessFor is how long a token is good, as with tokens that nobody can end.
const accessFor = 10 * time.Minute

const leakedPhrase = "eleven leaked lanterns here"

func newAPIShop() (*apiShop, error) {
	s := &apiShop{tokens: map[string]*access{}, renews: map[string]*access{}, mails: map[string][]shopspec.Mail{}, staff: map[string]bool{}}
	leaked := policy.NewList(leakedPhrase)
	profile := func(group string) (rotate.Profile, error) {
		p, err := rotate.ShopProfile(group)
		p.Issuer = "API"
		p.Policy.Breach = []policy.List{leaked}
		return p, err
	}
	var err error
	s.realm, err = tilltest.New(tilltest.Config{Start: time.Now(), Keeper: rotate.Config{Profile: profile, Breach: []policy.List{leaked}, Group: "customers"}})
	s.gate = web.Gate{Keeper: s.realm.Keeper, Load: s.load, Now: s.realm.Clock.Now, Allow: []string{"/"}}
	return s, err
}

// load finds the sign-in of a token.
func (s *apiShop) load(r *http.Request) (rotate.Session, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.tokens[token]
	if a == nil || s.realm.Clock.Now().After(a.until) {
		return rotate.Session{}, nil
	}
	return a.session, nil
}

// next answers with what was decided; with a token where somebody is in.
func (s *apiShop) next(w http.ResponseWriter, d rotate.Decision, more map[string]any) {
	body := map[string]any{"code": d.Next.String()}
	if d.Ticket != "" {
		body["ticket"] = d.Ticket
	}
	if d.Next == rotate.NeedNewPassword {
		body["reason"], body["proof"] = d.Reason, d.Proof
	}
	if d.Next == rotate.Proceed {
		body["token"], body["renewal"] = s.issue(d.Session)
	}
	for k, v := range more {
		body[k] = v
	}
	answer(w, http.StatusOK, body)
}

func (s *apiShop) issue(session rotate.Session) (token, renewal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, renewal = rand.Text(), rand.Text()
	a := &access{session, s.realm.Clock.Now().Add(accessFor)}
	s.tokens[token], s.renews[renewal] = a, a
	return token, renewal
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// send is what a request sends.
type send struct {
	Name, Email, Password, NewPassword, Code, Recovery, Ticket, Renewal, Token string
	Account, Group, Before, Reason, Note                                       string
	Grace, Expect                                                              int
}

// form reads a request; what cannot be read is empty.
func form(w http.ResponseWriter, r *http.Request) (f send, p rotate.Proofs) {
	_ = json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&f)
	return f, rotate.Proofs{
		Password: f.Password, NewPassword: f.NewPassword, Code: f.Code, Recovery: f.Recovery, Ticket: f.Ticket,
		Source: web.Source(r), Browser: web.Browser(w, r),
	}
}

func (s *apiShop) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, map[string]any{"shop": "API"}) })
	s.doors(mux)
	s.rooms(mux)
	s.office(mux)
	log := slog.New(slog.NewJSONHandler(s, nil))
	wrapped := s.gate.Wrap(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Info("request", "method", r.Method, "path", r.URL.Path)
		wrapped.ServeHTTP(w, r)
	})
}

// Write takes the log.
func (s *apiShop) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// doors are the ways in.
func (s *apiShop) doors(mux *http.ServeMux) {
	keeper := s.realm.Keeper
	fail := func(w http.ResponseWriter, r *http.Request, err error) { web.Failure(err).Write(w, r) }
	mux.HandleFunc("POST /api/sign-up", func(w http.ResponseWriter, r *http.Request) {
		f, p := form(w, r)
		d, err := keeper.SignUp(r.Context(), rotate.NewAccount{
			Account: "c-" + f.Email, Password: f.Password, About: []string{f.Email, f.Name}, Source: p.Source, Browser: p.Browser,
		})
		if err != nil {
			fail(w, r, err)
			return
		}
		s.realm.Customers.Add(tilltest.Customer{Account: "c-" + f.Email, Address: f.Email})
		s.next(w, d, nil)
	})
	mux.HandleFunc("POST /api/sign-in", func(w http.ResponseWriter, r *http.Request) {
		f, p := form(w, r)
		d, err := keeper.Login(r.Context(), rotate.Attempt{Name: f.Email, Password: f.Password, Source: p.Source, Browser: p.Browser})
		if err != nil {
			fail(w, r, err)
			return
		}
		s.next(w, d, nil)
	})
	mux.HandleFunc("POST /api/sign-in/next", func(w http.ResponseWriter, r *http.Request) {
		f, p := form(w, r)
		p.Ticket = ""
		d, err := keeper.Continue(r.Context(), f.Ticket, p)
		if err != nil {
			fail(w, r, err)
			return
		}
		s.next(w, d, nil)
	})
	mux.HandleFunc("POST /api/renew", func(w http.ResponseWriter, r *http.Request) {
		f, _ := form(w, r)
		s.mu.Lock()
		a := s.renews[f.Renewal]
		s.mu.Unlock()
		if a == nil {
			fail(w, r, rotate.ErrSession)
			return
		}
		d, err := keeper.Valid(r.Context(), a.session)
		if err != nil || d.Next == rotate.SignInAgain {
			fail(w, r, rotate.ErrSession)
			return
		}
		token, renewal := s.issue(a.session)
		answer(w, http.StatusOK, map[string]any{"token": token, "renewal": renewal})
	})
	mux.HandleFunc("POST /api/forgot", func(w http.ResponseWriter, r *http.Request) {
		f, p := form(w, r)
		issued, err := keeper.Issue(r.Context(), rotate.Request{Name: f.Email, Source: p.Source, Browser: p.Browser})
		if err == nil && issued.Ticket != "" {
			s.mu.Lock()
			s.mails[issued.Address] = append(s.mails[issued.Address], shopspec.Mail{At: s.realm.Clock.Now(), Text: "your ticket: " + issued.Ticket})
			s.mu.Unlock()
		}
		answer(w, http.StatusAccepted, map[string]any{})
	})
	mux.HandleFunc("POST /api/reset", func(w http.ResponseWriter, r *http.Request) {
		f, p := form(w, r)
		d, err := keeper.Reset(r.Context(), f.Ticket, p)
		switch {
		case err != nil:
			fail(w, r, err)
		case d.Next == rotate.SignInAgain:
			answer(w, http.StatusOK, map[string]any{})
		default:
			s.next(w, d, nil)
		}
	})
}

// rooms are for those who are in.
func (s *apiShop) rooms(mux *http.ServeMux) {
	keeper := s.realm.Keeper
	done := func(w http.ResponseWriter, r *http.Request, d rotate.Decision, err error, more map[string]any) {
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		s.next(w, d, more)
	}
	me := func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, map[string]any{"me": true}) }
	mux.Handle("GET /api/me", s.gate.SignedIn(http.HandlerFunc(me)))
	mux.Handle("POST /api/me", s.gate.SignedIn(http.HandlerFunc(me)))
	mux.HandleFunc("POST /account/password", func(w http.ResponseWriter, r *http.Request) {
		session, _, _ := web.Held(r.Context())
		_, p := form(w, r)
		d, err := keeper.Change(r.Context(), session, p)
		done(w, r, d, err, nil)
	})
	mux.HandleFunc("POST /account/second-factor", func(w http.ResponseWriter, r *http.Request) {
		session, _, _ := web.Held(r.Context())
		f, p := form(w, r)
		e, err := keeper.Enroll(r.Context(), session, p)
		if err != nil {
			web.Failure(err).Write(w, r)
			return
		}
		answer(w, http.StatusOK, map[string]any{"uri": e.URI(f.Email), "ticket": f.Ticket})
	})
	mux.HandleFunc("POST /account/second-factor/confirm", func(w http.ResponseWriter, r *http.Request) {
		session, _, _ := web.Held(r.Context())
		_, p := form(w, r)
		d, codes, err := keeper.Confirm(r.Context(), session, p)
		var texts []string
		for _, c := range codes {
			texts = append(texts, c.Reveal())
		}
		done(w, r, d, err, map[string]any{"recovery": texts})
	})
	mux.HandleFunc("POST /account/confirm", func(w http.ResponseWriter, r *http.Request) {
		session, _ := web.From(r.Context())
		_, p := form(w, r)
		d, err := keeper.StepUp(r.Context(), session, p)
		done(w, r, d, err, nil)
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		s.mu.Lock()
		delete(s.tokens, token)
		s.mu.Unlock()
		answer(w, http.StatusOK, map[string]any{})
	})
}

// hooks reach behind it.
func (s *apiShop) hooks() shopspec.Hooks {
	return shopspec.Hooks{
		Seed: func(ctx context.Context, a shopspec.Account) (string, error) {
			return s.seed(ctx, a)
		},
		StoredHash: func(ctx context.Context, email string) (encoded string, err error) {
			err = s.realm.Keeper.Export(ctx, rotate.Query{Account: "c-" + email}, func(_, text string) error {
				encoded = text
				return nil
			})
			return encoded, err
		},
		Logs: func(context.Context) (string, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.log.String(), nil
		},
		Mail: func(_ context.Context, address string) ([]shopspec.Mail, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.mails[address], nil
		},
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			s.realm.Clock.Advance(d)
			return s.realm.Clock.Now(), nil
		},
	}
}
