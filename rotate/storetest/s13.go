package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
	"github.com/tillkey/tillkey/rotate"
)

// from limits tries by address: three at once, then one in two seconds.
func from(addresses int) func(*rotate.Config) {
	return func(c *rotate.Config) {
		c.Sources = rotate.SourceLimit{Burst: 3, Every: 2 * time.Second, Addresses: addresses}
	}
}

// table counts what the shop's table is asked.
type table struct {
	rotate.Customers
	asked *atomic.Int64
}

func (b table) Find(ctx context.Context, name string) (string, error) {
	b.asked.Add(1)
	return b.Customers.Find(ctx, name)
}

// TestS13_TheAddressIsAskedFirst: who came too often is refused before the Store,
// the shop's table or the hash is asked for anything, in every flow.
func TestS13_TheAddressIsAskedFirst(t *testing.T, open Open) {
	const source = "192.0.2.1"
	var rec *recorded
	var asked atomic.Int64
	r := newRealm(t, func(t *testing.T) rotate.Store {
		rec = &recorded{Store: open(t)}
		return rec
	}, from(0), func(c *rotate.Config) {
		c.Addresses = c.Customers.(*customers)
		c.Customers = table{c.Customers, &asked}
	})
	password, s := r.signUp("a")
	p := rotate.Proofs{Password: password, NewPassword: newSecret(), Code: "123456", Source: source, Browser: browser}
	withTicket := p
	withTicket.Ticket = "a ticket"
	flows := map[string]func() error{
		"Login": func() error {
			a := attempt("a", password)
			a.Source = source
			_, err := r.Login(r.ctx, a)
			return err
		},
		"Admit": func() error {
			_, err := r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Source: source, Browser: browser})
			return err
		},
		"SignUp": func() error {
			_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "b", Password: newSecret(), Source: source, Browser: browser})
			return err
		},
		"Issue": func() error {
			_, err := r.Issue(r.ctx, rotate.Request{Name: name("a"), Source: source, Browser: browser})
			return err
		},
		"Continue":      func() error { _, err := r.Continue(r.ctx, "a ticket", p); return err },
		"Reset":         func() error { _, err := r.Reset(r.ctx, "a ticket", p); return err },
		"Change":        func() error { _, err := r.Change(r.ctx, s, p); return err },
		"StepUp":        func() error { _, err := r.StepUp(r.ctx, s, p); return err },
		"Enroll":        func() error { _, err := r.Enroll(r.ctx, s, p); return err },
		"Enroll first":  func() error { _, err := r.Enroll(r.ctx, s, withTicket); return err },
		"Confirm":       func() error { _, _, err := r.Confirm(r.ctx, s, p); return err },
		"Confirm first": func() error { _, _, err := r.Confirm(r.ctx, s, withTicket); return err },
		"Unenroll":      func() error { _, err := r.Unenroll(r.ctx, s, p); return err },
		"RecoveryCodes": func() error { _, _, err := r.RecoveryCodes(r.ctx, s, p); return err },
	}
	for range 3 {
		_, err := r.Reset(r.ctx, "a ticket", p)
		require.ErrorIs(t, err, rotate.ErrTicket)
	}
	rec.take()
	asked.Store(0)
	before := r.config.Hasher.Budget().Stats()
	for range 3 {
		for what, flow := range flows {
			require.Equal(t, 2*time.Second, denied(t, flow()).RetryAfter, what)
			require.Empty(t, rec.take(), what)
		}
	}
	require.Zero(t, asked.Load())
	require.Equal(t, before, r.config.Hasher.Budget().Stats())
	// Each of them is what takes a try, so the table above is not refused for
	// another reason.
	for what, flow := range flows {
		r.clock.advance(2 * time.Second)
		var d *rotate.Denied
		if errors.As(flow(), &d) {
			require.Zero(t, d.RetryAfter, what)
		}
		require.Equal(t, 2*time.Second, denied(t, flow()).RetryAfter, what)
	}
}

