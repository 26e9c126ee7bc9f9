package sqltest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// customer is one customer behind a proxy, who does one thing after the other,
// and what must be true of the row meanwhile.
type customer struct {
	t *testing.T
	b behind
	// shop goes through the proxy, calm does not.
	shop, calm *rotate.Keeper
	account    string
	password   string
	session    rotate.Session
	// answered and tried are the wrong guesses since the last right one: those
	// that were told so, and all.
	answered, tried int
	// unknown counts what failed and had an effect.
	unknown int
}

func (c *customer) row() rotate.Credential {
	row, err := c.b.direct.Load(c.t.Context(), c.account)
	require.NoError(c.t, err)
	return row
}

// told counts events of the customer.
func (c *customer) told(kind rotate.Kind) (n int) {
	events, err := c.b.direct.Events(c.t.Context(), c.account, "", 10_000)
	require.NoError(c.t, err)
	for _, e := range events {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func (c *customer) attempt(password string) rotate.Attempt {
	return rotate.Attempt{Account: c.account, Password: password, Browser: browser}
}

// guessWrong: what was compared was counted before.
func (c *customer) guessWrong() {
	_, err := c.shop.Login(c.t.Context(), c.attempt("not it"))
	require.Error(c.t, err)
	c.tried++
	if errors.Is(err, rotate.ErrDenied) {
		c.answered++
	}
	c.counted()
}

func (c *customer) counted() {
	total := c.row().PasswordGuesses.Total
	require.GreaterOrEqual(c.t, total, c.answered, "a guess was compared and not counted")
	require.LessOrEqual(c.t, total, c.tried, "a guess was counted twice")
}

// signIn: there is no session without the last write.
func (c *customer) signIn() {
	before := c.row()
	d, err := c.shop.Login(c.t.Context(), c.attempt(c.password))
	after := c.row()
	written := !after.SignedIn.Equal(before.SignedIn)
	switch {
	case err == nil:
		require.Equal(c.t, rotate.Proceed, d.Next)
		require.Equal(c.t, d.Session.AuthTime, after.SignedIn, "a session without the last write")
		c.session = d.Session
	case written:
		c.unknown++
	default:
		c.tried++ // reserved, or not
		c.counted()
	}
	if written {
		require.Zero(c.t, after.PasswordGuesses.Total)
		c.answered, c.tried = 0, 0
	}
}

// change: it is told once if it happened, and else not.
func (c *customer) change() {
	before, told := c.row(), c.told(rotate.PasswordChanged)
	fresh := "K3 " + rand.Text()
	d, err := c.shop.Change(c.t.Context(), c.session, rotate.Proofs{Password: c.password, NewPassword: fresh, Browser: browser})
	changed := c.row().Epoch != before.Epoch
	told = c.told(rotate.PasswordChanged) - told
	if !changed {
		require.Error(c.t, err, "success without an effect")
		require.Zero(c.t, told)
		return
	}
	require.Equal(c.t, 1, told, "one change, several events")
	c.password = fresh
	// Like a reset, a change frees the account.
	c.answered, c.tried = 0, max(c.tried, c.row().PasswordGuesses.Total)
	if err == nil {
		c.session = d.Session
		return
	}
	c.unknown++
	d, err = c.calm.Login(c.t.Context(), c.attempt(c.password))
	require.NoError(c.t, err, "the new password does not open")
	c.session, c.answered, c.tried = d.Session, 0, 0
}

// force: one order for one call, with one event.
func (c *customer) force() {
	before, told := c.orders(), c.told(rotate.OrderPlaced)
	_, err := c.shop.Force(c.t.Context(), rotate.Order{
		Account: c.account, Reason: rotate.PolicyRaised, Grace: 13 * 24 * time.Hour, Actor: "staff-1", Expect: 1,
	})
	placed := c.orders() - before
	require.Equal(c.t, placed, c.told(rotate.OrderPlaced)-told)
	require.LessOrEqual(c.t, placed, 1)
	switch {
	case err == nil:
		require.Equal(c.t, 1, placed)
	case placed == 1:
		c.unknown++
	}
}

func (c *customer) orders() (n int) {
	orders, err := c.b.direct.Orders(c.t.Context(), 0)
	require.NoError(c.t, err)
	for _, o := range orders {
		if o.Account == c.account {
			n++
		}
	}
	return n
}

// TestKeeperThroughACuttingProxy lets customers sign in, guess, change and be
// forced to, while an instance sweeps and delivers, and connections are cut at
// random. No guess is compared that was not counted, no session opened without
// its last write, nothing told twice, and no event lost.
func TestKeeperThroughACuttingProxy(t *testing.T) {
	const customers, steps = 4, 40
	behindProxy(t, func(t *testing.T, b behind, random *mathrand.Rand) {
		var clock atomic.Int64
		clock.Store(noon().UnixMicro())
		tick := func() time.Time { return time.UnixMicro(clock.Add(1)) }
		ring, err := keyring.New("sqltest", keyring.NewKey())
		require.NoError(t, err)
		rules := rotate.ShopCustomer()
		rules.Password = rotate.Throttle{From: 99, First: 1, Max: 1, DisableAfter: 100}
		var mu sync.Mutex
		got := map[string]int{}
		config := rotate.Config{
			Store: b.direct, Ring: ring, Hasher: cheapHasher(t, 1), Now: tick, Sources: rotate.SourceLimit{Off: true},
			Profile: func(string) (rotate.Profile, error) {
				return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: rules}, nil
			},
			Events: func(_ context.Context, e rotate.Event) error {
				mu.Lock()
				defer mu.Unlock()
				got[e.ID]++
				return nil
			},
		}
		calm, err := rotate.New(config)
		require.NoError(t, err)
		config.Store = b.s
		shop, err := rotate.New(config)
		require.NoError(t, err)

		all := make([]*customer, customers)
		for i := range all {
			c := &customer{t: t, b: b, shop: shop, calm: calm, account: fmt.Sprint("c-", i), password: "K0 " + rand.Text()}
			d, err := calm.SignUp(t.Context(), rotate.NewAccount{Account: c.account, Password: c.password, Browser: browser})
			require.NoError(t, err)
			c.session, all[i] = d.Session, c
		}
		b.x.cutting(30_000)
		var group, sweeper sync.WaitGroup
		for _, c := range all {
			own := mathrand.New(mathrand.NewPCG(random.Uint64(), 0))
			group.Go(func() {
				for range times(t, "ROUNDS", 1) * steps {
					switch own.IntN(7) {
					case 0, 1:
						c.guessWrong()
					case 2, 3:
						c.signIn()
					case 4, 5:
						c.change()
					default:
						c.force()
					}
				}
			})
		}
		ctx, stop := context.WithCancel(t.Context())
		sweeper.Go(func() {
			for ctx.Err() == nil {
				_, _ = shop.Sweep(ctx, 0)
				_, _ = shop.Deliver(ctx)
			}
		})
		group.Wait()
		stop()
		sweeper.Wait()
		b.x.cutting(0)

		unknown := 0
		for _, c := range all {
			unknown += c.unknown
			// The pool works again, once each connection that was cut has been tried.
			for range 5 {
				if c.signIn(); c.row().SignedIn.Equal(c.session.AuthTime) {
					break
				}
			}
			require.Equal(t, c.row().SignedIn, c.session.AuthTime)
		}
		require.LessOrEqual(t, unknown, b.x.lost)
		_, err = calm.Sweep(t.Context(), 0)
		require.NoError(t, err)
		clock.Add(time.Hour.Microseconds())
		_, err = calm.Deliver(t.Context())
		require.NoError(t, err)
		events, err := b.direct.Events(t.Context(), "", "", 1_000_000)
		require.NoError(t, err)
		reminders := map[string]string{}
		for _, e := range events {
			require.Positive(t, got[e.ID], "%s was never delivered", e.Kind)
			if e.Kind == rotate.ChangeReminder {
				key := fmt.Sprint(e.Account, e.By)
				require.Empty(t, reminders[key], "two reminders of one deadline")
				reminders[key] = e.ID
			}
			delete(got, e.ID)
		}
		require.Empty(t, got, "delivered, and not in the audit trail")
		t.Logf("%d deeds failed and had an effect, %d reminders, %d events", unknown, len(reminders), len(events))
	})
}
