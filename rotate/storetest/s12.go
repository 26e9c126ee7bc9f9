package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// recorded is a Store that writes down what is asked of it.
type recorded struct {
	rotate.Store
	mu    sync.Mutex
	calls []string
	// keys are the keys of the counters, and how often each was asked for.
	keys counters
	// keep is what Prune was told to keep.
	keep int
}

type counters map[[32]byte]int

// MarshalJSON writes the keys alone.
func (c counters) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

func (s *recorded) add(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

// take returns the calls since the last take.
func (s *recorded) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// wrote names a call by whether it wrote: what fn returned the last time.
func wrote(call string, err error) string {
	switch {
	case err == nil:
		return call
	case errors.Is(err, rotate.ErrUnchanged):
		return call + " without a change"
	}
	return call + " undone"
}

func (s *recorded) Load(ctx context.Context, account string) (rotate.Credential, error) {
	s.add("Load")
	return s.Store.Load(ctx, account)
}

func (s *recorded) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	var last error
	defer func() { s.add(wrote("Update", last)) }()
	return s.Store.Update(ctx, account, func(c *rotate.Credential) (events []rotate.Event, _ error) {
		events, last = fn(c)
		return events, last
	})
}

func (s *recorded) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	s.mu.Lock()
	if s.keys == nil {
		s.keys = counters{}
	}
	s.keys[key]++
	s.mu.Unlock()
	var last error
	defer func() { s.add(wrote("Guess", last)) }()
	return s.Store.Guess(ctx, key, now, expires, func(c *rotate.Counter) error {
		last = fn(c)
		return last
	})
}

func (s *recorded) Keys(ctx context.Context) ([]rotate.KeyState, error) {
	s.add("Keys")
	return s.Store.Keys(ctx)
}

func (s *recorded) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	s.add("Orders")
	return s.Store.Orders(ctx, after)
}

func (s *recorded) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	s.add("Insert")
	return s.Store.Insert(ctx, c, events)
}

func (s *recorded) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	s.add("Page")
	return s.Store.Page(ctx, q)
}

func (s *recorded) Count(ctx context.Context, q rotate.Query) (int, error) {
	s.add("Count")
	return s.Store.Count(ctx, q)
}

func (s *recorded) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	s.add("Prune")
	s.keep = keep
	return s.Store.Prune(ctx, now, keep)
}

// onRecord makes a realm on a Store that is recorded.
func onRecord(t *testing.T, open Open, changes ...func(*rotate.Config)) (*realm, *recorded) {
	rec := &recorded{}
	return newRealm(t, func(t *testing.T) rotate.Store {
		rec.Store = open(t)
		return rec
	}, changes...), rec
}

// answer is all that a visitor can tell about one try to sign in: what came
// back, and what took time.
type answer struct {
	Denied  rotate.Denied
	Text    string
	Permits uint64 // for hashing: how often the try may have queued
	Hashes  uint64
	Calls   []string
}

// answered tries to sign in and looks at the answer.
func (r *realm) answered(rec *recorded, a rotate.Attempt) answer {
	r.t.Helper()
	rec.take()
	before := r.config.Hasher.Budget().Stats()
	d, err := r.Login(r.ctx, a)
	after := r.config.Hasher.Budget().Stats()
	require.Equal(r.t, rotate.Decision{}, d)
	calls := rec.take()
	for i, c := range calls {
		// One counter is in the table of names, one in the row: each is one write
		// under a lock.
		calls[i] = strings.Replace(c, "Update", "Guess", 1)
	}
	return answer{denied(r.t, err), err.Error(), after.Granted - before.Granted, after.Hashes - before.Hashes, calls}
}