// TestS13_TheBucketOfAnAddress: a burst, then one more for each span of time.
// Tries during a wait neither count nor extend it.
func TestS13_TheBucketOfAnAddress(t *testing.T, open Open) {
	r := newRealm(t, open, from(2))
	n := 0
	try := func(source string) time.Duration {
		t.Helper()
		n++
		_, err := r.Login(r.ctx, rotate.Attempt{Name: fmt.Sprintf("nobody %d", n), Source: source, Browser: browser})
		return denied(t, err).RetryAfter
	}
	burst := func(source string) {
		t.Helper()
		for range 3 {
			require.Zero(t, try(source), source)
		}
		require.Equal(t, 2*time.Second, try(source), source)
	}
	burst("192.0.2.1")
	for range 100 {
		require.Equal(t, 2*time.Second, try("192.0.2.1"))
	}
	r.clock.advance(2*time.Second - time.Microsecond)
	require.Equal(t, time.Microsecond, try("192.0.2.1"))
	r.clock.advance(time.Microsecond)
	require.Zero(t, try("192.0.2.1"))
	require.Equal(t, 2*time.Second, try("192.0.2.1"))
	r.clock.advance(time.Hour)
	burst("192.0.2.1")

	// Other addresses are not concerned; one that is not known is not limited.
	burst("192.0.2.2")
	for range 20 {
		require.Zero(t, try(""))
	}
	// However an address is written, and wherever in its network of 64 bits.
	r.clock.advance(time.Hour)
	burst("192.0.2.1")
	for _, same := range []string{"192.0.2.1:4711", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:80"} {
		require.Equal(t, 2*time.Second, try(same), same)
	}
	burst("2001:db8:1:2::1")
	for _, same := range []string{"2001:db8:1:2:ffff::9", "[2001:db8:1:2::2]:443", "2001:DB8:1:2:0:0:0:1", "2001:db8:1:2::1%eth0"} {
		require.Equal(t, 2*time.Second, try(same), same)
	}
	// Two addresses are remembered here, and the least recent is forgotten.
	require.Equal(t, 2*time.Second, try("192.0.2.1"))
	require.Zero(t, try("2001:db8:1:3::1"))
	require.Equal(t, 2*time.Second, try("192.0.2.1"))
	require.Zero(t, try("2001:db8:1:2::1"))
	// What is no address is its own.
	r.clock.advance(time.Hour)
	long := fmt.Sprintf("%0100d", 7)
	burst(long)
	require.Equal(t, 2*time.Second, try(long[:64]+"x"), "64 bytes count")
	burst("unknown")

	// Of many at once the burst gets through.
	var through atomic.Int64
	parallel(t, 200, func(i int) error {
		_, err := r.Login(r.ctx, rotate.Attempt{Name: fmt.Sprintf("somebody %d", i), Source: "198.51.100.1", Browser: browser})
		if d := denied(t, err); d.RetryAfter == 0 {
			through.Add(1)
		}
		return nil
	})
	require.EqualValues(t, 3, through.Load())
}

// holding is a foreign format whose comparison takes memory until it is told to
// end.
type holding struct{ begun, end chan struct{} }

func (holding) Name() string              { return "holding" }
func (holding) Match(encoded string) bool { return encoded == "$holding$" }
func (holding) Inspect(string) (legacy.Cost, error) {
	return legacy.Cost{Memory: 4 << 10, Text: "memory=4"}, nil
}
func (h holding) Verify(string, []byte) error {
	close(h.begun)
	<-h.end
	return legacy.ErrMismatch
}

// overloaded makes a realm's hasher one that has room for a foreign comparison
// but for no argon2id while do runs.
func overloaded(r *realm, do func()) {
	r.t.Helper()
	r.busy(hash.BudgetConfig{Bytes: 10 << 10, Slots: 4, Queue: -1}, func(*hash.Budget, func()) { do() })
}

// atOnce runs n tries that meet in front of the hash: none is compared before
// each has either come there or was refused.
func (r *realm) atOnce(n int, try func(i int) error) {
	r.t.Helper()
	r.busy(hash.BudgetConfig{Bytes: 64 << 20, Slots: 1, Queue: 4096}, func(b *hash.Budget, release func()) {
		var returned atomic.Int64
		go func() {
			for int(returned.Load())+b.Stats().Waiting < n {
				runtime.Gosched()
			}
			release()
		}()
		parallel(r.t, n, func(i int) error {
			defer returned.Add(1)
			return try(i)
		})
	})
}

