package shopspec

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// secrets are what was typed in a run, and must be nowhere.
type secrets struct {
	mu   sync.Mutex
	list []secret
}

type secret struct {
	kind  string // "a password"
	forms []string
}

// minSecret is the shortest text that is looked for: a shorter one may be
// anywhere by chance.
const minSecret = 10

// add remembers a secret that must not be shown or logged.
func (s *secrets) add(kind, text string) {
	if len(text) < minSecret {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range s.list {
		if known.forms[0] == text {
			return
		}
	}
	s.list = append(s.list, secret{kind, forms(text)})
}

// forms are the ways in which a text is written: as it is, in a query, a path, a
// page (html/template escapes "+", too), and JSON.
func forms(text string) []string {
	page := html.EscapeString(text)
	all := []string{text, url.QueryEscape(text), url.PathEscape(text), page, strings.ReplaceAll(page, "+", "&#43;")}
	if quoted, err := json.Marshal(text); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	var once []string
	for _, form := range all {
		if !slices.Contains(once, form) {
			once = append(once, form)
		}
	}
	return once
}

// within returns what kind of secret is in a text; "" if none. Only names one
// kind to look for; "" is all.
func (s *secrets) within(text []byte, only string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.list {
		if only != "" && one.kind != only {
			continue
		}
		for _, form := range one.forms {
			if bytes.Contains(text, []byte(form)) {
				return one.kind
			}
		}
	}
	return ""
}

// hide puts dots in the place of secrets.
func (s *secrets) hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.list {
		for _, form := range one.forms {
			text = strings.ReplaceAll(text, form, "…")
		}
	}
	return text
}

// count is how many secrets there are.
func (s *secrets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.list)
}

const (
	aPassword = "a password"
	aRecovery = "a recovery code"
	aSeed     = "the key of a second factor"
	aTicket   = "a ticket"
)

// newPassword draws a password that any policy takes: 26 characters, two words
// and a number that nobody knows.
func newPassword() string {
	return strings.ToLower(rand.Text()[:11]+" "+rand.Text()[:11]) + " 47"
}

// newTag draws something that is found again and guessed by nobody.
func newTag() string { return strings.ToLower(rand.Text()[:12]) }
