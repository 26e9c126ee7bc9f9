package tilltest_test

import (
	"context"
	"errors"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/storetest"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

const password = "nine violet umbrellas"

func newRealm(t testing.TB, c tilltest.Config) *tilltest.Realm {
	t.Helper()
	r, err := tilltest.New(c)
	require.NoError(t, err)
	return r
}

// TestStorePassesThrough: a Store that is not broken is the Store inside.
func TestStorePassesThrough(t *testing.T) {
	storetest.Run(t, func(t *testing.T) rotate.Store {
		// A realm puts its key into its Store, which the suite expects empty.
		inside := &swap{Store: memstore.New()}
		r := newRealm(t, tilltest.Config{Keeper: rotate.Config{Store: inside}})
		inside.Store = memstore.New()
		return r.Store
	})
}

type swap struct{ rotate.Store }

// TestBrokenStore: every method of a broken Store fails with the given error
// and reaches nothing.
func TestBrokenStore(t *testing.T) {
	ctx := t.Context()
	r := newRealm(t, tilltest.Config{})
	_, err := r.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", Password: password})
	require.NoError(t, err)
	away := errors.New("away")
	r.Store.Break(away)
	s := r.Store
	row := func(*rotate.Credential) ([]rotate.Event, error) { t.Error("fn ran"); return nil, nil }
	now := r.Clock.Now()
	for name, call := range map[string]func() error{
		"Insert":    func() error { return s.Insert(ctx, rotate.Credential{Account: "b"}, nil) },
		"Load":      func() error { _, err := s.Load(ctx, "a"); return err },
		"Update":    func() error { return s.Update(ctx, "a", row) },
		"Batch":     func() error { _, _, err := s.Batch(ctx, rotate.Query{}, row); return err },
		"Page":      func() error { _, err := s.Page(ctx, rotate.Query{}); return err },
		"Count":     func() error { _, err := s.Count(ctx, rotate.Query{}); return err },
		"Rename":    func() error { return s.Rename(ctx, "a", "b", row) },
		"Erase":     func() error { return s.Erase(ctx, "a", nil) },
		"Orders":    func() error { _, err := s.Orders(ctx, 0); return err },
		"Prune":     func() error { _, err := s.Prune(ctx, now, 0); return err },
		"Lease":     func() error { _, err := s.Lease(ctx, 1, now, now); return err },
		"Delivered": func() error { return s.Delivered(ctx, nil) },
		"Events":    func() error { _, err := s.Events(ctx, "", "", 1); return err },
		"Keys":      func() error { _, err := s.Keys(ctx); return err },
		"KeyUse":    func() error { _, err := s.KeyUse(ctx, "k"); return err },
		"Place": func() error {
			return s.Place(ctx, func(int64) (rotate.Order, []rotate.Event, error) {
				t.Error("fn ran")
				return rotate.Order{}, nil, nil
			})
		},
		"Guess": func() error {
			return s.Guess(ctx, [32]byte{}, now, now, func(*rotate.Counter) error { t.Error("fn ran"); return nil })
		},
		"UpdateKeys": func() error {
			return s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				t.Error("fn ran")
				return nil, nil, nil
			})
		},
	} {
		require.ErrorIs(t, call(), away, name)
	}
	s.Break(nil)
	n, err := s.Count(ctx, rotate.Query{})
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// TestClockIsSafeForConcurrentUse: no step of many goroutines is lost.
func TestClockIsSafeForConcurrentUse(t *testing.T) {
	start := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.FixedZone("", 7200))
	c := tilltest.NewClock(start)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 50 {
				c.Advance(time.Millisecond)
				c.Now()
			}
		})
	}
	group.Wait()
	require.Equal(t, start.UTC().Add(time.Second), c.Now())
	c.Advance(-time.Second)
	require.Equal(t, start.UTC(), c.Now())
	c.Set(start.Add(time.Nanosecond))
	require.Equal(t, start.UTC(), c.Now(), "rounded as Stores round")
}

// TestCustomers: what the table answers.
func TestCustomers(t *testing.T) {
	ctx := t.Context()
	var c tilltest.Customers
	since := time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)
	c.Add(tilltest.Customer{Account: "2", Address: "ada@example.com", Since: since, About: []string{"Lovelace"}})
	c.Add(tilltest.Customer{Account: "1", Address: "ADA@example.com", Foreign: rotate.Foreign{Encoded: "$x"}})
	c.Add(tilltest.Customer{Account: "3"})

	find := func(name string) string {
		account, err := c.Find(ctx, name)
		require.NoError(t, err)
		return account
	}
	require.Equal(t, "1", find(" Ada@Example.com "))
	require.Empty(t, find("bob@example.com"))
	require.Empty(t, find(""), "a customer without an address is not everybody")

	about, err := c.About(ctx, "2")
	require.NoError(t, err)
	require.Equal(t, []string{"Lovelace", "ada@example.com"}, about)
	foreign, err := c.Foreign(ctx, "1")
	require.NoError(t, err)
	require.Equal(t, "$x", foreign.Encoded)
	address, at, err := c.Address(ctx, "2")
	require.NoError(t, err)
	require.Equal(t, "ada@example.com", address)
	require.Equal(t, since, at)

	c.Remove("1")
	c.Remove("nobody")
	require.Equal(t, "2", find("ada@example.com"))
	_, err = c.Foreign(ctx, "1")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	about, err = c.About(ctx, "1")
	require.NoError(t, err)
	require.Empty(t, about)
	address, _, err = c.Address(ctx, "1")
	require.NoError(t, err)
	require.Empty(t, address)
}

