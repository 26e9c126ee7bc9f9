package storetest

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// Open returns an empty Store and closes it with t.Cleanup.
type Open = func(t *testing.T) rotate.Store

// Two visitors' browsers.
const (
	browser      = "browser of the customer"
	otherBrowser = "browser of somebody else"
)

// clock is a clock that only moves when told.
type clock struct{ micros atomic.Int64 }

func (c *clock) Now() time.Time          { return time.UnixMicro(c.micros.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.micros.Add(d.Microseconds()) }

// customers is the customers table of a shop.
type customers struct {
	mu      sync.Mutex
	byName  map[string]string
	about   map[string][]string
	foreign map[string]rotate.Foreign
	address map[string]address
}

type address struct {
	mail  string
	since time.Time
}

func (c *customers) Find(_ context.Context, name string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byName[name], nil
}

func (c *customers) About(_ context.Context, account string) ([]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.about[account], nil
}

func (c *customers) Foreign(_ context.Context, account string) (rotate.Foreign, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.foreign[account], nil
}

func (c *customers) Address(_ context.Context, account string) (string, time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.address[account]
	return a.mail, a.since, nil
}

// add puts a customer into the table. The account is known by its mail address.
func (c *customers) add(account string, f rotate.Foreign) {
	c.mu.Lock()
	defer c.mu.Unlock()
	mail := account + "@example.com"
	c.byName[mail], c.foreign[account], c.address[account] = account, f, address{mail: mail}
}

// counting is a foreign format that counts how often it compares, so that a law
// can tell how many guesses reached the hash. "$counting$x" is the hash of "x".
type counting struct{ compared *atomic.Int64 }

const countingPrefix = "$counting$"

func (counting) Name() string { return "counting" }
func (counting) Match(encoded string) bool {
	return len(encoded) >= len(countingPrefix) && encoded[:len(countingPrefix)] == countingPrefix
}
func (counting) Inspect(string) (legacy.Cost, error) { return legacy.Cost{Text: "cost=0"}, nil }
func (c counting) Verify(encoded string, password []byte) error {
	c.compared.Add(1)
	if encoded[len(countingPrefix):] == string(password) {
		return nil
	}
	return legacy.ErrMismatch
}

// realm is a shop deployment on one Store, with a clock in hand.
type realm struct {
	*rotate.Keeper
	t         *testing.T
	ctx       context.Context
	store     rotate.Store
	keys      []keyring.Key
	ring      *keyring.Ring
	clock     *clock
	customers *customers
	compared  *atomic.Int64
	config    rotate.Config
}

// newRealm opens a realm. Each change edits the configuration first.
func newRealm(t *testing.T, open Open, changes ...func(*rotate.Config)) *realm {
	t.Helper()
	keys := []keyring.Key{keyring.NewKey()}
	ring, err := keyring.New("storetest", keys...)
	require.NoError(t, err)
	r := &realm{
		t: t, ctx: t.Context(), store: open(t), keys: keys, ring: ring, clock: &clock{}, compared: &atomic.Int64{},
		customers: &customers{
			byName: map[string]string{}, about: map[string][]string{},
			foreign: map[string]rotate.Foreign{}, address: map[string]address{},
		},
	}
	r.clock.micros.Store(start().UnixMicro())
	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: 64 << 20, Queue: 4096})
	require.NoError(t, err)
	hasher, err := hash.New(hash.Config{
		Params: hash.Params{Memory: 8, Time: 1}, UnsafeAllowWeak: true, Budget: budget,
		Limits:  hash.Limits{Memory: 1024},
		Foreign: []legacy.Scheme{legacy.Bcrypt{}, counting{r.compared}},
	})
	require.NoError(t, err)
	r.config = rotate.Config{
		Store: r.store, Ring: ring, Hasher: hasher, Customers: r.customers, Now: r.clock.Now,
		Sources: rotate.SourceLimit{Off: true},
	}
	for _, change := range changes {
		change(&r.config)
	}
	r.Keeper, err = rotate.New(r.config)
	require.NoError(t, err)
	return r
}

// again opens another Keeper of the same realm, as a second instance does.
func (r *realm) again(changes ...func(*rotate.Config)) *rotate.Keeper {
	r.t.Helper()
	c := r.config
	for _, change := range changes {
		change(&c)
	}
	k, err := rotate.New(c)
	require.NoError(r.t, err)
	return k
}

// rules makes a realm whose one group has these rules and no policy but length.
func rules(edit func(*rotate.Rules)) func(*rotate.Config) {
	return func(c *rotate.Config) {
		c.Profile = func(string) (rotate.Profile, error) {
			r := rotate.ShopCustomer()
			edit(&r)
			return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: r, Issuer: "Shop"}, nil
		}
	}
}

