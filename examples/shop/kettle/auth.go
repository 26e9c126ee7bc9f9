package kettle

import (
	"net/http"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// This file and the others named auth_ are the shop's side of Tillkey. Each
// handler reads a form, asks the Keeper, and follows its decision.

// authPages are the pages on which a visitor becomes a customer.
func (s *Shop) authPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /signup", s.signUpForm)
	mux.HandleFunc("POST /signup", s.signUp)
	mux.HandleFunc("GET /signup/confirm", s.confirmForm)
	mux.HandleFunc("POST /signup/confirm", s.confirm)
	mux.HandleFunc("GET /login", s.loginForm)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /login/code", s.loginCode)
	mux.HandleFunc("POST /login/password", s.loginPassword)
	mux.HandleFunc("POST /logout", s.logout)
	mux.HandleFunc("GET /forgot", s.forgotForm)
	mux.HandleFunc("POST /forgot", s.forgot)
	mux.HandleFunc("GET /reset", s.resetForm)
	mux.HandleFunc("POST /reset", s.reset)
}

// sessionKey is where the session manager keeps the sign-in, apart from the
// cart.
const sessionKey = "tillkey"

// newGate connects Tillkey to the session manager.
func (s *Shop) newGate() web.Gate {
	g := web.Gate{
		Keeper: s.keeper,
		Renew:  func(_ http.ResponseWriter, r *http.Request) error { return s.sessions.RenewToken(r.Context()) },
		// Who has a cart can pay for it, whatever is due, and whoever forgot the
		// password gets help.
		Allow:  []string{"/static/", "/checkout", "/signup", "/signup/", "/forgot", "/reset", "/outbox"},
		Reply:  s.reply,
		Failed: func(_ *http.Request, err error) { s.log.Error("gate", "error", err) },
		Now:    s.now,
	}
	g.Load, g.Keep, g.Drop = web.Texts(
		func(r *http.Request) (string, error) { return s.sessions.GetString(r.Context(), sessionKey), nil },
		func(_ http.ResponseWriter, r *http.Request, text string) error {
			if text == "" {
				s.sessions.Remove(r.Context(), sessionKey)
			} else {
				s.sessions.Put(r.Context(), sessionKey, text)
			}
			return nil
		})
	return g
}

// step is a form on the way to a session.
type step struct {
	// Ticket is what was proven so far, Next the page to go on to.
	Ticket, Next string
	// Mailed is a proof that came by mail, on its way to where it is needed.
	Mailed string
	// Email is what was typed as name.
	Email string
	// Reason and Proof say why a password must be changed, and with what.
	Reason rotate.Reason
	Proof  rotate.Proof
	// Problem and Problems are what went wrong, Rules what a password must be.
	Problem  string
	Problems []string
	Rules    passwordRules
}

// follow does what the Keeper decided about a sign-in: it opens the session, or
// shows the form of the next step.
func (s *Shop) follow(w http.ResponseWriter, r *http.Request, d rotate.Decision, st step) {
	st.Ticket, st.Reason, st.Proof = d.Ticket, d.Reason, d.Proof
	switch d.Next {
	case rotate.Proceed:
		if err := s.gate.SignIn(w, r, d.Session); err != nil {
			s.fail(w, r, err)
			return
		}
		s.remember(r, d.Session.Account)
		http.Redirect(w, r, web.SafeNext(st.Next), http.StatusSeeOther)
	case rotate.NeedCode:
		s.show(w, r, http.StatusOK, "login-code", st)
	case rotate.NeedEnroll:
		s.show(w, r, http.StatusOK, "login-enroll", st)
	case rotate.NeedNewPassword:
		st.Rules = s.rulesOf(r, st.Email)
		s.show(w, r, http.StatusOK, "login-password", st)
	default:
		http.Redirect(w, r, "/login", http.StatusSeeOther)
	}
}

// again shows a form once more with what was wrong.
func (s *Shop) again(w http.ResponseWriter, r *http.Request, form string, st step, err error) {
	a, t := s.failure(w, err), s.tongues.of(r)
	st.Problem, st.Problems = t.says(a), t.problems(a.Problems)
	s.show(w, r, a.Status, form, st)
}

// passwordRules is what a form tells before anything is typed.
type passwordRules struct {
	// Group is whose rules they are, for what is said while typing.
	Group string
	List  []rule
	// Attribute is for password managers that make passwords.
	Attribute string
}

// rule is one of them. While somebody types, State is "met", or "later" if only
// the form can tell.
type rule struct{ Text, State string }

// rulesOf are the rules for somebody who has just proven a password, by the name
// that was typed.
func (s *Shop) rulesOf(r *http.Request, email string) passwordRules {
	group := groupCustomers
	if account, err := s.customers.Find(r.Context(), email); err == nil && account != "" {
		if c, err := s.customers.load(r.Context(), account); err == nil {
			group = c.Group()
		}
	}
	return s.rules(r, group)
}

func (s *Shop) rules(r *http.Request, group string) passwordRules {
	p, err := s.profile(group)
	if err != nil {
		return passwordRules{}
	}
	return passwordRules{group, s.tongues.of(r).rules(p.Policy), p.Policy.PasswordRules()}
}

// rules are what a policy asks.
func (t tongue) rules(p policy.Policy) (list []rule) {
	for _, r := range p.Describe() {
		list = append(list, rule{Text: t.policy.Rule(r)})
	}
	return list
}
