package kettle

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// accountPages are for signed-in customers. Gate.SignedIn lets who must change
// the password, or set up a second factor, onto the page for that and no other.
func (s *Shop) accountPages(mux *http.ServeMux) {
	handle := func(pattern string, page http.HandlerFunc) { mux.Handle(pattern, s.gate.SignedIn(page)) }
	handle("GET /account", s.account)
	handle("POST /account/sessions", s.endSessions)
	handle("POST /account/card", s.changeCard)
	handle("GET /account/password", s.passwordForm)
	handle("POST /account/password", s.changePassword)
	handle("GET /account/confirm", s.stepUpForm)
	handle("POST /account/confirm", s.stepUp)
	handle("GET /account/second-factor", s.factorPage)
	handle("POST /account/second-factor/recovery", s.newRecovery)
	handle("POST /account/second-factor/remove", s.unenroll)
	mux.HandleFunc("GET /account/second-factor/proof", s.proofPage)
	// These two take a ticket in place of a session, at a sign-in.
	mux.HandleFunc("POST /account/second-factor", s.enroll)
	mux.HandleFunc("POST /account/second-factor/confirm", s.confirmFactor)
}

type passwordPage struct {
	step
	// Forced is true where the change must be made before anything else.
	Forced bool
	// Mail is true where only a mailed ticket proves enough, Code where a code
	// of the second factor does.
	Mail, Code bool
}

// passwordForm says why a change is due, if it is, and what it needs.
func (s *Shop) passwordForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	page, err := s.passwordPage(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "password", page)
}

func (s *Shop) passwordPage(r *http.Request) (passwordPage, error) {
	session, d, err := web.Held(r.Context())
	if err != nil {
		return passwordPage{}, err
	}
	status, err := s.keeper.Lookup(r.Context(), session.Account)
	if err != nil {
		return passwordPage{}, err
	}
	c, err := s.customers.load(r.Context(), session.Account)
	if err != nil {
		return passwordPage{}, err
	}
	strict := d.Proof == rotate.ProofOutOfBand
	return passwordPage{
		step:   step{Next: next(r), Email: c.Email, Reason: d.Reason, Rules: s.rules(r, status.Group)},
		Forced: d.Next == rotate.NeedNewPassword, Mail: strict && !status.Factor, Code: strict && status.Factor,
	}, nil
}

// changePassword ends every other session and goes on with this one.
func (s *Shop) changePassword(w http.ResponseWriter, r *http.Request) {
	page, err := s.passwordPage(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d, err := s.keeper.Change(r.Context(), session, proofs(w, r))
	if err != nil {
		a, t := s.failure(w, err), s.tongues.of(r)
		page.Problem, page.Problems = t.says(a), t.problems(a.Problems)
		if a.Code == "sign_in_again" {
			s.dropSession(w, r)
			return
		}
		s.show(w, r, a.Status, "password", page)
		return
	}
	s.follow(w, r, d, page.step)
}

// dropSession follows five wrong proofs: the session is over.
func (s *Shop) dropSession(w http.ResponseWriter, r *http.Request) {
	if err := s.gate.SignOut(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

type accountPage struct {
	rotate.Status
	// Card is the card on file; "" if there is none.
	Card string
}

// account shows the customer what is known about the credential.
func (s *Shop) account(w http.ResponseWriter, r *http.Request) {
	session, ok := web.From(r.Context())
	if !ok {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	status, err := s.keeper.Lookup(r.Context(), session.Account)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page := accountPage{Status: status}
	if page.Card, err = s.customers.card(r.Context(), session.Account); err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "account", page)
}

// endSessions signs out everywhere, here too.
func (s *Shop) endSessions(w http.ResponseWriter, r *http.Request) {
	session, _ := web.From(r.Context())
	if err := s.keeper.EndSessions(r.Context(), session.Account, ""); err != nil {
		s.fail(w, r, err)
		return
	}
	s.logout(w, r)
}
