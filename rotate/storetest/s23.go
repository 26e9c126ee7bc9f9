package storetest

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// source is a breach list in hand: it notes what it is asked.
type source struct {
	mu     sync.Mutex
	asked  []string
	counts map[string]int
	err    error
	wait   func(ctx context.Context)
}

func (s *source) Seen(ctx context.Context, password string) (int, error) {
	s.mu.Lock()
	s.asked = append(s.asked, password)
	s.mu.Unlock()
	if s.wait != nil {
		s.wait(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[password], s.err
}

// count makes a password one that was seen n times, also while the source is asked.
func (s *source) count(password string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts = map[string]int{password: n}
}

// take returns what was asked since the last time.
func (s *source) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// TestS23_OnlyTheListsOfTheSignInAreAsked: those of Config.Breach, none by
// default, once for a right password and never for another; the lists of the
// policy, which may be online, are asked when a password is chosen and at no
// sign-in.
func TestS23_OnlyTheListsOfTheSignInAreAsked(t *testing.T, open Open) {
	online, offline := &source{}, &source{}
	breach := func(lists ...policy.List) func(*rotate.Config) {
		return func(c *rotate.Config) {
			c.Profile = func(string) (rotate.Profile, error) {
				return rotate.Profile{Policy: policy.Policy{MinLength: 8, Breach: []policy.List{online}}, Rules: rotate.ShopCustomer()}, nil
			}
			c.Breach = lists
		}
	}
	typed := "Stra\u00dfe nach A\u030angstro\u0308m 7"
	for _, c := range []struct {
		lists []policy.List
		asked []string
	}{{nil, nil}, {[]policy.List{offline}, []string{norm.NFC.String(typed)}}} {
		r := newRealm(t, open, breach(c.lists...))
		r.customers.add("a", rotate.Foreign{})
		_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Password: typed, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, []string{norm.NFC.String(typed)}, online.take())
		require.Empty(t, offline.take(), "at the sign-up the policy decides")

		for range 3 {
			_, err = r.Login(r.ctx, attempt("a", "not it"))
			denied(t, err)
			_, err = r.Login(r.ctx, attempt("nobody", typed))
			denied(t, err)
		}
		require.Empty(t, offline.take(), "a wrong password is nobody's business")
		s := r.signIn("a", typed)
		require.Equal(t, c.asked, offline.take())
		require.Equal(t, rotate.Proceed, r.valid(s).Next)
		_, err = r.StepUp(r.ctx, s, rotate.Proofs{Password: typed})
		require.NoError(t, err)
		_, secret, _ := r.enroll(s, typed)
		d, err := r.Login(r.ctx, attempt("a", typed))
		d = r.next(rotate.NeedCode, d, err)
		require.Equal(t, c.asked, offline.take())
		d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
		r.next(rotate.Proceed, d, err)
		require.Empty(t, offline.take(), "it was asked with the password")
		require.Empty(t, online.take(), "at no sign-in")

		// Locked, the right password is not even compared.
		for range 5 {
			_, err = r.Login(r.ctx, attempt("a", "not it"))
			denied(t, err)
		}
		_, err = r.Login(r.ctx, attempt("a", typed))
		denied(t, err)
		require.Empty(t, offline.take())
	}
}

// TestS23_AStoppedSourceNeverBlocksASignIn: one that fails, waits for its context
// or never answers at all makes the row one to look at again, and nobody waits
// for longer than 300 milliseconds, or what the shop says. The first sign-in that
// gets an answer clears that.
func TestS23_AStoppedSourceNeverBlocksASignIn(t *testing.T, open Open) {
	const patience = 300 * time.Millisecond
	for what, c := range map[string]struct {
		list   func(end chan struct{}) *source
		waited time.Duration
	}{
		"fails": {func(chan struct{}) *source {
			return &source{err: fmt.Errorf("%w: the disk is gone", policy.ErrUnchecked)}
		}, 0},
		"fails in its own way": {func(chan struct{}) *source { return &source{err: errors.New("oops")} }, 0},
		"waits": {func(chan struct{}) *source {
			return &source{wait: func(ctx context.Context) { <-ctx.Done() }, err: context.DeadlineExceeded}
		}, patience},
		"never answers": {func(end chan struct{}) *source {
			return &source{wait: func(context.Context) { <-end }}
		}, patience},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				end := make(chan struct{})
				defer close(end)
				stoppedSource(t, open, c.list(end), c.waited)
			})
		})
	}
}

