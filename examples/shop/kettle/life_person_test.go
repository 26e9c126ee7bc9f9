package kettle

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/totp"
)

// person is a customer of the story.
type person struct {
	life  *life
	email string
	// since is when the sign-up was complete.
	since time.Time
	// knows is the password the person remembers, "" after it was forgotten.
	knows string
	// phone computes codes, the zero Secret without one; codes are those printed
	// and not used.
	phone totp.Secret
	codes []string
	at    browser
	// paths are the steps of the last way in, for the report of a dead end.
	path []string
}

// signUp makes a customer. Some never open the mail.
func (l *life) signUp(n int) {
	p := &person{life: l, email: fmt.Sprintf("person%02d@example.com", n), knows: l.password(), at: l.browser()}
	p.ask("/signup", "email", p.email, "name", "Kim", "password", p.knows)
	link := p.mailed("/signup/confirm?token=")
	require.NotEmpty(l.t, link)
	if l.rng.IntN(12) == 0 {
		l.happened("sign-up not confirmed")
		return
	}
	token := p.at.get(link).hidden(l.t, "token")
	a := p.ask("/signup/confirm", "token", token, "password", p.knows)
	require.Equal(l.t, "/account", a.Location, a.Body)
	p.since = l.clock.Now()
	l.people = append(l.people, p)
	l.happened("sign-up")
}

// ask sends a form. Whatever a person does, the shop is never at a loss.
func (p *person) ask(path string, pairs ...string) answer {
	p.life.t.Helper()
	a := p.at.post(path, pairs...)
	require.Less(p.life.t, a.Status, http.StatusInternalServerError, "%s: %s", path, p.life)
	p.path = append(p.path, fmt.Sprintf("%s %d", path, a.Status))
	return a
}

// mailed is the link of the newest mail that has such a one, "" if there is none.
func (p *person) mailed(prefix string) string {
	for _, l := range p.life.letters() {
		if l.To == p.email && strings.HasPrefix(l.Link, prefix) {
			return l.Link
		}
	}
	return ""
}

var asked = regexp.MustCompile(`name="([a-z_]+)"(?: value="([^"]*)")?`)

// fields are the names of the fields of a page, and the values of hidden ones.
func (a answer) fields() map[string]string {
	fields := map[string]string{}
	for _, found := range asked.FindAllStringSubmatch(a.Body, -1) {
		fields[found[1]] = html.UnescapeString(found[2])
	}
	return fields
}

// proof is what the person has of the second factor, as a pair of a form.
func (p *person) proof() []string {
	if !p.phone.IsZero() {
		return []string{"code", p.life.code(p.phone)}
	}
	if len(p.codes) == 0 {
		return []string{"code", ""}
	}
	code := p.codes[0]
	p.codes = p.codes[1:]
	return []string{"recovery", code}
}

// login is one try with what the person knows. It goes on where the shop asks
// for more, unless the person is in no mood to change a password.
func (p *person) login(willing bool) (in bool) {
	p.at = p.life.browser()
	return p.follow(p.ask("/login", "email", p.email, "password", p.knows), willing)
}

func (p *person) follow(a answer, willing bool) (in bool) {
	for range 4 {
		f := a.fields()
		_, code := f["recovery"]
		_, choose := f["new_password"]
		switch {
		case a.Location == "/account":
			return p.at.get("/account").Status == http.StatusOK
		case a.Status != http.StatusOK:
			return false
		case code:
			a = p.ask("/login/code", append(p.proof(), "ticket", f["ticket"])...)
		case choose && willing:
			fresh := p.life.password()
			a = p.ask("/login/password", "ticket", f["ticket"], "new_password", fresh)
			if a.Location == "/account" {
				p.knows = fresh
				p.life.happened("changed at sign-in")
			}
		case choose:
			p.life.happened("put off a change")
			return false
		default:
			return false
		}
	}
	return false
}

// reset goes the way of a forgotten password. It tells whether there was a mail
// and whether the password is changed.
func (p *person) reset() (mailed, done bool) {
	p.at = p.life.browser()
	old := p.mailed("/reset?ticket=")
	p.ask("/forgot", "email", p.email)
	link := p.mailed("/reset?ticket=")
	if link == old {
		return false, false
	}
	f := p.at.get(link).fields()
	fresh := p.life.password()
	form := []string{"ticket", f["ticket"], "new_password", fresh}
	if _, code := f["recovery"]; code {
		form = append(form, p.proof()...)
		form = append(form, "with_code", "1")
	}
	a := p.ask("/reset", form...)
	if _, again := a.fields()["new_password"]; a.Status != http.StatusOK || again {
		return true, false
	}
	p.knows = fresh
	return true, true
}

// wayIn signs the person in, as patiently as people are: with what they know,
// with waiting once as long as the shop says, and with the mail.
func (p *person) wayIn() bool {
	p.path = nil
	waited := false
	for range 6 {
		if p.knows != "" && p.login(true) {
			return true
		}
		if wait := p.waits(); wait > 0 && !waited {
			p.life.clock.Advance(wait)
			waited = true
			continue
		}
		if mailed, _ := p.reset(); !mailed {
			p.path = append(p.path, "no mail")
			p.life.clock.Advance(time.Hour) // as long as the limit of mails makes anybody wait
		}
	}
	return false
}

// waits is how long the shop asks the person to wait before the next try, 0 if
// the password is not what it takes.
func (p *person) waits() time.Duration {
	if p.knows == "" {
		return 0
	}
	p.at = p.life.browser()
	a := p.ask("/login", "email", p.email, "password", p.knows)
	if a.Status != http.StatusTooManyRequests {
		return 0
	}
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	require.NoError(p.life.t, err)
	return time.Duration(seconds) * time.Second
}
