package kettle

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate"
)

// second starts another instance on the same database, with the same keys and
// the same clock.
func (g *stage) second() *stage {
	g.t.Helper()
	h := &stage{t: g.t, config: g.config, clock: g.clock, logs: &logs{}}
	h.config.Log = slog.New(slog.NewTextHandler(h.logs, nil))
	h.start()
	g.t.Cleanup(func() { h.stop() })
	return h
}

// seldom lets no sweep after the first come by chance.
func seldom(c *Config) { c.Every = 24 * time.Hour }

// at is the same visitor at another instance.
func (b browser) at(g *stage) browser { return browser{g, b.client} }

// guessesUntilWait signs in with a wrong password, by turns at each stage, until
// the answer is to wait.
func guessesUntilWait(t *testing.T, email string, stages ...*stage) (n int) {
	t.Helper()
	for {
		status := stages[n%len(stages)].browser().login(email, "something else entirely").Status
		if status == http.StatusTooManyRequests {
			return n
		}
		require.Equal(t, http.StatusUnauthorized, status)
		n++
	}
}

// Guesses are counted together: two instances give no more of them than one,
// and a wait at one is a wait at the other.
func TestPostgresLockoutIsShared(t *testing.T) {
	a := newStage(t)
	b := a.second()
	alone := guessesUntilWait(t, a.account("Jonas").Email, a)
	require.Positive(t, alone)
	ada := a.account("Ada")
	require.Equal(t, alone, guessesUntilWait(t, ada.Email, a, b))
	for _, g := range []*stage{a, b} {
		require.Equal(t, http.StatusTooManyRequests, g.browser().login(ada.Email, ada.Password).Status)
	}

	// Those that come at once are no more, either.
	kira, statuses := a.account("Kira").Email, make(chan int, 12)
	var all sync.WaitGroup
	for i := range cap(statuses) {
		g := []*stage{a, b}[i%2]
		all.Go(func() { statuses <- g.browser().login(kira, "something else entirely").Status })
	}
	all.Wait()
	close(statuses)
	heard := map[int]int{}
	for status := range statuses {
		heard[status]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: alone, http.StatusTooManyRequests: cap(statuses) - alone}, heard)
}

// A code that was used at one instance is used at the other, also when both get
// it at once.
func TestPostgresCodeWorksOnce(t *testing.T) {
	a := newStage(t)
	b := a.second()
	ada, first := a.account("Ada"), a.browser()
	first.entered(first.login(ada.Email, ada.Password))
	secret := first.post("/account/second-factor", "password", ada.Password).secret(t)
	first.post("/account/second-factor/confirm", "code", a.code(secret)).recoveryCodes(t)

	code := a.code(secret)
	there, here := a.browser(), b.browser()
	ticket := there.login(ada.Email, ada.Password).hidden(t, "ticket")
	there.entered(there.post("/login/code", "ticket", ticket, "code", code))
	ticket = here.login(ada.Email, ada.Password).hidden(t, "ticket")
	require.Equal(t, http.StatusUnauthorized, here.post("/login/code", "ticket", ticket, "code", code).Status)
	here.out()

	for range 5 {
		code := a.code(secret)
		entered := make(chan bool, 2)
		for _, g := range []*stage{a, b} {
			v := g.browser()
			ticket := v.login(ada.Email, ada.Password).hidden(t, "ticket")
			go func() {
				entered <- v.post("/login/code", "ticket", ticket, "code", code).Status == http.StatusSeeOther
			}()
		}
		require.NotEqual(t, <-entered, <-entered, "one of two")
	}
}

