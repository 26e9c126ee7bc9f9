package sqltest

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// browser is the one browser of these tests.
const browser = "browser-0123456789abcdef"

// deed is something a Keeper does for an account, as a child is told to do it.
type deed struct {
	Name, Account, Password, Fresh string
	Session                        *rotate.Session `json:",omitempty"`
	Key                            string
	// Statement is before or after which statement the child stays until it is
	// killed; 0 lets it come to its end.
	Statement int
	After     bool
}

// do does it.
func (d deed) do(ctx context.Context, k *rotate.Keeper) error {
	switch d.Name {
	case "login":
		_, err := k.Login(ctx, rotate.Attempt{Account: d.Account, Password: d.Password, Browser: browser})
		return err
	case "change":
		_, err := k.Change(ctx, *d.Session, rotate.Proofs{Password: d.Password, NewPassword: d.Fresh, Browser: browser})
		return err
	case "sign-up":
		_, err := k.SignUp(ctx, rotate.NewAccount{Account: d.Account + " new", Password: d.Fresh, Browser: browser})
		return err
	case "force":
		_, err := k.Force(ctx, rotate.Order{Account: d.Account, Reason: rotate.Compromise, Actor: "staff-1", Expect: 1})
		return err
	case "move":
		return k.Move(ctx, d.Account, d.moved(), "staff-1")
	case "erase":
		return k.Erase(ctx, d.Account, "staff-1")
	case "promote":
		return k.PromoteKey(ctx, d.Key, "staff-1")
	}
	return fmt.Errorf("unknown deed %q", d.Name)
}

// moved is the account after a move; it does not hold the old one.
func (d deed) moved() string { return "to-" + strings.ToLower(d.Account) }

// kind is the event that tells of it.
func (d deed) kind() rotate.Kind {
	return map[string]rotate.Kind{
		"login": rotate.HashUpgraded, "change": rotate.PasswordChanged, "sign-up": rotate.SignedUp, "force": rotate.OrderPlaced,
		"move": rotate.Moved, "erase": rotate.Erased, "promote": rotate.KeyPromoted,
	}[d.Name]
}

func deedNames() []string {
	return []string{"login", "change", "sign-up", "force", "move", "erase", "promote"}
}

// deedInChild does a deed and stays at one of its statements.
func deedInChild(t *testing.T, b *boss, j job) {
	tap := &tap{}
	s, _ := j.Database.open(t, tap)
	k := j.keeper(t, s, nil)
	tap.nth(j.Deed.Statement, j.Deed.After, func() error {
		b.say("here")
		select {}
	})
	b.say(fmt.Sprint("done, ", j.Deed.do(t.Context(), k)))
}

// counter is a tap that lets everything pass and counts.
func counter(t *tap) *int {
	n := new(int)
	t.set(func(_ string, after bool) error {
		if !after {
			*n++
		}
		return nil
	})
	return n
}

// shopOf is a shop whose deeds are cut short.
type shopOf struct {
	*testing.T
	job  job
	s    *sqlstore.Store
	rows func() []string // all of all tables
	tap  *tap
}

func newShop(t *testing.T, d database) *shopOf {
	f := &shopOf{T: t, job: job{Database: d, Now: noon(), Work: "deed"}, tap: &tap{}}
	s, db := d.open(t, f.tap)
	f.s = s
	f.rows = func() []string { return d.dump(t, db) }
	f.newKey()
	return f
}

func (f *shopOf) newKey() string {
	key := keyring.NewKey()
	f.job.Keys = append(f.job.Keys, key.Reveal())
	return key.ID
}

// otherKey is a key of the Store that is not the primary one.
func (f *shopOf) otherKey() string {
	f.Helper()
	if len(f.job.Keys) == 1 {
		id := f.newKey()
		require.NoError(f, f.keeper().AddKey(f.Context(), id, "staff-1"))
	}
	keys, err := f.s.Keys(f.Context())
	require.NoError(f, err)
	i := slices.IndexFunc(keys, func(k rotate.KeyState) bool { return !k.Primary })
	return keys[i].ID
}

func (f *shopOf) keeper() *rotate.Keeper { return f.job.keeper(f.T, f.s, nil) }

