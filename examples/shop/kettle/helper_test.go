package kettle

import (
	"bytes"
	"context"
	"database/sql"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/sqlstore"
	"github.com/tillkey/tillkey/rotate/tilltest"
	"github.com/tillkey/tillkey/totp"
)

// stage is a running shop with a clock that stands still until it is moved.
type stage struct {
	t      *testing.T
	config Config
	shop   *Shop
	server *httptest.Server
	clock  *tilltest.Clock
	logs   *logs
}

// logs is a log that may be read while it is written.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newStage starts a shop on a new database, everything logged. Its hashes cost
// next to nothing, as argon2 allows (RFC 9106, section 3.1).
func newStage(t *testing.T, changes ...func(*Config)) *stage {
	t.Helper()
	cheap, err := hash.New(hash.Config{Params: hash.Params{Memory: 8, Time: 1, Parallelism: 1}, UnsafeAllowWeak: true})
	require.NoError(t, err)
	return newStageWith(t, cheap, changes...)
}

// newStageWith starts a shop with another hasher; nil is the one of every shop.
func newStageWith(t *testing.T, h *hash.Hasher, changes ...func(*Config)) *stage {
	t.Helper()
	g := &stage{t: t, clock: tilltest.NewClock(time.Now()), logs: &logs{}}
	g.config = Config{
		DB: filepath.Join(t.TempDir(), "shop.db"), Keys: filepath.Join(t.TempDir(), "shop.keys"),
		Log: slog.New(slog.NewTextHandler(g.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: g.clock.Now, Hasher: h,
		// A clock that stands still earns no tries.
		Sources: rotate.SourceLimit{Burst: 100_000},
		// A busy machine is no outage.
		patience: time.Minute,
	}
	if onPostgres(t) {
		g.config.DB = newSchema(t)
	}
	for _, change := range changes {
		change(&g.config)
	}
	g.start()
	t.Cleanup(func() { g.stop() })
	return g
}

func (g *stage) start() {
	s, err := Open(context.Background(), g.config)
	require.NoError(g.t, err)
	g.shop, g.server = s, httptest.NewServer(s.Handler())
}

func (g *stage) stop() {
	if g.shop == nil {
		return
	}
	g.server.Close()
	require.NoError(g.t, g.shop.Close())
	g.shop = nil
}

// sql reads the database past the shop's own code.
func (g *stage) sql(query string, args ...any) (text string) {
	g.t.Helper()
	db := g.open()
	defer db.Close()
	require.NoError(g.t, db.QueryRow(query, args...).Scan(&text))
	return text
}

// open opens the database past the shop's own code.
func (g *stage) open() *sql.DB {
	g.t.Helper()
	driver, source := "sqlite", sqlstore.SQLiteDSN(g.config.DB)
	if isPostgres(g.config.DB) {
		driver, source = "pgx", g.config.DB
	}
	db, err := sql.Open(driver, source)
	require.NoError(g.t, err)
	return db
}

// letter waits until all mail is sent, and returns the newest to an address.
func (g *stage) letter(to string) Letter {
	g.t.Helper()
	for _, l := range g.letters() {
		if l.To == to {
			return l
		}
	}
	require.Fail(g.t, "no mail to "+to)
	return Letter{}
}

func (g *stage) letters() []Letter {
	g.shop.mail.busy.Wait()
	return g.shop.mail.all()
}

// account is the password of an account of the demonstration, by its name.
func (g *stage) account(name string) demoAccount {
	for _, a := range g.shop.seeded {
		if a.Name == name {
			return a
		}
	}
	require.Fail(g.t, "no account "+name)
	return demoAccount{}
}

// browser is a visitor.
type browser struct {
	*stage
	client *http.Client
}

func (g *stage) browser() browser {
	g.t.Helper()
	client := newVisitor(g.t)
	client.Transport = g.server.Client().Transport
	return browser{g, client}
}

// newVisitor keeps cookies, and shows where an answer leads.
func newVisitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Jar: jar, CheckRedirect: stay}
}

// answer is what came back.
type answer struct {
	Status   int
	Location string
	Body     string
	Header   http.Header
}