// Sessions, carts and their ends are shared.
func TestPostgresSessionsAreShared(t *testing.T) {
	a := newStage(t)
	b := a.second()
	ada, phone, desk := a.account("Ada"), a.browser(), a.browser()
	phone.entered(phone.login(ada.Email, ada.Password))
	phone.post("/cart", "product", "spoon", "quantity", "3")
	require.Contains(t, phone.at(b).get("/account").Body, "Hello, Ada")
	require.Contains(t, phone.at(b).get("/cart").Body, "Measuring spoon")
	desk.entered(desk.at(b).login(ada.Email, ada.Password))

	// A change at one ends the other sessions at the next request, at both.
	phone.entered(phone.post("/account/password", "password", ada.Password, "new_password", fayPassword))
	desk.at(b).out()
	desk.out()
	phone.at(b).entered(answer{Status: http.StatusSeeOther, Location: "/account"})
	require.Equal(t, http.StatusUnauthorized, desk.at(b).login(ada.Email, ada.Password).Status)

	phone.at(b).post("/logout")
	phone.out()
	require.Contains(t, phone.get("/cart").Body, "Measuring spoon", "the cart stays")
}

// S04: an order that is placed at one instance stops the open sessions of the
// other within a second.
func TestPostgresS04_OrdersReachTheOther(t *testing.T) {
	a := newStage(t, seldom)
	b := a.second()
	ada, v := a.account("Ada"), b.browser()
	v.entered(v.login(ada.Email, ada.Password))
	staff, _ := a.staff()
	require.Contains(t, v.get("/").Body, `href="/account"`)
	id := a.sql("SELECT id FROM customers WHERE email = $1", ada.Email)
	staff.force("account", id, "reason", "compromise") // which v does not hear of at a: it would end the session for both
	v.until(time.Now(), func(a answer) bool { return !strings.Contains(a.Body, `href="/account"`) })
	v.out()
	require.Contains(t, v.login(ada.Email, ada.Password).Body, "Somebody else may know your password")

	// It is withdrawn as fast.
	order := after(staff.get("/admin/orders").Body, `action="/admin/orders/`)
	require.Equal(t, http.StatusSeeOther, staff.post("/admin/orders/"+order, "note", "a mistake").Status)
	v.until(time.Now(), func(answer) bool {
		return v.login(ada.Email, ada.Password).Status == http.StatusSeeOther
	})
}

// until asks for the first page until an answer is right. One that was asked for
// more than a second after since must be. No other page will do: what looks
// somebody up reads the orders, and the next request goes by them.
func (b browser) until(since time.Time, right func(answer) bool) answer {
	b.t.Helper()
	for {
		asked := time.Now()
		if a := b.get("/"); right(a) {
			return a
		}
		require.LessOrEqual(b.t, asked.Sub(since), time.Second)
	}
}

// An event becomes one mail, of whichever instance comes first, and one that an
// instance left behind is sent by another.
func TestPostgresOneMailAnEvent(t *testing.T) {
	a := newStage(t, seldom)
	b := a.second()
	ada, v := a.account("Ada"), a.browser()
	v.entered(v.login(ada.Email, ada.Password))
	v.entered(v.post("/account/password", "password", ada.Password, "new_password", fayPassword))
	deliver := func() {
		var both sync.WaitGroup
		for _, g := range []*stage{a, b} {
			both.Go(func() {
				_, err := g.shop.keeper.Deliver(context.Background())
				require.NoError(t, err)
			})
		}
		both.Wait()
	}
	deliver()
	shops := [2]*Shop{a.shop, b.shop}
	sent := func() (n int) {
		for _, shop := range shops {
			for _, l := range shop.Mails(ada.Email) {
				if l.Subject == "Your password was changed" {
					n++
				}
			}
		}
		return n
	}
	// The first sweep of an instance may have come before.
	require.Eventually(t, func() bool { return sent() > 0 }, time.Minute, time.Millisecond)
	a.clock.Advance(time.Hour)
	deliver()
	require.Equal(t, 1, sent())
	for _, g := range []*stage{a, b} {
		require.Contains(t, g.browser().get("/outbox").Body, "All mails of this instance")
	}

	v.entered(v.post("/account/password", "password", fayPassword, "new_password", ada.Password+" twice"))
	a.stop()
	a.clock.Advance(time.Hour) // a late first sweep of a may have begun on it
	_, err := b.shop.keeper.Deliver(context.Background())
	require.NoError(t, err)
	require.Eventually(t, func() bool { return sent() > 1 }, time.Minute, time.Millisecond)
	_, err = b.shop.keeper.Deliver(context.Background())
	require.NoError(t, err)
	require.Equal(t, 2, sent())
}

