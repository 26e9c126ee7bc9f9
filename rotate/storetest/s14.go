package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// state is all that is stored of an account but its events.
func (r *realm) state(account string, guesses bool) []any {
	r.t.Helper()
	var all []any
	for _, a := range []string{account, "moved " + account} {
		c, err := r.store.Load(r.ctx, a)
		if errors.Is(err, rotate.ErrNotFound) {
			continue
		}
		require.NoError(r.t, err)
		if !guesses {
			c.PasswordGuesses, c.CodeGuesses = rotate.Counter{}, rotate.Counter{}
		}
		all = append(all, plain(c))
	}
	orders, err := r.store.Orders(r.ctx, 0)
	require.NoError(r.t, err)
	for _, o := range orders {
		if o.Account == account {
			all = append(all, o)
		}
	}
	keys, err := r.store.Keys(r.ctx)
	require.NoError(r.t, err)
	return append(all, keys)
}

// times counts the events of a kind that are of an account, of the one it was
// moved to, or of none.
func (r *realm) times(kind rotate.Kind, account string) (n int) {
	r.t.Helper()
	events, err := r.store.Events(r.ctx, "", "", 1000)
	require.NoError(r.t, err)
	for _, e := range events {
		if e.Kind == kind && slices.Contains([]string{account, "moved " + account, ""}, e.Account) {
			n++
		}
	}
	return n
}

// panicked runs something, and returns the error that it panicked with.
func panicked(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = p.(error)
		}
	}()
	return do()
}

// TestS14_NeitherRowNorEventAlone: whichever write of a flow fails, and however,
// what happened and what tells of it are both stored, once, or neither is.
func TestS14_NeitherRowNorEventAlone(t *testing.T, open Open) {
	for i, d := range deeds() {
		r := newRealm(t, open, deedRules)
		ways := []failure{undone, late, ended}
		if i%4 == 0 { // the same to a flow as an error, and rare
			ways = append(ways, panics)
		}
		for _, how := range ways {
			for n := 1; ; n++ {
				at := fmt.Sprintf("%s, write %d fails, %s", d.event, n, how)
				do := d.ready(r, at)
				before, told := r.state(at, d.guesses), r.times(d.event, at)
				calm := r.ctx
				ctx, cancel := context.WithCancel(calm)
				r.ctx = ctx
				s := &breaking{Store: r.store, n: n, how: how, cancel: cancel}
				err := panicked(func() error { return do(r.again(func(c *rotate.Config) { c.Store = s })) })
				cancel()
				r.ctx = calm
				changed := !assert.ObjectsAreEqual(before, r.state(at, d.guesses))
				told = r.times(d.event, at) - told
				require.Equal(t, changed, told == 1, "%s: changed %t, told %d times, %v", at, changed, told, err)
				require.LessOrEqual(t, told, 1, at)
				if err == nil {
					require.True(t, changed, at)
					require.Greater(t, n, 1, "%s: nothing was written", at)
					break
				}
				if how == ended {
					require.ErrorIs(t, err, context.Canceled, at)
				} else {
					require.ErrorIs(t, err, errBoom, at)
				}
				require.Less(t, n, 20, at)
			}
		}
	}
}

// watchedShop is the customers table of a shop that is watched; its list is asked as well.
type watchedShop struct {
	*customers
	w *watching
}

func (s watchedShop) Find(ctx context.Context, name string) (string, error) {
	s.w.note("Find")
	return s.customers.Find(ctx, name)
}

func (s watchedShop) About(ctx context.Context, account string) ([]string, error) {
	s.w.note("About")
	return s.customers.About(ctx, account)
}

func (s watchedShop) Foreign(ctx context.Context, account string) (rotate.Foreign, error) {
	s.w.note("Foreign")
	return s.customers.Foreign(ctx, account)
}

func (s watchedShop) Address(ctx context.Context, account string) (string, time.Time, error) {
	s.w.note("Address")
	return s.customers.Address(ctx, account)
}

func (s watchedShop) Seen(_ context.Context, password string) (int, error) {
	s.w.note("a breach list")
	return known{alsoLeaked: true}.Seen(context.Background(), password)
}

