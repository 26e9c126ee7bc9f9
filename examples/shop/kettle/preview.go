package kettle

import (
	"net/http"
	"slices"

	"github.com/tillkey/tillkey/policy"
)

// previewPage is what is said about a password while it is typed: nothing of
// the password itself.
type previewPage struct {
	Problems []string
	// Score is 0 to 4, Word what it is called.
	Score int
	Word  string
	// Rules are the rules that are met, and those that are asked later.
	Rules []rule
}

// score is the name of a score of a policy.Verdict.
func (t tongue) score(n int) string {
	return [...]string{t.say("very weak"), t.say("weak"), t.say("fair"), t.say("good"), t.say("strong")}[n]
}

// progress are the rules of a policy that a password does not break: the problems
// tell of the others. Those that ask more than memory are left to the form, and so
// is all of a password that was not looked into.
func (t tongue) progress(p policy.Policy, v policy.Verdict) (list []rule) {
	texts := t.rules(p)
	for i, r := range p.Describe() {
		switch {
		case v.Has(r.Code):
		case r.Code == policy.Breached || v.Has(policy.TooLong) || v.Has(policy.NotText):
			list = append(list, rule{Text: texts[i].Text, State: "later"})
		default:
			list = append(list, rule{Text: texts[i].Text, State: "met"})
		}
	}
	return list
}

// preview tells every problem of a half-typed password by what is in memory:
// no session, no database, no leak list. The form decides when it is sent.
func (s *Shop) preview(w http.ResponseWriter, r *http.Request) {
	if wait, ok := s.typing.take(r.RemoteAddr, s.now()); !ok {
		w.Header().Set("Retry-After", seconds(wait))
		s.fragment(w, r, http.StatusTooManyRequests, "slow", nil)
		return
	}
	group := r.URL.Query().Get("for")
	p, err := s.profile(group)
	if err != nil {
		http.Error(w, "no such group", http.StatusNotFound)
		return
	}
	t := s.tongues.of(r)
	// Sign-up calls the field otherwise, as there is no other password on it.
	password := r.PostFormValue("new_password")
	if password == "" {
		password = r.PostFormValue("password")
	}
	if password == "" {
		s.fragment(w, r, http.StatusOK, "silence", previewPage{Rules: t.rules(p.Policy)})
		return
	}
	about := slices.DeleteFunc([]string{r.PostFormValue("email"), r.PostFormValue("username"), r.PostFormValue("name")}, func(t string) bool { return t == "" })
	v := p.WithBrand().Preview(password, about...)
	s.fragment(w, r, http.StatusOK, "typing", previewPage{t.problems(v.Problems), v.Score, t.score(v.Score), t.progress(p.Policy, v)})
}