// stoppedSource signs in beside a list that has stopped, on a clock that runs only
// while everybody waits.
func stoppedSource(t *testing.T, open Open, stopped *source, waited time.Duration) {
	t.Helper()
	healthy := &source{counts: map[string]int{}}
	r := newRealm(t, open, func(c *rotate.Config) { c.Breach = []policy.List{healthy, stopped} })
	password, _ := r.signUp("a")
	if stopped.err != nil {
		stopped.count(password, 9) // beside an error it says nothing
	}
	login := func(k *rotate.Keeper, a rotate.Attempt, waited time.Duration) (rotate.Decision, error) {
		t.Helper()
		before := time.Now()
		d, err := k.Login(r.ctx, a)
		require.Equal(t, waited, time.Since(before))
		return d, err
	}
	d, err := login(r.Keeper, attempt("a", password), waited)
	s := r.next(rotate.Proceed, d, err).Session
	require.Empty(t, d.Reason)
	require.True(t, r.row("a").Recheck)
	status, err := r.Lookup(r.ctx, "a")
	require.NoError(t, err)
	require.True(t, status.Recheck)
	require.False(t, status.Due.Open())
	require.Equal(t, rotate.Proceed, r.valid(s).Next)

	// The shop may be more patient, or less.
	for configured, patience := range map[time.Duration]time.Duration{time.Millisecond: time.Millisecond, time.Minute: time.Minute, -1: waited} {
		if waited == 0 {
			patience = 0
		}
		k := r.again(func(c *rotate.Config) { c.BreachTimeout = configured })
		d, err = login(k, attempt("a", password), patience)
		r.next(rotate.Proceed, d, err)
	}

	// With a second factor, at once and in two steps.
	_, secret, _ := r.enroll(s, password)
	d, err = login(r.Keeper, withCode("a", password, secret.Code(r.clock.Now())), waited)
	r.next(rotate.Proceed, d, err)
	r.clock.advance(time.Minute)
	d, err = login(r.Keeper, attempt("a", password), waited)
	d = r.next(rotate.NeedCode, d, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	r.next(rotate.Proceed, d, err)
	require.True(t, r.row("a").Recheck)

	// What another list knows counts all the same.
	leaked, _ := r.signUp("leaked")
	healthy.counts[leaked] = 1
	d, err = login(r.Keeper, attempt("leaked", leaked), waited)
	r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, rotate.Breached, d.Reason)
	require.True(t, r.row("leaked").Recheck)

	// And the first answer of all of them clears the mark.
	r.clock.advance(time.Minute)
	k := r.again(func(c *rotate.Config) { c.Breach = []policy.List{healthy} })
	d, err = login(k, withCode("a", password, secret.Code(r.clock.Now())), 0)
	r.next(rotate.Proceed, d, err)
	require.False(t, r.row("a").Recheck)
}

// TestS23_AHitIsDueOutOfBand: from the threshold of the rules on the password
// opens nothing but its change, which needs more than the password; sessions that
// are open are sent there; and it is told once.
func TestS23_AHitIsDueOutOfBand(t *testing.T, open Open) {
	list := &source{counts: map[string]int{}}
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.BreachThreshold = 10 }), func(c *rotate.Config) {
		c.Breach = []policy.List{list, &source{}}
	})
	password, s := r.signUp("a")
	for _, below := range []int{0, 1, 9} {
		list.counts[password] = below
		r.signIn("a", password)
		require.Nil(t, r.row("a").Forced)
	}
	list.counts[password] = 10
	at := r.clock.Now()
	for range 3 {
		d, err := r.Login(r.ctx, attempt("a", password))
		d = r.next(rotate.NeedNewPassword, d, err)
		require.Equal(t, rotate.Breached, d.Reason)
		require.Equal(t, rotate.ProofOutOfBand, d.Proof)
		require.Equal(t, at, d.By)
		require.Equal(t, &rotate.Forced{Reason: rotate.Breached, Proof: rotate.ProofOutOfBand, Since: at, By: at}, r.row("a").Forced)
		require.Equal(t, rotate.NeedNewPassword, r.valid(s).Next)
		_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		require.ErrorIs(t, err, rotate.ErrProof)
		r.clock.advance(time.Minute)
	}
	require.Equal(t, 1, r.times(rotate.BreachFound, "a"))
	d, err := r.Login(r.ctx, attempt("a", password))
	r.next(rotate.NeedNewPassword, d, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Mailed: r.mailed("a", browser), Browser: browser})
	r.next(rotate.Proceed, d, err)
	require.Nil(t, r.row("a").Forced)

	// It is found with the password alone, although a code is still missing.
	password, s = r.signUp("b")
	r.enroll(s, password)
	list.counts[password] = 10
	d, err = r.Login(r.ctx, attempt("b", password))
	r.next(rotate.NeedCode, d, err)
	require.Equal(t, rotate.Breached, r.row("b").Forced.Reason)
}

// TestS23_NothingOfAHitIsKept: neither how often a password was seen nor a prefix
// of its sum is in a row, an event, an order, an answer or an error.
func TestS23_NothingOfAHitIsKept(t *testing.T, open Open) {
	const count = 918_273_645
	list := &source{counts: map[string]int{}}
	r := newRealm(t, open, func(c *rotate.Config) { c.Breach = []policy.List{list} })
	password, _ := r.signUp("a")
	list.counts[password] = count
	d, err := r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedNewPassword, d, err)
	_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.Error(t, err)
	_, sweep := r.Sweep(r.ctx, 0)
	require.NoError(t, sweep)
	row := r.row("a")
	row.Password = "" // random text
	events, sweep := r.Events(r.ctx, "", "", 100)
	require.NoError(t, sweep)
	require.Contains(t, r.kinds("a"), rotate.BreachFound)
	for i := range events {
		events[i].ID = ""
	}
	sum := sha1.Sum([]byte(password))
	prefix := hex.EncodeToString(sum[:])[:5]
	for what, v := range map[string]any{"row": row, "events": events, "answer": fmt.Sprintf("%+v", d), "error": err.Error()} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(text), fmt.Sprint(count), what)
		require.NotContains(t, strings.ToLower(string(text)), prefix, what)
	}
	// Nothing but these fields tells of it.
	require.Equal(t, rotate.Event{
		At: r.clock.Now(), Kind: rotate.BreachFound, Account: "a", Reason: rotate.Breached, By: r.clock.Now(),
	}, events[1])
}
