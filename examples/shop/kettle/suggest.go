package kettle

import (
	"context"
	"net/http"
	"sync"

	"github.com/tillkey/tillkey/policy/generate"
)

// suggestions make passwords for a group in a language. Working out how long they
// have to be takes a while, so it is done once.
type suggestions struct {
	mu   sync.Mutex
	made map[[2]string]*generate.Generator
}

// suggestion is the generator for a group in a language.
func (s *Shop) suggestion(ctx context.Context, group string, t tongue) (*generate.Generator, error) {
	p, err := s.profile(group)
	if err != nil {
		return nil, err
	}
	// Lists of leaked passwords may be slow; the form asks them when it is sent.
	obeyed := p.WithBrand()
	obeyed.Breach = nil
	all, key := &s.suggestions, [2]string{group, t.tag.String()}
	all.mu.Lock()
	defer all.mu.Unlock()
	if g := all.made[key]; g != nil {
		return g, nil
	}
	g, err := generate.New(ctx, generate.Recipe{Policy: obeyed, Kind: generate.Passphrase, Language: t.tag.String(), Separator: " "})
	if err != nil {
		return nil, err
	}
	if all.made == nil {
		all.made = map[[2]string]*generate.Generator{}
	}
	all.made[key] = g
	return g, nil
}

// suggestPage is a password that a visitor may take. It is shown once and kept
// nowhere.
type suggestPage struct {
	Password string
	Bits     int
}

// suggest draws a password that the policy accepts, in words of the visitor's
// language. Like preview it needs neither session nor database.
func (s *Shop) suggest(w http.ResponseWriter, r *http.Request) {
	if wait, ok := s.typing.take(r.RemoteAddr, s.now()); !ok {
		w.Header().Set("Retry-After", seconds(wait))
		s.fragment(w, r, http.StatusTooManyRequests, "slow", nil)
		return
	}
	group := r.URL.Query().Get("for")
	if _, err := s.profile(group); err != nil {
		http.Error(w, "no such group", http.StatusNotFound)
		return
	}
	g, err := s.suggestion(r.Context(), group, s.tongues.of(r))
	var password string
	if err == nil {
		password, err = g.Password(r.Context())
	}
	if err != nil {
		s.fail(w, s.withoutSession(r), err)
		return
	}
	s.fragment(w, r, http.StatusOK, "suggestion", suggestPage{password, int(g.Bits())})
}
