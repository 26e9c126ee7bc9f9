//go:build unix

package kettle

import (
	"database/sql"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// With PostgreSQL away nothing crashes and nothing hangs: guests look around,
// who is signed in is told to come back, and everything goes on by itself.
//
// SHOP_OUTAGE=10s keeps it away for that long, under requests all the time.
func TestOutage(t *testing.T) {
	lasts, err := time.ParseDuration(orElse(os.Getenv("SHOP_OUTAGE"), "0s"))
	require.NoError(t, err)
	c := newCluster(t)
	for _, test := range []struct {
		name string
		away func(*outage, *wire)
		back func(*wire)
	}{
		{"stopped", func(*outage, *wire) { c.stop("fast") }, func(*wire) { c.start() }},
		{"crashed", func(*outage, *wire) { c.stop("immediate") }, func(*wire) { c.start() }},
		{"hung", func(o *outage, w *wire) {
			o.stop() // to have patience with a busy machine until now
			o.config.patience = 3 * time.Second
			o.start()
			w.hold(true)
		}, func(w *wire) { w.hold(false) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWire(t, c.port)
			o := newOutage(t, c.schema(t, w.port(), test.name))
			test.away(o, w)
			back := sync.OnceFunc(func() { test.back(w) })
			defer back()
			o.during()
			for end := time.Now().Add(lasts); time.Now().Before(end); {
				time.Sleep(lasts / 40)
				o.clock.Advance(time.Second) // earns turns to type
				o.during()
			}
			back()
			o.after()
		})
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// schema is the URL of a new schema of the cluster.
func (c *cluster) schema(t *testing.T, port, name string) string {
	t.Helper()
	db, err := sql.Open("pgx", c.url(c.port))
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	return c.url(port) + "&search_path=" + name
}

// outage is a shop whose database goes away, and the people in it.
type outage struct {
	*stage
	ada, guest, staff browser
	account           demoAccount // of Ada; it is made at the first start alone
	jonas             string
	guesses           int // of Jonas until he has to wait, and how many are left
	left              int
}

func newOutage(t *testing.T, place string) *outage {
	g := newStage(t, func(c *Config) { c.DB, c.Every = place, 50*time.Millisecond })
	o := &outage{stage: g, jonas: g.account("Jonas").Email}
	o.guesses = guessesUntilWait(t, g.account("Kira").Email, g)
	ada := g.account("Ada")
	o.account = ada
	o.ada, o.guest = g.browser(), g.browser()
	o.staff, _ = g.staff()
	o.ada.entered(o.ada.login(ada.Email, ada.Password))
	o.ada.post("/cart", "product", "tin", "quantity", "2")
	o.guest.post("/cart", "product", "spoon", "quantity", "3")
	o.left = o.guesses - 2
	for range 2 {
		require.Equal(t, http.StatusUnauthorized, g.browser().login(o.jonas, "something else entirely").Status)
	}
	return o
}

// refused is an answer that says to come back, and loses nothing.
func (o *outage) refused(a answer) {
	o.t.Helper()
	require.Equal(o.t, http.StatusServiceUnavailable, a.Status, a.Body)
	require.NotEmpty(o.t, a.Header.Get("Retry-After"))
	o.keeps(a)
}

// keeps checks that the visitor's session is left alone.
func (o *outage) keeps(a answer) {
	o.t.Helper()
	for _, c := range a.Header.Values("Set-Cookie") {
		require.False(o.t, strings.HasPrefix(c, "shop-session"), c)
	}
}

// during is what everybody does while the database is away, all at once.
func (o *outage) during() {
	t := o.t
	t.Helper()
	var all sync.WaitGroup
	var checks []func()
	ask := func(send func() answer, check func(answer)) {
		var a answer
		all.Go(func() { a = send() })
		checks = append(checks, func() { check(a) })
	}
	get := func(v browser, page string, check func(answer)) {
		ask(func() answer { return v.get(page) }, check)
	}
	refused := func(v browser, page string, pairs ...string) {
		ask(func() answer { return v.post(page, pairs...) }, o.refused)
	}
	ada, fresh := o.account, o.browser()
	for _, v := range []browser{fresh, o.guest, o.ada} {
		for _, page := range []string{"/", "/products/kettle", "/cart", "/login", "/signup", "/forgot", "/outbox", "/static/style.css"} {
			get(v, page, func(a answer) {
				require.Equal(t, http.StatusOK, a.Status, page)
				o.keeps(a)
				away := v != fresh && page != "/static/style.css"
				require.Equal(t, away, strings.Contains(a.Body, "cannot be read at the moment"), page)
				if page == "/cart" {
					require.NotEqual(t, away, strings.Contains(a.Body, "It is empty"))
					require.Equal(t, away, strings.Contains(a.Body, "is kept and will be back"))
				}
			})
		}
		ask(func() answer { return v.post("/preview?for=customers", "password", "seven") }, func(a answer) {
			require.Equal(t, http.StatusOK, a.Status)
		})
		refused(v, "/cart", "product", "cup", "quantity", "1", "add", "1")
		refused(v, "/login", "email", ada.Email, "password", ada.Password)
		refused(v, "/login", "email", o.jonas, "password", "something else entirely")
		refused(v, "/login", "email", "nobody@example.com", "password", "something else entirely")
		refused(v, "/signup", "email", fay, "name", "Fay", "password", fayPassword)
		refused(v, "/signup/confirm", "token", "unknown", "password", fayPassword)
		refused(v, "/forgot", "email", o.jonas)
	}
	for _, page := range []string{"/account", "/account/password", "/account/second-factor", "/checkout", "/checkout/card", "/admin", "/admin/customers"} {
		get(o.ada, page, o.refused)
		get(o.staff, page, o.refused)
	}
	refused(o.ada, "/account/password", "password", ada.Password, "new_password", fayPassword)
	refused(o.ada, "/logout")
	ask(func() answer { return o.ada.send(http.MethodGet, "/account", nil, "Accept", "application/json") }, func(a answer) {
		o.refused(a)
		require.Contains(t, a.Body, `"unavailable"`)
	})
	all.Wait()
	for _, check := range checks {
		check()
	}
}

// after waits until the shop answers again, without any help, and looks for what
// may have been lost.
func (o *outage) after() {
	t := o.t
	t.Helper()
	require.Eventually(t, func() bool { return o.ada.get("/account").Status == http.StatusOK }, time.Minute, 10*time.Millisecond)
	require.Contains(t, o.ada.get("/account").Body, "Hello, Ada")
	require.Contains(t, o.ada.get("/cart").Body, "Tea tin")
	require.Contains(t, o.guest.get("/cart").Body, "Measuring spoon")
	require.NotContains(t, o.guest.get("/cart").Body, "Handleless cup")
	require.Equal(t, http.StatusOK, o.staff.get("/admin").Status)

	// What was counted is counted, and nothing else is.
	require.Equal(t, o.left, guessesUntilWait(t, o.jonas, o.stage))

	// Mails and sweeps go on.
	o.ada.entered(o.ada.post("/account/password", "password", o.account.Password, "new_password", fayPassword))
	require.Eventually(t, func() bool { return o.hasMail(o.account.Email, "Your password was changed") }, time.Minute, 10*time.Millisecond)
	o.browser().post("/forgot", "email", o.jonas)
	require.True(t, o.hasMail(o.jonas, "Your new password"))
	require.Empty(t, o.shop.Mails(fay))
	o.staff.force("account", o.sql("SELECT id FROM customers WHERE email = $1", o.jonas), "reason", "admin_reset")
	require.Eventually(t, func() bool { return o.hasMail(o.jonas, "Please choose a new password") }, time.Minute, 10*time.Millisecond)
	require.NotContains(t, o.logs.String(), "panic")
}

func (o *outage) hasMail(to, subject string) bool {
	for _, l := range o.shop.Mails(to) {
		if l.Subject == subject {
			return true
		}
	}
	return false
}