// TestNobodyIsAdopted: an account that is not in the table gets no credential.
func TestNobodyIsAdopted(t *testing.T) {
	r := newRealm(t, tilltest.Config{})
	_, err := r.Keeper.Lookup(t.Context(), "nobody")
	require.ErrorIs(t, err, rotate.ErrNotFound)
	n, err := r.Store.Count(t.Context(), rotate.Query{})
	require.NoError(t, err)
	require.Zero(t, n)
}

// TestFillsInWhatIsMissing, and nothing else.
func TestFillsInWhatIsMissing(t *testing.T) {
	r := newRealm(t, tilltest.Config{})
	require.Equal(t, time.Date(2026, time.January, 15, 12, 0, 0, 0, time.UTC), r.Clock.Now())
	require.Equal(t, hash.Params{Memory: 8, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, r.Hasher.Params())
	require.NotNil(t, r.Ring)

	start := time.Date(2030, time.July, 1, 0, 0, 0, 0, time.UTC)
	ring, err := keyring.New("another", keyring.NewKey())
	require.NoError(t, err)
	hasher, err := hash.New(hash.Config{})
	require.NoError(t, err)
	customers := &tilltest.Customers{}
	clock := tilltest.NewClock(start)
	own := newRealm(t, tilltest.Config{Start: start, Keeper: rotate.Config{
		Ring: ring, Hasher: hasher, Customers: customers, Now: clock.Now, Sources: rotate.SourceLimit{Burst: 1},
	}})
	require.Same(t, ring, own.Ring)
	require.Same(t, hasher, own.Hasher)
	require.Nil(t, own.Customers)
	require.Equal(t, start, own.Clock.Now())
	try := rotate.Attempt{Name: "nobody", Password: password, Browser: "the value of a cookie", Source: "192.0.2.1"}
	for range 2 {
		_, err = own.Keeper.Login(t.Context(), try)
	}
	var denied *rotate.Denied
	require.ErrorAs(t, err, &denied)
	require.Positive(t, denied.RetryAfter, "the configured limit of tries from one address holds")

	_, err = tilltest.New(tilltest.Config{Keeper: rotate.Config{Group: "no such group"}})
	require.Error(t, err)
}

// TestForceIsKnownAtOnce: no test has to wait for the cache of the order log.
func TestForceIsKnownAtOnce(t *testing.T) {
	ctx := t.Context()
	r := newRealm(t, tilltest.Config{})
	d, err := r.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", Password: password})
	require.NoError(t, err)
	next := func(k *rotate.Keeper) rotate.Next {
		d, err := k.Valid(ctx, d.Session)
		require.NoError(t, err)
		return d.Next
	}
	require.Equal(t, rotate.Proceed, next(r.Keeper), "which fills the cache")
	id, err := r.Force(ctx, rotate.Order{Reason: rotate.PolicyRaised})
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, next(r.Keeper))
	second, err := r.Again()
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, next(second))
	require.NoError(t, r.Keeper.Withdraw(ctx, id, "staff-1", ""))
	require.Equal(t, rotate.Proceed, next(r.Keeper))
	_, err = r.Force(ctx, rotate.Order{})
	require.ErrorIs(t, err, rotate.ErrOrder)
	orders, err := r.Keeper.Orders(ctx)
	require.NoError(t, err)
	require.Equal(t, "tilltest", orders[0].Actor)
}

// TestEventsOfAllPages: the trail is read to its end, oldest first.
func TestEventsOfAllPages(t *testing.T) {
	ctx := t.Context()
	r := newRealm(t, tilltest.Config{})
	_, err := r.Keeper.SignUp(ctx, rotate.NewAccount{Account: "a", NoPassword: true})
	require.NoError(t, err)
	const more = 1000
	for range more {
		require.NoError(t, r.Keeper.EndSessions(ctx, "a", ""))
	}
	events, err := r.Events(ctx, "a")
	require.NoError(t, err)
	require.Len(t, events, 1+more)
	require.Equal(t, rotate.SignedUp, events[0].Kind)
	all, err := r.Events(ctx, "")
	require.NoError(t, err)
	require.Equal(t, rotate.KeyAdded, all[0].Kind)
	r.Store.Break(context.DeadlineExceeded)
	_, err = r.Events(ctx, "a")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestImportsNoTesting: a demonstration may link the package.
func TestImportsNoTesting(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range f.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			require.NotContains(t, path, "testing", name)
			require.NotContains(t, path, "testify", name)
		}
	}
}
