package kettle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/totp"
)

// exchange is one answer of the shop: everything but the cookies it sets.
type exchange struct{ path, text string }

// witness keeps every exchange of every browser.
type witness struct {
	http.RoundTripper
	mu   sync.Mutex
	seen []exchange
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := w.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	h := res.Header.Clone()
	h.Del("Set-Cookie")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, exchange{r.Method + " " + r.URL.Path, fmt.Sprint(h) + string(body)})
	return res, nil
}

// secret is what must not be seen.
type secret struct {
	name, text string
	// pages are those that have to show it; how often is up to once.
	pages []string
	once  bool
	// raw is the secret in bytes, where the text is written from them.
	raw []byte
}

// forms are the ways a secret may be written that give it away. A short secret
// is given away by its sums, too.
func (s secret) forms() (forms []string) {
	forms = []string{s.text, strings.ToLower(s.text), strings.ToUpper(s.text), url.QueryEscape(s.text)}
	for _, raw := range [][]byte{[]byte(s.text), s.raw} {
		if len(raw) > 0 {
			forms = append(forms, string(raw), hex.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw))
		}
	}
	if strings.HasPrefix(s.name, "password") {
		sum := sha256.Sum256([]byte(s.text))
		forms = append(forms, string(sum[:]), hex.EncodeToString(sum[:]))
	}
	return forms
}

// in tells whether a text gives the secret away. Six digits alone are a code;
// within a longer number they are not.
func (s secret) in(text string) bool {
	if strings.HasPrefix(s.name, "code") {
		return regexp.MustCompile(`(^|[^0-9A-Za-z.])` + s.text + `($|[^0-9A-Za-z])`).MatchString(text)
	}
	return slices.ContainsFunc(s.forms(), func(form string) bool { return strings.Contains(text, form) })
}

// leaks is a story in which everything secret is written down.
type leaks struct {
	*stage
	witness *witness
	secrets []secret
}

// hide adds a secret that no answer may hold but those of some pages.
func (l *leaks) hide(name, text string, pages ...string) string {
	l.t.Helper()
	require.NotEmpty(l.t, text, name)
	l.secrets = append(l.secrets, secret{name: name, text: text, pages: pages})
	return text
}

// hideOnce adds one that one answer of one page has to hold.
func (l *leaks) hideOnce(name, text, page string) string {
	l.hide(name, text, page)
	l.secrets[len(l.secrets)-1].once = true
	return text
}

func (l *leaks) named(name string) string {
	return l.secrets[slices.IndexFunc(l.secrets, func(s secret) bool { return s.name == name })].text
}

func (l *leaks) hideSeed(name string, s totp.Secret) {
	l.hide(name, strings.ReplaceAll(s.Reveal(), " ", ""))
	// The page shows it in groups.
	l.hideOnce(name+" in groups", s.Reveal(), "POST /account/second-factor")
	raw, err := s.MarshalBinary()
	require.NoError(l.t, err)
	l.secrets[len(l.secrets)-1].raw = raw
}

func (l *leaks) ticket(a answer) string {
	return l.hide("ticket of a sign-in", a.hidden(l.t, "ticket"), "POST /login", "POST /login/code", "POST /login/password", "POST /account/second-factor")
}

// S10, S20, S22: passwords, codes, tickets, seeds and keys are in no log, no
// event, no error, no column of the database, and no answer but the one that
// must show it.
func TestNothingLeaks(t *testing.T) {
	g := newStage(t)
	l := &leaks{stage: g, witness: &witness{RoundTripper: g.server.Client().Transport}}
	g.server.Client().Transport = l.witness
	for _, a := range g.shop.seeded {
		l.hide("password of "+a.Name, a.Password)
	}
	keys, err := os.ReadFile(g.config.Keys)
	require.NoError(t, err)
	fields := strings.Fields(string(keys))
	l.hide("key", fields[len(fields)-1][len("tillkey-key-v1:k12345678:"):])
	b := l.story()

	at, err := url.Parse(b.server.URL)
	require.NoError(t, err)
	for _, c := range b.client.Jar.Cookies(at) {
		l.hide("cookie "+c.Name, c.Value)
	}
	l.answers()
	l.columns()
	l.events()
	l.faults(b)
	g.stop()
	l.files()
	l.log()
}