// busy gives the realm a hasher of another budget while do runs, a slot of which
// is taken until release is called, at the latest at the end.
func (r *realm) busy(size hash.BudgetConfig, do func(b *hash.Budget, release func())) {
	r.t.Helper()
	budget, err := hash.NewBudget(size)
	require.NoError(r.t, err)
	hold := holding{make(chan struct{}), make(chan struct{})}
	hasher, err := hash.New(hash.Config{
		Params: r.config.Hasher.Params(), UnsafeAllowWeak: true, Budget: budget, Limits: hash.Limits{Memory: 1024},
		Foreign: []legacy.Scheme{hold, counting{r.compared}},
	})
	require.NoError(r.t, err)
	ended := make(chan error)
	go func() { ended <- hasher.Verify(r.ctx, "$holding$", "") }()
	<-hold.begun
	before := r.Keeper
	r.Keeper = r.again(func(c *rotate.Config) { c.Hasher = hasher })
	release := sync.OnceFunc(func() { close(hold.end) })
	defer func() {
		r.Keeper = before
		release()
		require.ErrorIs(r.t, <-ended, hash.ErrMismatch)
	}()
	do(budget, release)
}

// TestS13_AGuessIsGivenBackIfNoHashStarted: too much load costs nobody a guess,
// whether or not there is an account.
func TestS13_AGuessIsGivenBackIfNoHashStarted(t *testing.T, open Open) {
	for what, throttle := range map[string]rotate.Throttle{
		"waits":  rotate.ShopCustomer().Password,
		"a lock": {LockAfter: 3, LockFor: time.Hour, DisableAfter: 100},
		"both":   {From: 2, First: time.Second, Max: time.Minute, LockAfter: 4, LockFor: time.Hour, DisableAfter: 5},
	} {
		var rec *recorded
		r := newRealm(t, func(t *testing.T) rotate.Store {
			rec = &recorded{Store: open(t)}
			return rec
		}, rules(func(r *rotate.Rules) { r.Password = throttle }))
		r.signUp("known")
		r.customers.add("none", rotate.Foreign{})
		r.signUp("locked")
		require.NoError(t, r.store.Update(r.ctx, "locked", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.PasswordGuesses = rotate.Counter{Total: 4, Recent: 4, Until: r.clock.Now().Add(1000 * time.Hour)}
			return nil, nil
		}))
		accounts := []string{"known", "none", "locked", "unknown"}
		for _, account := range accounts {
			if account != "unknown" {
				_, err := r.Lookup(r.ctx, account)
				require.NoError(t, err)
			}
		}
		counted := func() (all []rotate.Counter) {
			for _, account := range accounts[:3] {
				all = append(all, r.row(account).PasswordGuesses)
			}
			rec.mu.Lock()
			var keys [][32]byte
			for key := range rec.keys {
				keys = append(keys, key)
			}
			rec.mu.Unlock()
			sum := rotate.Counter{}
			for _, key := range keys {
				c := counter(r.ctx, t, r.store, key, r.clock.Now())
				sum.Total += c.Total
				sum.Recent += c.Recent
				if c.Until.After(sum.Until) {
					sum.Until = c.Until
				}
			}
			return append(all, sum)
		}
		for i := range 6 {
			// Every state of the counters meets the load, several times over.
			r.clock.advance(2 * time.Hour)
			before := counted()
			overloaded(r, func() {
				for range 4 {
					for _, account := range accounts {
						_, err := r.Login(r.ctx, attempt(account, "not it"))
						var load *hash.OverloadedError
						require.ErrorAs(t, err, &load, "%s: %s, round %d", what, account, i)
						require.Positive(t, load.Wait)
						require.NotErrorIs(t, err, rotate.ErrDenied)
					}
				}
			})
			after := counted()
			for j := range before {
				before[j].Until, after[j].Until = wait(before[j], r.clock.Now()), wait(after[j], r.clock.Now())
			}
			require.Equal(t, before, after, "%s: round %d", what, i)
			for _, account := range accounts {
				_, err := r.Login(r.ctx, attempt(account, "not it"))
				require.ErrorIs(t, err, rotate.ErrDenied)
			}
		}
	}
}