// name is how the customer of an account signs in.
func name(account string) string { return account + "@example.com" }

// newSecret is a password that every policy accepts.
func newSecret() string { return "Kx7 " + rand.Text() }

// signUp makes an account with a password.
func (r *realm) signUp(account string) (password string, s rotate.Session) {
	r.t.Helper()
	password = newSecret()
	r.customers.add(account, rotate.Foreign{})
	d, err := r.SignUp(r.ctx, rotate.NewAccount{Account: account, Password: password, Browser: browser})
	require.NoError(r.t, err)
	require.Equal(r.t, rotate.Proceed, d.Next)
	return password, d.Session
}

// attempt is a try to sign in from the customer's browser.
func attempt(account, password string) rotate.Attempt {
	return rotate.Attempt{Name: name(account), Password: password, Browser: browser}
}

// signIn signs in with a password, which must be enough.
func (r *realm) signIn(account, password string) rotate.Session {
	r.t.Helper()
	d, err := r.Login(r.ctx, attempt(account, password))
	require.NoError(r.t, err)
	require.Equal(r.t, rotate.Proceed, d.Next)
	return d.Session
}

// enroll gives an account a second factor. The clock moves on by a minute, so
// that the next code is a fresh one.
func (r *realm) enroll(s rotate.Session, password string) (rotate.Session, totp.Secret, []totp.RecoveryCode) {
	r.t.Helper()
	e, err := r.Enroll(r.ctx, s, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(r.t, err)
	d, codes, err := r.Confirm(r.ctx, s, rotate.Proofs{Code: e.Secret.Code(r.clock.Now()), Browser: browser})
	require.NoError(r.t, err)
	require.Equal(r.t, rotate.Proceed, d.Next)
	r.clock.advance(time.Minute)
	return d.Session, e.Secret, codes
}

// mailed asks for a ticket by mail from a browser.
func (r *realm) mailed(account, browser string) string {
	r.t.Helper()
	i, err := r.Issue(r.ctx, rotate.Request{Name: name(account), Browser: browser})
	require.NoError(r.t, err)
	require.NotEmpty(r.t, i.Ticket)
	require.Equal(r.t, account, i.Account)
	return i.Ticket
}

// force places an order with the number of accounts it concerns.
func (r *realm) force(o rotate.Order) rotate.ID {
	r.t.Helper()
	o.Actor = "staff-1"
	var err error
	o.Expect, err = r.Preview(r.ctx, o)
	require.NoError(r.t, err)
	id, err := r.Force(r.ctx, o)
	require.NoError(r.t, err)
	return id
}

// valid asks about a session, past the second that the order log is cached.
func (r *realm) valid(s rotate.Session) rotate.Decision {
	r.t.Helper()
	d, err := r.again().Valid(r.ctx, s)
	require.NoError(r.t, err)
	return d
}

// row reads a credential.
func (r *realm) row(account string) rotate.Credential {
	r.t.Helper()
	return load(r.ctx, r.t, r.store, account)
}

// kinds lists the kinds of all events of an account, oldest first.
func (r *realm) kinds(account string) []rotate.Kind {
	r.t.Helper()
	events, err := r.store.Events(r.ctx, account, "", 1000)
	require.NoError(r.t, err)
	kinds := make([]rotate.Kind, len(events))
	for i, e := range events {
		kinds[len(events)-1-i] = e.Kind
	}
	return kinds
}

// denied requires that an answer is a *Denied and returns it.
func denied(t *testing.T, err error) rotate.Denied {
	t.Helper()
	var d *rotate.Denied
	require.ErrorAs(t, err, &d)
	return *d
}

// interposed is a Store that runs a hook before an Update that writes, so that a
// law can put one flow between the steps of another.
type interposed struct {
	rotate.Store
	updates int
	before  func(n int)
}

// Update counts from 1 and runs the hook first.
func (s *interposed) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	s.updates++
	s.before(s.updates)
	return s.Store.Update(ctx, account, fn)
}

// between makes a second instance whose n-th Update is preceded by do.
func (r *realm) between(n int, do func()) *rotate.Keeper {
	r.t.Helper()
	s := &interposed{Store: r.store, before: func(i int) {
		if i == n {
			do()
		}
	}}
	return r.again(func(c *rotate.Config) { c.Store = s })
}

// rules are those of the realm's default group.
func (r *realm) rules() rotate.Rules {
	r.t.Helper()
	p, err := r.config.Profile("customers")
	require.NoError(r.t, err)
	return p.Rules
}
