package kettle

import (
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

const (
	// lifetime is how long the story is, in ticks.
	lifetime = 2 * time.Hour
	tick     = 30 * time.Second
	ticks    = int(lifetime / tick)
	signUps  = 54
)

// life is a shop with people in it.
type life struct {
	*stage
	seed   uint64
	rng    *mathrand.Rand
	people []*person
	// staffAt is the browser of the staff, with staffKey as the phone.
	staffAt  browser
	staffKey totp.Secret
	// done counts what happened.
	done map[string]int
	// words is how many passwords were made.
	words int
}

// String names the run, so that it can be played again.
func (l *life) String() string { return fmt.Sprintf("seed %d", l.seed) }

func (l *life) happened(what string) { l.done[what]++ }

// wholeLife is the seed of a life in which everything happens.
const wholeLife = 7

// password is a new one for somebody.
func (l *life) password() string {
	l.words++
	return fmt.Sprintf("%x words of my own %d", l.rng.Uint64(), l.words)
}

// Two hours of a shop: people sign up, sign in, mistype, are guessed at, forget,
// lose phones; half of them are forced to change, with grace and reminders, and
// a few at once. In the end everybody has a way in, and the reports of who waits
// for what are what the rows say.
//
// LIFE_SEED plays another life.
func TestLife(t *testing.T) {
	// This life sweeps when its own clock says so, and not by seldom.
	l := &life{stage: newStage(t, seldom), seed: wholeLife, done: map[string]int{}}
	if text := os.Getenv("LIFE_SEED"); text != "" {
		var err error
		l.seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, "LIFE_SEED")
	}
	t.Log(l)
	l.rng = mathrand.New(mathrand.NewPCG(l.seed, 0))
	l.staffAt, l.staffKey = l.staff()
	l.staffAt.get("/admin/customers") // adopts who was never seen

	began := l.clock.Now()
	for n := range ticks {
		l.until(began.Add(time.Duration(n) * tick))
		l.pass(n)
	}
	l.until(began.Add(lifetime))
	l.sweep()
	t.Log("happened:", l.done)
	l.reminded()

	waits := l.compare()
	require.NotEmpty(t, waits)
	for _, p := range l.people {
		require.True(t, p.wayIn(), "a dead end for %s: %v\n%s", p.email, p.path, l)
	}
	// Who had to change has done so on the way in.
	l.sweep()
	after := l.compare()
	for _, p := range l.people {
		w := after[l.account(p)]
		require.False(t, w.Reason != "" && !l.clock.Now().Before(w.By), "%s is in, and still has to change: %v\n%s", p.email, w, l)
	}
}

// until lets time pass. It may be later already, as codes take their time.
func (l *life) until(at time.Time) {
	if l.clock.Now().Before(at) {
		l.clock.Set(at)
	}
}

// pass is one tick.
func (l *life) pass(n int) {
	if n < ticks/3 {
		for len(l.people)+l.done["sign-up not confirmed"] < signUps*(n+1)/(ticks/3) {
			l.signUp(len(l.people) + l.done["sign-up not confirmed"])
		}
	}
	switch n {
	case ticks * 3 / 8:
		l.forceHalf()
	case ticks * 4 / 8:
		l.forceOne(rotate.Compromise)
	case ticks * 5 / 8:
		l.blockOne()
	case ticks * 6 / 8:
		l.forceOne(rotate.AdminReset)
	case ticks * 7 / 8:
		l.staffReady()
		l.staffAt.force("group", groupCustomers, "reason", string(rotate.PolicyRaised), "grace", "1", "note", "everybody, tomorrow")
	}
	if n == ticks*6/8 {
		l.visitDue()
	}
	for range 4 {
		if len(l.people) > 0 {
			l.act(l.people[l.rng.IntN(len(l.people))])
		}
	}
	if n%10 == 9 {
		l.sweep()
	}
}

// forceHalf places an order for the half that chose a password first. Its grace
// is over within the story.
func (l *life) forceHalf() {
	ctx := context.Background()
	o := rotate.Order{
		Group: groupCustomers, Before: l.people[len(l.people)/2].since, Reason: rotate.PolicyRaised, Grace: 40 * time.Minute,
		Actor: "staff", Note: "half of all",
	}
	var err error
	o.Expect, err = l.shop.keeper.Preview(ctx, o)
	require.NoError(l.t, err)
	require.Greater(l.t, o.Expect, 10)
	_, err = l.shop.keeper.Force(ctx, o)
	require.NoError(l.t, err)
	l.happened("half forced")
}

