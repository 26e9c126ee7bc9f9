package kettle

import (
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

func (s *Shop) loginForm(w http.ResponseWriter, r *http.Request) {
	web.Browser(w, r)
	s.show(w, r, http.StatusOK, "login", step{Next: next(r)})
}

// login asks the Keeper for every name, unknown ones too.
func (s *Shop) login(w http.ResponseWriter, r *http.Request) {
	st := step{Email: clip(r.FormValue("email"), maxEmail), Next: next(r), Mailed: r.FormValue("mailed")}
	d, err := s.keeper.Login(r.Context(), rotate.Attempt{
		Name: r.FormValue("email"), Password: r.FormValue("password"),
		Source: web.Source(r), Browser: web.Browser(w, r),
	})
	if err != nil {
		s.again(w, r, "login", st, err)
		return
	}
	s.follow(w, r, d, st)
}

// loginCode takes the code of the second factor, or a recovery code.
func (s *Shop) loginCode(w http.ResponseWriter, r *http.Request) {
	st := step{Email: r.FormValue("email"), Next: next(r), Mailed: r.FormValue("mailed")}
	d, err := s.keeper.Continue(r.Context(), r.FormValue("ticket"), proofs(w, r))
	if err != nil && d.Next == rotate.NeedCode {
		st.Ticket = d.Ticket
		s.again(w, r, "login-code", st, err)
		return
	}
	if err != nil {
		s.again(w, r, "login", st, err)
		return
	}
	s.follow(w, r, d, st)
}

// loginPassword takes the new password that was due at a sign-in.
func (s *Shop) loginPassword(w http.ResponseWriter, r *http.Request) {
	st := step{Email: r.FormValue("email"), Next: next(r)}
	d, err := s.keeper.Continue(r.Context(), r.FormValue("ticket"), proofs(w, r))
	if err != nil && d.Next == rotate.NeedNewPassword {
		st.Ticket, st.Reason, st.Proof, st.Rules = d.Ticket, d.Reason, d.Proof, s.rulesOf(r, st.Email)
		s.again(w, r, "login-password", st, err)
		return
	}
	if err != nil {
		s.again(w, r, "login", st, err)
		return
	}
	s.follow(w, r, d, st)
}

func (s *Shop) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.gate.SignOut(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// proofs is everything a form may hold; the Keeper looks at what it needs.
func proofs(w http.ResponseWriter, r *http.Request) rotate.Proofs {
	return rotate.Proofs{
		Password: r.FormValue("password"), NewPassword: r.FormValue("new_password"),
		Code: r.FormValue("code"), Recovery: r.FormValue("recovery"),
		Ticket: r.FormValue("ticket"), Mailed: r.FormValue("mailed"), Source: web.Source(r), Browser: web.Browser(w, r),
	}
}

// next is where the visitor wanted to go, the account page if nowhere.
func next(r *http.Request) string {
	if n := web.SafeNext(r.FormValue("next")); n != "/" {
		return n
	}
	return "/account"
}