// ready brings a new account up to a deed. It has a session, a counted guess,
// orders and events of its own.
func (f *shopOf) ready(name string) deed {
	f.Helper()
	ctx := f.Context()
	d := deed{Name: name, Account: rand.Text(), Password: "K1 " + rand.Text(), Fresh: "K2 " + rand.Text()}
	if name == "promote" {
		d.Key = f.otherKey()
	}
	// Its hash is a weak one, which the first sign-in upgrades.
	weak := f.job.keeper(f.T, f.s, func(c *rotate.Config) { c.Hasher = cheapHasher(f.T, 1) })
	s, err := weak.SignUp(ctx, rotate.NewAccount{Account: d.Account, Password: d.Password, Browser: browser})
	require.NoError(f, err)
	d.Session = &s.Session
	_, err = weak.Login(ctx, rotate.Attempt{Account: d.Account, Password: "not it", Browser: browser})
	require.ErrorIs(f, err, rotate.ErrDenied)
	id, err := weak.Force(ctx, rotate.Order{Account: d.Account, Reason: rotate.PolicyRaised, Grace: 1e15, Actor: "staff-1", Expect: 1})
	require.NoError(f, err)
	require.NoError(f, weak.Withdraw(ctx, id, "staff-1", ""))
	return d
}

// told counts the events of a deed.
func (f *shopOf) told(d deed) (n int) {
	events, err := f.s.Events(f.Context(), "", "", 10_000)
	require.NoError(f, err)
	for _, e := range events {
		if e.Kind == d.kind() && (e.Account == "" || strings.HasPrefix(e.Account, d.Account) || e.Account == d.moved()) {
			n++
		}
	}
	return n
}

// naming counts the rows of all tables that name an account.
func (f *shopOf) naming(account string) (n int) {
	for _, row := range f.rows() {
		if strings.Contains(row, account) {
			n++
		}
	}
	return n
}

// done tells whether a deed took effect. It fails where it did by halves.
func (f *shopOf) done(d deed) bool {
	f.Helper()
	ctx := f.Context()
	k := f.keeper()
	denied := func(password string) {
		f.Helper()
		_, err := k.Login(ctx, rotate.Attempt{Account: d.Account, Password: password, Browser: browser})
		require.ErrorIs(f, err, rotate.ErrDenied)
	}
	opens := func(account, password string) {
		f.Helper()
		got, err := k.Login(ctx, rotate.Attempt{Account: account, Password: password, Browser: browser})
		require.NoError(f, err)
		require.Equal(f, rotate.Proceed, got.Next)
	}
	load := func(account string) (rotate.Credential, bool) {
		f.Helper()
		c, err := f.s.Load(ctx, account)
		if err != nil {
			require.ErrorIs(f, err, rotate.ErrNotFound)
		}
		return c, err == nil
	}
	switch d.Name {
	case "login":
		c, _ := load(d.Account)
		done := strings.Contains(c.Format, "t=2")
		if done {
			require.Zero(f, c.PasswordGuesses.Total)
		} else {
			require.Contains(f, []int{1, 2}, c.PasswordGuesses.Total, "a counted guess was lost")
		}
		return done
	case "change":
		c, _ := load(d.Account)
		done := c.Epoch != d.Session.Epoch
		if done {
			denied(d.Password)
			opens(d.Account, d.Fresh)
		} else {
			denied(d.Fresh)
			opens(d.Account, d.Password)
		}
		return done
	case "sign-up":
		_, done := load(d.Account + " new")
		if done {
			opens(d.Account+" new", d.Fresh)
		} else {
			require.Zero(f, f.naming(d.Account+" new"))
		}
		return done
	case "force":
		orders, err := k.Orders(ctx)
		require.NoError(f, err)
		for i, o := range orders {
			require.EqualValues(f, i+1, o.Seq, "the log has a gap")
		}
		// The next order gets the next sequence.
		next, err := k.Force(ctx, rotate.Order{Group: "nobody", Reason: rotate.PolicyRaised, Actor: "staff-1"})
		require.NoError(f, err)
		p, err := k.Progress(ctx, next)
		require.NoError(f, err)
		require.EqualValues(f, len(orders)+1, p.Order.Seq)
		return slices.ContainsFunc(orders, func(o rotate.Order) bool { return o.Account == d.Account && o.Reason == rotate.Compromise })
	case "move":
		_, from := load(d.Account)
		_, to := load(d.moved())
		require.NotEqual(f, from, to)
		left, gone := d.moved(), d.Account
		if from {
			left, gone = gone, left
		}
		require.Zero(f, f.naming(gone), "something still names %q", gone)
		require.GreaterOrEqual(f, f.naming(left), 6, "row, seal, two orders and their events, and more")
		opens(left, d.Password)
		return to
	case "erase":
		_, there := load(d.Account)
		if there {
			require.GreaterOrEqual(f, f.naming(d.Account), 6, "row, seal, two orders and their events, and more")
			opens(d.Account, d.Password)
		} else {
			require.Zero(f, f.naming(d.Account), "something still names it")
		}
		return !there
	default: // promote
		keys, err := f.s.Keys(ctx)
		require.NoError(f, err)
		require.Len(f, keys, len(f.job.Keys), "keys were lost")
		primary := ""
		for _, key := range keys {
			if key.Primary {
				require.Empty(f, primary, "two keys are primary")
				primary = key.ID
			}
		}
		require.NotEmpty(f, primary)
		return primary == d.Key
	}
}