// visitDue lets those sign in whose grace is over, every other one of whom is in
// a mood to change the password.
func (l *life) visitDue() {
	due, now := l.byRows(), l.clock.Now()
	for i, p := range l.people {
		w := due[l.account(p)]
		if p.knows != "" && w.Reason != "" && !w.By.After(now) {
			in := p.login(i%2 == 0)
			require.False(l.t, in && i%2 != 0, "%s is in without a new password\n%s", p.email, l)
		}
	}
}

// blockOne takes somebody who was guessed at for days, up to the last guess that
// is looked at.
func (l *life) blockOne() {
	blocked := func() int { return l.count("SELECT COUNT(*) FROM tillkey_events WHERE kind = 'disabled'") }
	for _, p := range l.people {
		account := l.account(p)
		require.Equal(l.t, account, l.sql("UPDATE tillkey_credentials SET password_total = 99, password_until = NULL WHERE account = ? RETURNING account", account))
		if p.mistype(1); blocked() > 0 {
			require.False(l.t, p.knows != "" && p.login(true), "%s is blocked, and in\n%s", p.email, l)
			l.happened("blocked")
			return
		}
	}
}

// account is the id of a person.
func (l *life) account(p *person) string {
	return l.sql("SELECT id FROM customers WHERE email = ? AND confirmed_at IS NOT NULL", p.email)
}

// forceOne forces somebody by the pages of the staff.
func (l *life) forceOne(reason rotate.Reason) {
	p := l.people[l.rng.IntN(len(l.people))]
	l.staffReady()
	l.staffAt.force("account", l.account(p), "reason", string(reason), "note", "one for "+string(reason))
	l.happened("forced " + string(reason))
}

// staffReady gives the fresh proof that the pages of the staff ask for.
func (l *life) staffReady() {
	l.t.Helper()
	if l.staffAt.get("/admin/orders").Status == http.StatusOK {
		return
	}
	a := l.staffAt.post("/account/confirm", "code", l.code(l.staffKey), "next", "/admin/orders")
	require.Equal(l.t, "/admin/orders", a.Location, a.Body)
}

// sweep does what the shop does by itself as time passes.
func (l *life) sweep() {
	l.t.Helper()
	ctx := context.Background()
	_, err := l.shop.keeper.Sweep(ctx, 0)
	require.NoError(l.t, err)
	_, err = l.shop.keeper.Deliver(ctx)
	require.NoError(l.t, err)
}

// reminded checks that the story was one: all of it happened, and whoever is due
// was told so, once a deadline.
func (l *life) reminded() {
	l.t.Helper()
	if l.seed == wholeLife {
		for _, what := range []string{"sign-up", "sign-up not confirmed", "sign-in", "lockout by mistakes", "guessed at", "reset", "forgotten", "enrolled", "changed", "bought", "not let in", "blocked"} {
			require.NotZero(l.t, l.done[what], what)
		}
		require.NotZero(l.t, l.done["changed at sign-in"]+l.done["put off a change"], "nobody was stopped at a sign-in")
	}
	require.NotZero(l.t, l.count("SELECT COUNT(*) FROM tillkey_events WHERE kind = 'change_reminder'"))
	require.NotZero(l.t, l.count("SELECT COUNT(*) FROM tillkey_events WHERE kind = 'change_forced'"))
	require.Zero(l.t, l.count("SELECT COUNT(*) FROM (SELECT 1 FROM tillkey_events WHERE kind = 'change_reminder' GROUP BY account, due_by HAVING COUNT(*) > 1)"))
	require.Zero(l.t, l.count("SELECT COUNT(*) FROM tillkey_events WHERE delivered = 0"))
	due := l.byRows()
	for account, w := range due {
		if w.Reason != "" {
			require.NotZero(l.t, l.count("SELECT COUNT(*) FROM tillkey_events WHERE account = ? AND kind IN ('change_reminder', 'change_forced') AND due_by = ?", account, w.By.UnixMicro()),
				"%s was never told: %v", account, w)
		}
	}
}