// story is all that customers and staff do, with every page of the staff in the
// end.
func (l *leaks) story() browser {
	t, g := l.t, l.stage
	staff, staffSeed := g.staff()
	l.hideSeed("staff seed", staffSeed)
	ada, ben := g.account("Ada"), g.account("Ben")

	// Sign-up, with a password that is refused first.
	b := g.browser()
	b.post("/preview?for=customers", "new_password", l.hide("password in preview", "fay 1"), "username", fay)
	b.signUp(fay, l.hide("password refused", "fay fay fay"))
	b.signUp(fay, l.hide("password of Fay", fayPassword))
	token := l.hide("token", b.get(g.letter(fay).Link).hidden(t, "token"), "GET /outbox", "GET /signup/confirm", "POST /signup/confirm")
	b.post("/signup/confirm", "token", token, "password", l.hide("password mistyped", "a wrong but wordy guess"))
	b.entered(b.post("/signup/confirm", "token", token, "password", fayPassword))

	// A bcrypt hash is taken over.
	other := g.browser()
	hash := g.sql("SELECT password_hash FROM customers WHERE email = $1", ben.Email)
	other.entered(other.login(ben.Email, ben.Password))
	_, err := g.shop.keeper.Deliver(context.Background())
	require.NoError(t, err)
	l.hide("old hash", hash)

	// Mistakes, a change, a second factor.
	b = g.browser()
	b.login(ada.Email, "a wrong but wordy guess")
	b.entered(b.login(ada.Email, ada.Password))
	b.post("/account/password", "password", ada.Password, "new_password", l.hide("password near", "Nine violet umbrellas 2"))
	now := l.hide("password changed", "seven wooden lanterns")
	b.entered(b.post("/account/password", "password", ada.Password, "new_password", now))
	seed := b.post("/account/second-factor", "password", now).secret(t)
	l.hideSeed("seed", seed)
	b.post("/account/second-factor/confirm", "code", l.hide("code mistyped", "918273"))
	code := l.hide("code first", g.code(seed))
	codes := b.post("/account/second-factor/confirm", "code", code).recoveryCodes(t)
	for i, c := range codes {
		l.hideOnce(fmt.Sprint("recovery code ", i), c, "POST /account/second-factor/confirm")
	}
	for _, page := range []string{"/account", "/account/second-factor", "/account/password", "/account/confirm", "/checkout", "/cart"} {
		b.get(page)
	}

	// Every way to sign in with it, and new codes.
	b.post("/logout")
	ticket := l.ticket(b.login(ada.Email, now))
	b.entered(b.post("/login/code", "ticket", ticket, "recovery", codes[0]))
	b.post("/account/confirm", "code", l.hide("code fresh", g.code(seed)))
	for i, c := range b.post("/account/second-factor/recovery", "password", now, "code", l.hide("code for new ones", g.code(seed))).recoveryCodes(t) {
		l.hideOnce(fmt.Sprint("new recovery code ", i), c, "POST /account/second-factor/recovery")
		codes[i] = c
	}
	b.post("/logout")
	ticket = l.ticket(b.login(ada.Email, now))
	ticket = l.ticket(b.post("/login/code", "ticket", ticket, "code", "918273"))
	b.entered(b.post("/login/code", "ticket", ticket, "code", l.hide("code used", g.code(seed))))

	// All are forced; the mail is one way out, the code another.
	staff.post("/account/confirm", "code", l.hide("code of staff", g.code(staffSeed)))
	staff.force("group", "customers", "reason", "compromise", "note", "a test")
	b.post("/forgot", "email", ada.Email)
	mailed := l.hide("mailed ticket", b.get(g.letter(ada.Email).Link).hidden(t, "ticket"), "GET /outbox", "GET /reset", "POST /reset")
	b.get("/outbox")
	b.post("/reset", "ticket", mailed, "new_password", "brief", "recovery", codes[1], "with_code", "1")
	now = l.hide("password reset", "two dozen silver herons")
	require.Contains(t, b.post("/reset", "ticket", mailed, "new_password", now, "recovery", codes[2], "with_code", "1").Body, "is changed")
	b.post("/reset", "ticket", mailed, "new_password", now)
	ticket = l.ticket(b.login(ada.Email, now))
	b.entered(b.post("/login/code", "ticket", ticket, "code", g.code(seed)))
	staff.force("account", "1", "reason", "policy_raised", "note", "another")
	b.get("/account")
	last := l.hide("password last", "nobody counts the gulls")
	b.entered(b.post("/account/password", "password", now, "new_password", last))

	for _, page := range []string{"/admin", "/admin/customers", "/admin/customers/1", "/admin/customers/2", "/admin/orders", "/admin/orders/new", "/admin/audit", "/outbox"} {
		staff.get(page)
	}
	return b
}

// answers looks through all that was answered.
func (l *leaks) answers() {
	l.t.Helper()
	require.Greater(l.t, len(l.witness.seen), 50)
	for _, s := range l.secrets {
		shown := 0
		for _, e := range l.witness.seen {
			if !s.in(e.text) {
				continue
			}
			shown++
			require.Contains(l.t, s.pages, e.path, "%s is shown", s.name)
		}
		if s.once {
			require.Equal(l.t, 1, shown, "%s is shown once", s.name)
		}
	}
}

