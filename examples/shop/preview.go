package main

import (
	"net/http"
	"slices"
)

// previewPage is what is said about a password while it is typed: nothing of
// the password itself.
type previewPage struct {
	Problems []string
	// Score is 0 to 4, Word what it is called.
	Score int
	Word  string
}

// scores are the names of the scores of a policy.Verdict.
func scores() []string { return []string{"very weak", "weak", "fair", "good", "strong"} }

// preview tells every problem of a half-typed password by what is in memory:
// no session, no database, no leak list. The form decides when it is sent.
func (s *shop) preview(w http.ResponseWriter, r *http.Request) {
	if wait, ok := s.typing.take(r.RemoteAddr, s.now()); !ok {
		w.Header().Set("Retry-After", seconds(wait))
		s.fragment(w, http.StatusTooManyRequests, "slow", nil)
		return
	}
	group := r.URL.Query().Get("for")
	p, err := s.profile(group)
	if err != nil {
		http.Error(w, "no such group", http.StatusNotFound)
		return
	}
	// Sign-up calls the field otherwise, as there is no other password on it.
	password := r.PostFormValue("new_password")
	if password == "" {
		password = r.PostFormValue("password")
	}
	if password == "" {
		s.fragment(w, http.StatusOK, "silence", nil)
		return
	}
	about := slices.DeleteFunc([]string{r.PostFormValue("email"), r.PostFormValue("username"), r.PostFormValue("name")}, func(t string) bool { return t == "" })
	p.Policy.Words = slices.Concat(p.Policy.Words, p.Brand)
	v := p.Policy.Preview(password, about...)
	s.fragment(w, http.StatusOK, "typing", previewPage{problems(v.Problems), v.Score, scores()[v.Score]})
}