// Two instances that start at once on an empty database make one key file and
// one set of accounts, and both run.
func TestPostgresFirstStartOfTwo(t *testing.T) {
	g := newStage(t) // for its configuration alone
	for range 3 {
		g.config.DB, g.config.Keys = newSchema(t), filepath.Join(t.TempDir(), "shop.keys")
		shops, errs := startTwo(g.config, g.config)
		require.NoError(t, errs[0])
		require.NoError(t, errs[1])
		defer shops[0].Close()
		defer shops[1].Close()
		made := [2]int{len(shops[0].Accounts()), len(shops[1].Accounts())}
		require.Contains(t, [][2]int{{40, 0}, {0, 40}}, made)
		require.Equal(t, "40", g.sql("SELECT COUNT(*) FROM customers"))
		require.Equal(t, "1", g.sql("SELECT COUNT(DISTINCT key_id) FROM tillkey_seals"))
	}
}

// An instance that has not got the keys does not start, and makes none.
func TestPostgresS03_KeysOfTwo(t *testing.T) {
	g := newStage(t)
	one := g.config
	one.DB, one.Keys = newSchema(t), filepath.Join(t.TempDir(), "shop.keys")
	other := one
	other.Keys = filepath.Join(t.TempDir(), "shop.keys")
	shops, errs := startTwo(one, other)
	for i, c := range []Config{one, other} {
		if errs[i] == nil {
			require.NoError(t, shops[i].Close())
			continue
		}
		require.ErrorContains(t, errs[i], "copy it from another instance")
		require.NoFileExists(t, c.Keys)
	}
	require.NotEqual(t, errs[0] == nil, errs[1] == nil)
}

func startTwo(configs ...Config) (shops [2]*Shop, errs [2]error) {
	var both sync.WaitGroup
	for i, c := range configs {
		both.Go(func() { shops[i], errs[i] = Open(context.Background(), c) })
	}
	both.Wait()
	return shops, errs
}

// What customers did at one instance counts at the other, whatever it was.
func TestPostgresRulesAreShared(t *testing.T) {
	a := newStage(t, seldom)
	b := a.second()
	ben := a.account("Ben")
	v := b.browser()
	v.entered(v.login(ben.Email, ben.Password)) // adopted by b
	id := a.sql("SELECT id FROM customers WHERE email = $1", ben.Email)
	status, err := a.shop.keeper.Lookup(context.Background(), id)
	require.NoError(t, err)
	require.Equal(t, a.shop.format, status.Format)

	// A mailed ticket of one is good at the other, once.
	v = b.browser()
	v.post("/forgot", "email", ben.Email)
	link := b.letter(ben.Email).Link
	ticket := v.at(a).get(link).hidden(t, "ticket")
	require.Contains(t, v.at(a).post("/reset", "ticket", ticket, "new_password", fayPassword).Body, "Your password is changed")
	require.Equal(t, http.StatusBadRequest, v.post("/reset", "ticket", ticket, "new_password", "another fine sentence").Status)
	v.entered(v.login(ben.Email, fayPassword))

	require.Equal(t, http.StatusOK, v.at(a).get("/").Status)
	_, err = b.shop.keeper.Force(context.Background(), rotate.Order{Account: id, Reason: rotate.PolicyRaised, Actor: "test", Expect: 1})
	require.NoError(t, err)
	stopped := v.at(a).until(time.Now(), func(a answer) bool { return a.Status == http.StatusSeeOther })
	require.Equal(t, "/account/password?next=%2F", stopped.Location)
}