// TestS14_NothingIsCalledUnderALock: no fn asks the Store, the shop's table, a
// list or the receiver of events, or computes a hash.
func TestS14_NothingIsCalledUnderALock(t *testing.T, open Open) {
	w := &watching{hashes: func() uint64 { return 0 }}
	r := newRealm(t, func(t *testing.T) rotate.Store {
		w.Store = open(t)
		return w
	}, deedRules, func(c *rotate.Config) {
		shop := watchedShop{c.Customers.(*customers), w}
		c.Customers, c.Breach = shop, []policy.List{shop}
		c.Events = func(context.Context, rotate.Event) error {
			w.note("Events")
			return nil
		}
		w.hashes = func() uint64 { return c.Hasher.Budget().Stats().Hashes }
	})
	for i, d := range deeds() {
		account := fmt.Sprintf("%d %s", i, d.event)
		do := d.ready(r, account)
		require.NoError(t, do(r.Keeper), account)
		require.Empty(t, w.called, account)
	}
	n, err := r.Deliver(r.ctx)
	require.NoError(t, err)
	require.NotZero(t, n)
	_, err = r.Restored(r.ctx, r.clock.Now(), "staff-1")
	require.NoError(t, err)
	require.Empty(t, w.called)

	// The watch would have seen it.
	require.NoError(t, w.Guess(r.ctx, [32]byte{1}, r.clock.Now(), r.clock.Now(), func(*rotate.Counter) error {
		_, err := r.config.Hasher.Hash(r.ctx, "x")
		_, _ = watchedShop{r.customers, w}.Find(r.ctx, "x")
		return err
	}))
	require.Subset(t, w.called, []string{"Find", "a hash"})
}

// sink receives events, and fails where it is told to.
type sink struct {
	got  []string
	fail func(n int) error
}

func (s *sink) receive(_ context.Context, e rotate.Event) error {
	if s.fail != nil {
		if err := s.fail(len(s.got)); err != nil {
			return err
		}
	}
	s.got = append(s.got, e.ID)
	return nil
}

// events puts n events into a realm that has delivered all others, and returns
// their ids.
func (r *realm) events(n int) []string {
	r.t.Helper()
	_, err := r.again(func(c *rotate.Config) { c.Events = nil }).Deliver(r.ctx)
	require.NoError(r.t, err)
	var events []rotate.Event
	for i := range n {
		events = append(events, event("told", i))
	}
	require.NoError(r.t, r.store.Insert(r.ctx, bare("told"), events))
	return ids(events)
}

// TestS14_AnEventComesAtLeastOnce: with the id it always had, again a minute
// after its receiver failed, and not again once it was taken.
func TestS14_AnEventComesAtLeastOnce(t *testing.T, open Open) {
	s := &sink{}
	r := newRealm(t, open, func(c *rotate.Config) { c.Events = s.receive })
	want := r.events(250)
	broken := errors.New("the queue is away")
	s.fail = func(n int) error {
		if n == 130 {
			return broken
		}
		return nil
	}
	n, err := r.Deliver(r.ctx)
	require.ErrorIs(t, err, broken)
	require.Equal(t, 130, n)
	require.Equal(t, want[:130], s.got)

	// Those behind the one that failed wait with it; the rest does not.
	s.fail = nil
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 50, n)
	r.clock.advance(time.Minute - time.Microsecond)
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "within the lease")
	r.clock.advance(time.Microsecond)
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 70, n)
	require.Equal(t, slices.Concat(want[:130], want[200:], want[130:200]), s.got)
	r.clock.advance(time.Hour)
	n, err = r.Deliver(r.ctx)
	require.NoError(t, err)
	require.Zero(t, n, "all were taken")

	// They stay as the audit trail.
	slices.Reverse(want)
	require.Equal(t, want, paged(r.ctx, t, r.store, "told", 100))
}

// forgetful is a Store that cannot note what was delivered.
type forgetful struct{ rotate.Store }

func (forgetful) Delivered(context.Context, []string) error { return errBoom }