// judge looks at what is left of a deed that was cut short, and does it again if
// nothing is. told is how often it had been told before.
func (f *shopOf) judge(d deed, told int, at string) (done bool) {
	f.Helper()
	more := f.told(d) - told
	done = f.done(d)
	if done {
		require.Equal(f, 1, more, at)
		return true
	}
	require.Zero(f, more, at)
	told = f.told(d)
	require.NoError(f, d.do(f.Context(), f.keeper()), at)
	require.Equal(f, told+1, f.told(d), at)
	require.True(f, f.done(d), at)
	return false
}

// statements counts those of a deed that nothing happens to.
func (f *shopOf) statements(name string) int {
	f.Helper()
	d := f.ready(name)
	k := f.keeper()
	n := counter(f.tap)
	require.NoError(f, d.do(f.Context(), k))
	f.tap.set(nil)
	require.True(f, f.done(d))
	return *n
}

// TestKilledDeeds kills a process at a random statement of a sign-in, a change,
// a forced change and more. All of it took effect, or nothing did; nothing is
// locked, and what did not happen can be done again.
//
// Repeat it at length with
//
//	KILLS=20 go test -run TestKilledDeeds -timeout 30m ./rotate/sqlstore/sqltest
func TestKilledDeeds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db database) {
		random := seeded(t)
		f := newShop(t, db)
		for _, name := range deedNames() {
			n := f.statements(name)
			for kill := range times(t, "KILLS", 3) {
				d := f.ready(name)
				// Two of three near the end, where all of it comes true.
				near := n
				if kill%3 > 0 {
					near = min(n, 4)
				}
				d.Statement, d.After = n-random.IntN(near), random.IntN(2) == 0
				told := f.told(d)
				j := f.job
				j.Deed = d
				victim := j.start(t)
				victim.await("here")
				victim.kill()
				at := fmt.Sprintf("%s, killed at statement %d of %d, after it %t", name, d.Statement, n, d.After)
				t.Logf("%s: done %t", at, f.judge(d, told, at))
			}
		}
	})
}

// TestCutDeeds cuts the connection at statements of the same deeds, before they
// reach the database or after they took effect; at each of them where KILLS is set
// as above. A deed that fails has no effect, but where the answer to its last
// COMMIT got lost.
func TestCutDeeds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, db database) {
		random := seeded(t)
		f := newShop(t, db)
		for _, name := range deedNames() {
			step := 2
			if times(t, "KILLS", 3) > 3 {
				step = 1
			}
			for n, struck := 1+random.IntN(step), "?"; struck != ""; n += step {
				after := random.IntN(2) == 0
				d := f.ready(name)
				told := f.told(d)
				k := f.keeper()
				at := f.tap.nth(n, after, func() error { return errCut })
				err := d.do(t.Context(), k)
				f.tap.set(nil)
				struck = *at
				text := fmt.Sprintf("%s, cut at statement %d, after it %t: %s: %v", name, n, after, struck, err)
				if f.judge(d, told, text) {
					lost := after && strings.HasPrefix(struck, "COMMIT")
					require.True(t, err == nil || lost, text)
				} else {
					require.Error(t, err, text)
				}
			}
		}
	})
}
