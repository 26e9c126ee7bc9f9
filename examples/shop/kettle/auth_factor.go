package kettle

import (
	"errors"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
	"github.com/tillkey/tillkey/totp"
)

// factorPage is the page of the second factor, in all its states.
type factorPage struct {
	step
	Status rotate.Status
	// NeedMail is true where a mailed proof is needed and not there yet.
	NeedMail bool
	// Picture and Key are shown once, when the factor is offered.
	Picture []byte
	Key     string
}

// recoveryPage shows new recovery codes, once.
type recoveryPage struct {
	Codes []totp.RecoveryCode
	Next  string
}

const qrPixels = 320

func (s *Shop) factorPage(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.showFactor(w, r, nil)
}

// showFactor shows the factor of a signed-in customer, and what went wrong.
func (s *Shop) showFactor(w http.ResponseWriter, r *http.Request, wrong error) {
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page := factorPage{step: step{Next: next(r), Mailed: r.FormValue("mailed"), Email: s.label(r, session)}}
	if page.Status, err = s.keeper.Lookup(r.Context(), session.Account); err != nil {
		s.fail(w, r, err)
		return
	}
	code := http.StatusOK
	if wrong != nil {
		a := s.failure(w, wrong)
		if a.Code == "sign_in_again" {
			s.dropSession(w, r)
			return
		}
		code, page.Problem = a.Status, s.tongues.of(r).says(a)
		if a.Code == "need_proof" {
			page.Problem, page.Mailed = s.missing(r, page.Status.Factor, page.Mailed)
		}
	}
	page.NeedMail = page.Status.Due.Proof == rotate.ProofOutOfBand && page.Mailed == ""
	s.show(w, r, code, "factor", page)
}

// missing says which proof was not enough, and gives up a mailed one that was
// shown for nothing.
func (s *Shop) missing(r *http.Request, factor bool, mailed string) (says, keep string) {
	t := s.tongues.of(r)
	switch {
	case factor && r.FormValue("code") == "" && r.FormValue("recovery") == "":
		return t.say("Please give a code of your second factor, too."), mailed
	case mailed != "":
		return t.say("This link proves nothing any more. Ask for a new one, and open it in this browser."), ""
	}
	return t.say("This needs a proof from your mail first."), ""
}

// proofPage is where the link of a mailed proof leads: on with the second
// factor, or to the sign-in that comes before it.
func (s *Shop) proofPage(w http.ResponseWriter, r *http.Request) {
	session, _, err := web.Held(r.Context())
	switch {
	case err != nil:
		s.fail(w, r, err)
	case session.IsZero():
		web.Browser(w, r)
		s.show(w, r, http.StatusOK, "login", step{Next: "/account", Mailed: r.FormValue("mailed")})
	default:
		s.factorPage(w, r)
	}
}

// enroll offers a second factor, to a signed-in customer or, with a ticket, to
// one who has to have one first.
func (s *Shop) enroll(w http.ResponseWriter, r *http.Request) {
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p := proofs(w, r)
	e, err := s.keeper.Enroll(r.Context(), session, p)
	if err != nil {
		s.factorFailed(w, r, p, err)
		return
	}
	page := factorPage{step: step{Ticket: p.Ticket, Mailed: p.Mailed, Next: next(r), Email: s.label(r, session)}, Key: e.Secret.Reveal()}
	if page.Picture, err = e.QR(page.Email, qrPixels); err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "factor-offer", page)
}

// label is how the authenticator app names the account.
func (s *Shop) label(r *http.Request, session rotate.Session) string {
	if c, err := s.customers.load(r.Context(), session.Account); err == nil {
		return c.Email
	}
	return clip(r.FormValue("email"), maxEmail)
}

// confirmFactor puts the offered factor in force with its first code.
func (s *Shop) confirmFactor(w http.ResponseWriter, r *http.Request) {
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p := proofs(w, r)
	d, codes, err := s.keeper.Confirm(r.Context(), session, p)
	var denied *rotate.Denied
	if errors.As(err, &denied) && !errors.Is(err, rotate.ErrSession) {
		page := factorPage{step: step{Ticket: p.Ticket, Mailed: p.Mailed, Next: next(r), Email: s.label(r, session)}}
		a := s.failure(w, err)
		page.Problem = s.tongues.of(r).says(a)
		s.show(w, r, a.Status, "factor-offer", page)
		return
	}
	if err != nil {
		s.factorFailed(w, r, p, err)
		return
	}
	s.showRecovery(w, r, d, codes)
}

// newRecovery replaces the recovery codes.
func (s *Shop) newRecovery(w http.ResponseWriter, r *http.Request) {
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d, codes, err := s.keeper.RecoveryCodes(r.Context(), session, proofs(w, r))
	if err != nil {
		s.showFactor(w, r, err)
		return
	}
	s.showRecovery(w, r, d, codes)
}

// showRecovery goes on with the session of the decision, and shows the codes
// once.
func (s *Shop) showRecovery(w http.ResponseWriter, r *http.Request, d rotate.Decision, codes []totp.RecoveryCode) {
	if d.Next == rotate.Proceed {
		if err := s.gate.SignIn(w, r, d.Session); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	s.show(w, r, http.StatusOK, "recovery", recoveryPage{codes, next(r)})
}

// unenroll removes the second factor.
func (s *Shop) unenroll(w http.ResponseWriter, r *http.Request) {
	session, _, err := web.Held(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d, err := s.keeper.Unenroll(r.Context(), session, proofs(w, r))
	if err != nil {
		s.showFactor(w, r, err)
		return
	}
	s.follow(w, r, d, step{Next: "/account/second-factor"})
}

// factorFailed answers what went wrong before there was a factor to confirm:
// at a sign-in by starting it again, else on the page of the factor.
func (s *Shop) factorFailed(w http.ResponseWriter, r *http.Request, p rotate.Proofs, err error) {
	if p.Ticket != "" && errors.Is(err, rotate.ErrProof) {
		st := step{Ticket: p.Ticket, Next: next(r), Email: clip(r.FormValue("email"), maxEmail), Proof: rotate.ProofOutOfBand}
		a := s.failure(w, err)
		st.Problem, _ = s.missing(r, false, p.Mailed)
		s.show(w, r, a.Status, "login-enroll", st)
		return
	}
	if p.Ticket != "" {
		s.again(w, r, "login", step{Next: next(r)}, err)
		return
	}
	if session, _, _ := web.Held(r.Context()); session.IsZero() {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	s.showFactor(w, r, err)
}