// TestS12_UnknownAndLockedAreTheSame: the same answer, the same hash
// computations and the same calls of the Store, try after try, whatever state an
// account is in and whether or not there is one. The right password is typed
// where it must not help.
func TestS12_UnknownAndLockedAreTheSame(t *testing.T, open Open) {
	stricter := func(c *rotate.Config) {
		c.Profile = func(group string) (rotate.Profile, error) {
			r := rotate.ShopCustomer()
			if group == "staff" {
				r = rotate.PCI401Staff()
				r.Password = rotate.Throttle{From: 1, First: time.Minute, Max: time.Hour, LockAfter: 2, LockFor: time.Hour, DisableAfter: 3}
			}
			return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: r}, nil
		}
	}
	r, rec := onRecord(t, open, stricter)
	set := func(account string, counter rotate.Counter) {
		require.NoError(t, r.store.Update(r.ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.PasswordGuesses = counter
			return nil, nil
		}))
	}
	typed := map[string]string{"unknown": "not it", "another unknown": "not it"}
	password, _ := r.signUp("wrong password")
	typed["wrong password"] = "not " + password
	password, s := r.signUp("second factor")
	r.enroll(s, password)
	typed["second factor"] = "not " + password
	password, _ = r.signUp("due")
	typed["due"] = "not " + password
	r.force(rotate.Order{Account: "due", Reason: rotate.Compromise})
	typed["locked"], _ = r.signUp("locked")
	set("locked", rotate.Counter{Total: 20, Recent: 20, Until: r.clock.Now().Add(1000 * time.Hour)})
	typed["disabled"], _ = r.signUp("disabled")
	set("disabled", rotate.Counter{Total: 100, Recent: 3})
	password, _ = r.signUp("about to lock")
	typed["about to lock"] = "not " + password
	set("about to lock", rotate.Counter{Total: 98, Recent: 12})
	password, _ = r.signUp("staff")
	typed["staff"] = "not " + password
	require.NoError(t, r.Regroup(r.ctx, "staff", "staff", "staff-1"))
	r.customers.add("no password", rotate.Foreign{})
	typed["no password"] = ""
	_, err := r.Lookup(r.ctx, "no password")
	require.NoError(t, err)

	begin := r.clock.Now()
	observe := func(account string) (all []answer) {
		r.clock.micros.Store(begin.UnixMicro())
		for _, pause := range []time.Duration{0, 0, 0, 0, 0, 0, 0, time.Second, 0, time.Second, time.Second, 0, 25 * time.Hour, 0, 0} {
			r.clock.advance(pause)
			all = append(all, r.answered(rec, attempt(account, typed[account])))
		}
		return all
	}
	want := observe("unknown")
	for i, a := range want {
		require.False(t, a.Denied.Code)
		require.EqualValues(t, 1, a.Permits, i)
		require.EqualValues(t, 1, a.Hashes, i)
	}
	require.Equal(t, []string{"Keys", "Orders", "Load", "Guess", "Guess"}, want[0].Calls)
	require.Zero(t, want[3].Denied)
	require.Equal(t, time.Second, want[4].Denied.RetryAfter)
	require.Equal(t, time.Second, want[5].Denied.RetryAfter)
	require.Equal(t, []string{"Keys", "Orders", "Load", "Guess undone"}, want[5].Calls)
	require.Equal(t, 2*time.Second, want[7].Denied.RetryAfter)
	require.Zero(t, want[12].Denied)
	delete(typed, "unknown")
	for account := range typed {
		require.Equal(t, want, observe(account), account)
	}
	// The accounts' own counters did their work all the same.
	require.Equal(t, 20, r.row("locked").PasswordGuesses.Total, "tries during a wait count nothing")
	require.Equal(t, 100, r.row("disabled").PasswordGuesses.Total)
	require.Equal(t, 100, r.row("about to lock").PasswordGuesses.Total)
	require.Contains(t, r.kinds("about to lock"), rotate.Disabled)
	require.Equal(t, 2, r.row("staff").PasswordGuesses.Total)
	require.Contains(t, r.kinds("staff"), rotate.Locked)
}

// TestS12_WhateverIsTyped: passwords and names of any length and kind are one
// guess of the same cost, known or unknown.
func TestS12_WhateverIsTyped(t *testing.T, open Open) {
	r, rec := onRecord(t, open)
	r.signUp("known")
	for i, password := range []string{"", "x", strings.Repeat("p", 1024), strings.Repeat("p", 1025), strings.Repeat("p", 5000), strings.Repeat("p", 1<<20), "\xff\xfe", "a\x00b", "é", "e\u0301"} {
		r.clock.advance(25 * time.Hour)
		require.Equal(t, r.answered(rec, attempt("unknown", password)), r.answered(rec, attempt("known", password)), i)
	}
	for _, name := range []string{"", " ", strings.Repeat("n", 512), strings.Repeat("n", 1<<20), "\xff", "\x00", "known@example.com\x00"} {
		a := rotate.Attempt{Name: name, Password: "not it", Browser: browser}
		r.clock.advance(25 * time.Hour)
		require.Equal(t, r.answered(rec, attempt("unknown", "not it")), r.answered(rec, a), "%.20q", name)
	}
	// A shop without Customers says who it is; an unknown account is an answer
	// like any other.
	k := r.again(func(c *rotate.Config) { c.Customers = nil })
	r.Keeper = k
	r.clock.advance(25 * time.Hour)
	require.Equal(t, r.answered(rec, rotate.Attempt{Name: "nobody", Password: "not it", Browser: browser}),
		r.answered(rec, rotate.Attempt{Name: "somebody", Account: "not there", Password: "not it", Browser: browser}))
}

