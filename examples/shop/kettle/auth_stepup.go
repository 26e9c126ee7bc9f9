package kettle

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate/web"
)

type stepUpPage struct {
	step
	// Code is true where there is a second factor: its code is asked for, and
	// the password is not.
	Code bool
}

// stepUpForm asks a signed-in customer for a fresh proof, before what matters.
func (s *Shop) stepUpForm(w http.ResponseWriter, r *http.Request) {
	s.showStepUp(w, r, nil)
}

func (s *Shop) stepUp(w http.ResponseWriter, r *http.Request) {
	session, _ := web.From(r.Context())
	d, err := s.keeper.StepUp(r.Context(), session, proofs(w, r))
	if err != nil {
		s.showStepUp(w, r, err)
		return
	}
	s.follow(w, r, d, step{Next: next(r)})
}

func (s *Shop) showStepUp(w http.ResponseWriter, r *http.Request, wrong error) {
	session, ok := web.From(r.Context())
	if !ok {
		http.Redirect(w, r, "/account", http.StatusSeeOther)
		return
	}
	status, err := s.keeper.Lookup(r.Context(), session.Account)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page, code := stepUpPage{step: step{Next: next(r)}, Code: status.Factor}, http.StatusOK
	if r.FormValue("next") == "" && s.sessions.Exists(r.Context(), deliveryKey) {
		page.Next = "/checkout/card" // the proof ran out while the visitor looked at it
	}
	if wrong != nil {
		a := s.failure(w, wrong)
		if a.Code == "sign_in_again" {
			s.dropSession(w, r)
			return
		}
		code, page.Problem = a.Status, s.tongues.of(r).says(a)
	}
	s.show(w, r, code, "stepup", page)
}

// staffOnly stands before the pages of the staff: a session proven with the
// second factor within the last minutes, of somebody the shop calls staff.
// Everybody else is told that there is no such page.
func (s *Shop) staffOnly(page func(http.ResponseWriter, *http.Request, customer)) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, _ := web.From(r.Context())
		c, err := s.customers.load(r.Context(), session.Account)
		switch {
		case err != nil:
			s.fail(w, r, err)
		case !c.Staff || !session.SecondFactor():
			s.notFound(w, r)
		default:
			page(w, r, c)
		}
	})
	fresh := s.gate.Fresh(0)(inner)
	// A customer is not asked for a proof of what is not for customers.
	return s.gate.SignedIn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, _ := web.From(r.Context())
		if c, err := s.customers.load(r.Context(), session.Account); err == nil && !c.Staff {
			s.notFound(w, r)
			return
		}
		fresh.ServeHTTP(w, r)
	}))
}