// wait is the Until of a counter, the zero time if it is over.
func wait(c rotate.Counter, now time.Time) time.Time {
	if c.Until.After(now) {
		return c.Until
	}
	return time.Time{}
}

// whenCompared is a context that ends when so many passwords were compared.
type whenCompared struct {
	context.Context
	compared *atomic.Int64
	many     int64
}

func (whenCompared) Done() <-chan struct{} { return nil }
func (c whenCompared) Err() error {
	if c.compared.Load() >= c.many {
		return context.Canceled
	}
	return c.Context.Err()
}

// TestS13_AGuessThatWasComparedCounts: also if the caller went away before the
// rest of the work. Under load an old hash is compared with the room for all of
// the work or not at all: else its answer would tell that the account exists.
func TestS13_AGuessThatWasComparedCounts(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "the password"})
	overloaded(r, func() {
		for _, password := range []string{"not it", "the password"} {
			for _, account := range []string{"a", "unknown"} {
				_, err := r.Login(r.ctx, attempt(account, password))
				require.ErrorIs(t, err, hash.ErrOverloaded)
				require.NotErrorIs(t, err, rotate.ErrDenied)
			}
		}
		require.Zero(t, r.compared.Load())
		require.Zero(t, r.row("a").PasswordGuesses)
	})
	for i := range 4 {
		_, err := r.Login(whenCompared{r.ctx, r.compared, int64(i + 1)}, attempt("a", "not it"))
		require.ErrorIs(t, err, context.Canceled)
		require.EqualValues(t, i+1, r.compared.Load())
		require.Equal(t, i+1, r.row("a").PasswordGuesses.Total)
	}
	r.signIn("a", "the password")
	require.False(t, r.row("a").Adopted)
	require.Zero(t, r.row("a").PasswordGuesses)
}

// TestS13_TriesDuringAWaitNeitherCountNorExtendIt: of the password and of the
// code, on the name and on the account.
func TestS13_TriesDuringAWaitNeitherCountNorExtendIt(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "the password"})
	guess := func(account string) rotate.Denied {
		t.Helper()
		_, err := r.Login(r.ctx, attempt(account, "not it"))
		return denied(t, err)
	}
	for range 4 {
		require.Zero(t, guess("a").RetryAfter)
		require.Zero(t, guess("unknown").RetryAfter)
	}
	for _, seconds := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		wait := seconds * time.Second
		require.Equal(t, wait, guess("a").RetryAfter)
		require.Equal(t, wait, guess("unknown").RetryAfter)
		before, compared := r.row("a").PasswordGuesses, r.compared.Load()
		require.Equal(t, r.clock.Now().Add(wait), before.Until)
		for _, part := range []time.Duration{0, wait / 2, wait/2 - time.Microsecond} {
			r.clock.advance(part)
			left := before.Until.Sub(r.clock.Now())
			for range 10 {
				require.Equal(t, left, guess("a").RetryAfter)
				require.Equal(t, left, guess("unknown").RetryAfter)
			}
		}
		require.Equal(t, before, r.row("a").PasswordGuesses)
		require.Equal(t, compared, r.compared.Load())
		r.clock.advance(time.Microsecond)
	}
	r.signIn("a", "the password")

	password, s := r.signUp("b")
	_, secret, _ := r.enroll(s, password)
	locked := r.lockCodes("b", password, secret)
	for _, part := range []time.Duration{0, 10 * time.Minute, 5*time.Minute - time.Microsecond} {
		r.clock.advance(part)
		for range 10 {
			_, err := r.Login(r.ctx, withCode("b", password, wrongCode(secret, r.clock.Now())))
			require.Equal(t, rotate.Denied{Code: true, RetryAfter: locked.Until.Sub(r.clock.Now())}, denied(t, err))
		}
		require.Equal(t, locked, r.row("b").CodeGuesses)
	}
	r.clock.advance(time.Microsecond)
	d, err := r.Login(r.ctx, withCode("b", password, secret.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
}