func (b browser) send(method, path string, form url.Values, headers ...string) answer {
	b.t.Helper()
	r, err := http.NewRequest(method, b.server.URL+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.client.Do(r)
	require.NoError(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	require.NotEmpty(b.t, res.Header.Get("Content-Type")+res.Header.Get("Location"), "%s %s", method, path)
	return answer{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
}

func (b browser) get(path string) answer { b.t.Helper(); return b.send(http.MethodGet, path, nil) }

// post sends a form of names and values.
func (b browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, form)
}

// login sends the form of the sign-in page.
func (b browser) login(email, password string) answer {
	b.t.Helper()
	return b.post("/login", "email", email, "password", password)
}

// entered checks that a form has led on to the account page.
func (b browser) entered(a answer) {
	b.t.Helper()
	require.Equal(b.t, http.StatusSeeOther, a.Status, a.Body)
	require.Equal(b.t, "/account", a.Location)
	require.Equal(b.t, http.StatusOK, b.get("/account").Status)
}

// out checks that nobody is signed in.
func (b browser) out() {
	b.t.Helper()
	a := b.get("/account")
	require.Equal(b.t, http.StatusSeeOther, a.Status)
	require.Equal(b.t, "/login?next=%2Faccount", a.Location)
}

// hidden is the value of a hidden field.
func (a answer) hidden(t *testing.T, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body)
	require.NotNil(t, found, "no field %q in\n%s", name, a.Body)
	return html.UnescapeString(found[1])
}

// secret is the key that the page of an enrolment shows.
func (a answer) secret(t *testing.T) totp.Secret {
	t.Helper()
	found := regexp.MustCompile(`<code class="key">([^<]*)</code>`).FindStringSubmatch(a.Body)
	require.NotNil(t, found, a.Body)
	s, err := totp.ParseSecret(found[1])
	require.NoError(t, err)
	return s
}

// recoveryCodes are those that a page shows.
func (a answer) recoveryCodes(t *testing.T) (codes []string) {
	t.Helper()
	for _, found := range regexp.MustCompile(`<li><code>([^<]*)</code>`).FindAllStringSubmatch(a.Body, -1) {
		codes = append(codes, found[1])
	}
	require.Len(t, codes, 10)
	return codes
}

// code is what the app shows next: the clock moves on, so that no code comes
// twice.
func (g *stage) code(s totp.Secret) string {
	g.clock.Advance(s.Period())
	return s.Code(g.clock.Now())
}

// staff signs the staff in, with a second factor set up on the way.
func (g *stage) staff() (browser, totp.Secret) {
	g.t.Helper()
	b, dora := g.browser(), g.account("Dora")
	a := b.login(dora.Email, dora.Password)
	require.Contains(g.t, a.Body, "Your account needs a second factor")
	b.out()
	a = b.post("/account/second-factor", "ticket", a.hidden(g.t, "ticket"), "email", dora.Email)
	require.Equal(g.t, http.StatusOK, a.Status, a.Body)
	secret := a.secret(g.t)
	a = b.post("/account/second-factor/confirm", "ticket", a.hidden(g.t, "ticket"), "code", g.code(secret))
	a.recoveryCodes(g.t)
	require.Equal(g.t, http.StatusOK, b.get("/admin").Status)
	return b, secret
}

// force places an order by the pages of the staff, after the dry run.
func (b browser) force(pairs ...string) {
	b.t.Helper()
	pairs = append([]string{"grace", "0"}, pairs...)
	a := b.post("/admin/orders/preview", pairs...)
	require.Equal(b.t, http.StatusOK, a.Status, a.Body)
	a = b.post("/admin/orders", append(pairs, "expect", a.hidden(b.t, "expect"))...)
	require.Equal(b.t, "/admin/orders", a.Location, a.Body)
	b.get("/admin/customers") // reads the log of orders, which may be a second old otherwise
}

// listed are the list items inside the element of an id, or all of a fragment.
func listed(body, id string) (items []string) {
	if _, inside, found := strings.Cut(body, `id="`+id+`"`); found {
		body, _, _ = strings.Cut(inside, "</div>")
	}
	for _, found := range regexp.MustCompile(`<li>([^<]*)</li>`).FindAllStringSubmatch(body, -1) {
		items = append(items, html.UnescapeString(found[1]))
	}
	return items
}

func countOf(text, part string) int { return strings.Count(text, part) }

// after is what follows a text, up to the next quote; "" without it.
func after(body, text string) string {
	_, rest, found := strings.Cut(body, text)
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, `"`)
	return html.UnescapeString(rest)
}

// orderFor asks one account for a new password within a week.
func orderFor(account string) rotate.Order {
	return rotate.Order{Account: account, Reason: rotate.AdminReset, Grace: 7 * day, Actor: "test", Expect: 1}
}