// TestS12_NamesAreKeyed: the table of names holds a keyed digest of the folded
// name, the same for every way to type it, forgets it after a day, and is
// bounded.
func TestS12_NamesAreKeyed(t *testing.T, open Open) {
	r, rec := onRecord(t, open)
	used := func(k *rotate.Keeper, names ...string) counters {
		t.Helper()
		rec.mu.Lock()
		rec.keys = nil
		rec.mu.Unlock()
		for _, n := range names {
			_, err := k.Login(r.ctx, rotate.Attempt{Name: n, Password: "not it", Browser: browser})
			require.ErrorIs(t, err, rotate.ErrDenied)
		}
		rec.mu.Lock()
		defer rec.mu.Unlock()
		return maps.Clone(rec.keys)
	}
	same := []string{"Jörg@Example.com", " jörg@example.com\t", "JO\u0308RG@EXAMPLE.COM", "ｊörg＠example.com", "jörg@example.com"}
	first := used(r.Keeper, same...)
	require.Len(t, first, 2, "one for the name, one in place of the row")
	_, err := r.Login(r.ctx, rotate.Attempt{Name: same[0], Password: "not it", Browser: browser})
	require.Equal(t, time.Second, denied(t, err).RetryAfter, "all ways together")
	for key, n := range first {
		require.Equal(t, 5, n)
		for _, n := range append(same, name("a")) {
			require.NotEqual(t, sha256.Sum256([]byte(n)), key, "a digest without a key")
		}
	}
	disjoint := func(a, b counters) {
		t.Helper()
		require.Len(t, b, 2)
		for key := range b {
			require.NotContains(t, a, key)
		}
	}
	disjoint(first, used(r.Keeper, "jorg@example.com"))
	for key := range used(r.again(), same[0]) {
		require.Contains(t, first, key, "another instance finds it")
	}
	// Another key, or another realm with the same key, makes others.
	for what, ring := range map[string]func() (*keyring.Ring, error){
		"key":   func() (*keyring.Ring, error) { return keyring.New("storetest", keyring.NewKey()) },
		"realm": func() (*keyring.Ring, error) { return keyring.New("another shop", r.keys[0]) },
	} {
		other, theirs := onRecord(t, open, func(c *rotate.Config) {
			var err error
			c.Ring, err = ring()
			require.NoError(t, err)
		})
		_, err := other.Login(r.ctx, rotate.Attempt{Name: same[0], Password: "not it", Browser: browser})
		require.ErrorIs(t, err, rotate.ErrDenied)
		require.Len(t, theirs.keys, 2, what)
		for key := range theirs.keys {
			require.NotContains(t, first, key, what)
		}
	}

	// A day after the last guess a name is forgotten.
	for range 3 {
		r.clock.advance(24*time.Hour + time.Microsecond)
		for range 4 {
			_, err := r.Login(r.ctx, rotate.Attempt{Name: same[1], Password: "not it", Browser: browser})
			require.Zero(t, denied(t, err))
		}
	}
	report, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Equal(t, 2, report.Pruned, "of the other name")
	require.Equal(t, 1<<20, rec.keep)
	r.clock.advance(24*time.Hour + time.Microsecond)
	report, err = r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Equal(t, 2, report.Pruned)
}