// TestS14_WhatWasNotNotedComesAgain: an instance that dies between the receiver
// and the note, or is too slow for its lease, makes an event come twice, with
// the same id, and never not at all.
func TestS14_WhatWasNotNotedComesAgain(t *testing.T, open Open) {
	s := &sink{}
	r := newRealm(t, open, func(c *rotate.Config) { c.Events = s.receive })
	want := r.events(3)
	_, err := r.again(func(c *rotate.Config) { c.Store = forgetful{r.store} }).Deliver(r.ctx)
	require.ErrorIs(t, err, errBoom)
	require.Equal(t, want, s.got)
	r.clock.advance(time.Minute)

	// A slow one: while it holds the first event, its lease runs out, and another
	// instance takes them all.
	slow := r.again(func(c *rotate.Config) {
		c.Events = func(ctx context.Context, e rotate.Event) error {
			if e.ID == want[0] {
				r.clock.advance(time.Minute)
				n, err := r.Deliver(ctx)
				require.NoError(t, err)
				require.Equal(t, 3, n)
			}
			return s.receive(ctx, e)
		}
	})
	s.got = nil
	n, err := slow.Deliver(r.ctx)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, slices.Concat(want, want), s.got)

	// What was delivered is noted even if the visitor of the context left.
	insert(r.ctx, t, r.store, bare("b"))
	require.NoError(t, r.store.Update(r.ctx, "b", func(*rotate.Credential) ([]rotate.Event, error) {
		return []rotate.Event{event("b", 1)}, rotate.ErrUnchanged
	}))
	ctx, cancel := context.WithCancel(r.ctx)
	_, err = r.again(func(c *rotate.Config) {
		c.Events = func(context.Context, rotate.Event) error {
			cancel()
			return nil
		}
	}).Deliver(ctx)
	require.ErrorIs(t, err, context.Canceled)
	r.clock.advance(time.Hour)
	require.Empty(t, waiting(r.ctx, t, r.store))
}

// TestS14_TwoDeliverersShare: within its lease an event goes to one of them.
func TestS14_TwoDeliverersShare(t *testing.T, open Open) {
	r := newRealm(t, open)
	want := r.events(450)
	sinks := [4]sink{}
	parallel(t, len(sinks), func(i int) error {
		_, err := r.again(func(c *rotate.Config) { c.Events = sinks[i].receive }).Deliver(r.ctx)
		return err
	})
	var got []string
	for i := range sinks {
		got = append(got, sinks[i].got...)
	}
	require.ElementsMatch(t, want, got)
}

// countingWrites counts the writes of a Store.
type countingWrites struct {
	rotate.Store
	n int
}

func (s *countingWrites) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	s.n++
	return s.Store.Update(ctx, account, fn)
}

func (s *countingWrites) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	s.n++
	return s.Store.Guess(ctx, key, now, expires, fn)
}

// TestS07_WhatIsDoneIsNotDenied: where all is written and the Store then fails to
// free the counter of the name or the session, the answer is what was written.
func TestS07_WhatIsDoneIsNotDenied(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	on := func(s rotate.Store) *rotate.Keeper { return r.again(func(c *rotate.Config) { c.Store = s }) }
	for what, do := range map[string]func(k *rotate.Keeper) error{
		"sign-in": func(k *rotate.Keeper) error {
			d, err := k.Login(r.ctx, attempt("a", password))
			if err == nil {
				r.next(rotate.Proceed, d, err)
				s = d.Session
			}
			return err
		},
		"change": func(k *rotate.Keeper) error {
			fresh := newSecret()
			d, err := k.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
			if err == nil {
				r.next(rotate.Proceed, d, err)
				password, s = fresh, d.Session
			}
			return err
		},
		"step-up": func(k *rotate.Keeper) error {
			d, err := k.StepUp(r.ctx, s, rotate.Proofs{Password: password, Browser: browser})
			if err == nil {
				s = d.Session
			}
			return err
		},
		"reset": func(k *rotate.Keeper) error {
			fresh := newSecret()
			_, err := k.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: fresh, Browser: browser})
			if err == nil {
				password = fresh
				s = r.signIn("a", password)
			}
			return err
		},
	} {
		all := &countingWrites{Store: r.store}
		require.NoError(t, do(on(all)), what)
		require.Greater(t, all.n, 1, what)
		r.clock.advance(day)
		require.NoError(t, do(on(&breaking{Store: r.store, n: all.n, how: undone})), what)
		r.clock.advance(day)
		require.ErrorIs(t, do(on(&breaking{Store: r.store, n: all.n - 1, how: undone})), errBoom, what)
		r.clock.advance(day)
		require.NoError(t, do(r.Keeper), what)
	}
}