// columns looks into every column of every row of every table.
func (l *leaks) columns() {
	l.t.Helper()
	db := l.open()
	defer db.Close()
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if l.shop.db.shared {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	tables, err := db.Query(list)
	require.NoError(l.t, err)
	defer tables.Close()
	n := 0
	for tables.Next() {
		var table string
		require.NoError(l.t, tables.Scan(&table))
		rows, err := db.Query(`SELECT * FROM "` + table + `"`)
		require.NoError(l.t, err)
		names, err := rows.Columns()
		require.NoError(l.t, err)
		for rows.Next() {
			n++
			values, into := make([]sql.RawBytes, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			require.NoError(l.t, rows.Scan(into...))
			for i, v := range values {
				l.nowhere(string(v), table+"."+names[i])
			}
		}
		require.NoError(l.t, rows.Err())
		require.NoError(l.t, rows.Close())
	}
	require.NoError(l.t, tables.Err())
	require.Greater(l.t, n, 50)
}

// nowhere finds no secret in a text.
func (l *leaks) nowhere(text, where string) {
	l.t.Helper()
	for _, s := range l.secrets {
		if s.in(text) {
			require.Fail(l.t, s.name+" in "+where)
		}
	}
}

// events looks at events as the shop gets them.
func (l *leaks) events() {
	l.t.Helper()
	events, err := l.shop.keeper.Events(context.Background(), "", "", 500)
	require.NoError(l.t, err)
	require.Greater(l.t, len(events), 20)
	text, err := json.Marshal(events)
	require.NoError(l.t, err)
	l.nowhere(string(text)+fmt.Sprintf("%+v %#v", events, events), "an event")
}

// faults makes everything fail, so that errors are answered and logged, and
// starts that cannot work.
func (l *leaks) faults(b browser) {
	l.t.Helper()
	before, seen := len(l.logs.String()), len(l.witness.seen)
	require.NoError(l.t, l.shop.db.DB.Close())
	ada := l.account("Ada").Email
	for _, path := range []string{"/login", "/signup", "/forgot", "/reset", "/login/code", "/account/password", "/account/second-factor", "/account/confirm"} {
		b.post(path, "email", ada, "name", "Ada", "password", "nobody counts the gulls", "new_password", fayPassword, "code", "918273", "ticket", l.named("mailed ticket"))
	}
	l.shop.mail.busy.Wait()
	require.Contains(l.t, l.logs.String()[before:], "level=ERROR")
	for _, e := range l.witness.seen[seen:] {
		l.nowhere(e.text, "the answer of "+e.path+" to a fault")
	}
	text, err := os.ReadFile(l.config.Keys)
	require.NoError(l.t, err)
	bad := l.config
	bad.DB, bad.Keys = filepath.Join(l.t.TempDir(), "bad.db"), filepath.Join(l.t.TempDir(), "bad.keys")
	for _, broken := range []string{string(text)[:len(text)-3], strings.Replace(string(text), "tillkey-key-v1:", "tillkey-key-v9:", 1), string(text) + string(text)} {
		require.NoError(l.t, os.WriteFile(bad.Keys, []byte(broken), 0o600))
		_, err := Open(context.Background(), bad)
		require.Error(l.t, err)
		l.nowhere(fmt.Sprintf("%v %+v %#v", err, err, err), "an error of the start")
	}
}

// files looks into the files of the database, forgotten pages and all.
func (l *leaks) files() {
	l.t.Helper()
	if onPostgres(l.t) {
		return // they are the server's
	}
	files, err := filepath.Glob(l.config.DB + "*")
	require.NoError(l.t, err)
	require.NotEmpty(l.t, files)
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(l.t, err)
		for _, s := range l.secrets {
			// Six digits are in every file, and the old hash was a row of the shop.
			if !strings.HasPrefix(s.name, "code") && s.name != "old hash" {
				require.False(l.t, s.in(string(text)), "%s in %s", s.name, f)
			}
		}
	}
}

// log looks through the log, which tells enough and names nobody.
func (l *leaks) log() {
	l.t.Helper()
	log := l.logs.String()
	require.Contains(l.t, log, "level=INFO")
	require.Contains(l.t, log, "level=ERROR")
	for _, line := range strings.Split(log, "\n") {
		l.nowhere(line, "the log: "+line)
	}
	for _, a := range []string{"ada@example.com", "ben@example.com", fay} {
		require.NotContains(l.t, log, a)
	}
}