// TestS12_EveryRefusalTakesTheWork: a mismatch on a cheaper hash does the work of
// a decoy as well, under the same permit, and a stored text that cannot be read is
// a wrong password with an event.
func TestS12_EveryRefusalTakesTheWork(t *testing.T, open Open) {
	r, rec := onRecord(t, open)
	const bcrypt = "$2a$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy" // cost 4: cheap
	for account, encoded := range map[string]string{
		"foreign": countingPrefix + "the password", "bcrypt": bcrypt,
		"weak argon2id": "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2hvcnRrZXlzaG9ydGtleQ",
	} {
		r.customers.add(account, rotate.Foreign{Encoded: encoded})
		_, err := r.Lookup(r.ctx, account)
		require.NoError(t, err)
		a := r.answered(rec, attempt(account, "not it"))
		require.Zero(t, a.Denied, account)
		require.EqualValues(t, 1, a.Permits, account)
		require.EqualValues(t, 2, a.Hashes, account)
		require.NotContains(t, r.kinds(account), rotate.Unreadable, account)
	}
	for i, encoded := range []string{
		"x", "plain text", "$", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$$", "$argon2id$v=19$m=0,t=0,p=0$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5",
		"$argon2id$v=19$m=4294967295,t=4294967295,p=255$c2FsdHNhbHQ$a2V5a2V5a2V5a2V5", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2hvcnRrZXlzaG9ydGtleQ junk",
		"$2a$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", bcrypt[:59], "$1$md5", "d41d8cd98f00b204e9800998ecf8427e", "\x00\xff", strings.Repeat("$", 1024),
	} {
		account := fmt.Sprintf("malformed %d", i)
		r.customers.add(account, rotate.Foreign{Encoded: encoded})
		_, err := r.Lookup(r.ctx, account)
		require.NoError(t, err)
		for range 3 {
			a := r.answered(rec, attempt(account, "not it"))
			require.Equal(t, rotate.Denied{}, a.Denied, encoded)
			require.EqualValues(t, 1, a.Hashes, encoded)
		}
		require.Equal(t, []rotate.Kind{rotate.Adopted, rotate.Unreadable, rotate.Unreadable, rotate.Unreadable}, r.kinds(account), encoded)
		require.Zero(t, r.row(account).PasswordGuesses, encoded)
	}
	// One too long to keep is reported at once.
	r.customers.add("long", rotate.Foreign{Encoded: strings.Repeat("x", 1025)})
	a := r.answered(rec, attempt("long", "not it"))
	require.Equal(t, rotate.Denied{}, a.Denied)
	require.EqualValues(t, 1, a.Hashes)
	require.Equal(t, []rotate.Kind{rotate.Adopted, rotate.Unreadable}, r.kinds("long"))
}

// TestS12_ARequestForMailTellsNothing: the visitor's answer is the same for an
// unknown name, an account without an address, one above the limit, and one
// that gets mail: no error.
func TestS12_ARequestForMailTellsNothing(t *testing.T, open Open) {
	r, rec := onRecord(t, open)
	r.signUp("known")
	r.signUp("no address")
	r.moved("no address", address{})
	for _, account := range []string{"known", "no address", "unknown"} {
		var calls []string
		for i := range 6 {
			rec.take()
			issued, err := r.Issue(r.ctx, rotate.Request{Name: name(account), Browser: browser})
			require.NoError(t, err, account)
			if account == "known" && i < 3 {
				require.Equal(t, name("known"), issued.Address)
				continue
			}
			require.Equal(t, rotate.Issued{}, issued, account)
			if calls = rec.take(); i < 3 {
				require.Equal(t, []string{"Keys", "Orders", "Guess", "Load", "Guess"}, calls, account)
			} else {
				require.Equal(t, []string{"Keys", "Orders", "Guess undone", "Load"}, calls, account)
			}
		}
	}
}

// TestS12_ASignUpWithATakenAddress gets the same answer: the policy is asked and
// the password hashed before it is known whether the address is free, and the
// owner of a taken one gets a mail.
func TestS12_ASignUpWithATakenAddress(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("owner")
	mails, accepted := map[string]int{}, 0
	// signUp is what a shop's page does.
	signUp := func(account, password string) (string, uint64) {
		mail := name(account)
		before := r.config.Hasher.Budget().Stats().Hashes
		draft, err := r.Draft(r.ctx, rotate.NewAccount{Password: password, About: []string{mail}, Browser: browser})
		hashes := r.config.Hasher.Budget().Stats().Hashes - before
		var refusal *policy.Refusal
		if errors.As(err, &refusal) {
			return err.Error(), hashes
		}
		require.NoError(t, err)
		if taken, err := r.customers.Find(r.ctx, mail); err != nil || taken != "" {
			i, err := r.Issue(r.ctx, rotate.Request{Name: mail, Browser: browser})
			require.NoError(t, err)
			mails[i.Address]++
		} else {
			r.customers.add(account, rotate.Foreign{})
			_, err = r.Create(r.ctx, draft.For(account))
			require.NoError(t, err)
			accepted++
		}
		return "Look into your mail.", hashes
	}
	for i, chosen := range []string{"short", "anna1@example.com", newSecret(), newSecret()} {
		free := fmt.Sprintf("anna%d", i)
		want, cost := signUp(free, chosen)
		got, same := signUp("owner", strings.ReplaceAll(chosen, free, "owner"))
		require.Equal(t, want, got)
		require.Equal(t, cost, same)
	}
	require.GreaterOrEqual(t, accepted, 2)
	require.Equal(t, map[string]int{name("owner"): accepted}, mails)
	require.Equal(t, rotate.Proceed, r.valid(s).Next, "the owner is not concerned")
	r.signIn("owner", password)
	// An account's id is the shop's own; that it is in use is no visitor's affair.
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "owner", Password: newSecret(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrExists)
	r.signIn("owner", password)
}
