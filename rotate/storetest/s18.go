package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// member is somebody with all that can be sealed: a password, a factor, another
// one on offer, and a former password.
type member struct {
	account, password, former string
	session                   rotate.Session
	secret, offered           totp.Secret
	codes                     []totp.RecoveryCode
}

func (r *realm) member(account string) *member {
	r.t.Helper()
	m := &member{account: account}
	m.former, m.session = r.signUp(account)
	m.session, m.secret, m.codes = r.enroll(m.session, m.former)
	m.password = newSecret()
	d, err := r.Change(r.ctx, m.session, rotate.Proofs{Password: m.former, NewPassword: m.password, Browser: browser})
	m.session = r.next(rotate.Proceed, d, err).Session
	e, err := r.Enroll(r.ctx, m.session, rotate.Proofs{Password: m.password, Code: m.secret.Code(r.clock.Now()), Browser: browser})
	require.NoError(r.t, err)
	m.offered = e.Secret
	r.clock.advance(time.Minute)
	return m
}

// edited changes a row behind everybody's back, as who can write to the database
// does, and returns what puts it back.
func (r *realm) edited(account string, change func(c *rotate.Credential)) (back func()) {
	r.t.Helper()
	before := r.row(account)
	write := func(fn func(c *rotate.Credential)) {
		require.NoError(r.t, r.store.Update(r.ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
			fn(c)
			return nil, nil
		}))
	}
	write(change)
	return func() { write(func(c *rotate.Credential) { *c = before.Clone() }) }
}

// TestS18_WithoutTheFactorTheHashDoesNotOpen: whoever can write to the database
// and takes the factor out of a row, or puts another one in, makes the password
// unopenable, and nothing else.
func TestS18_WithoutTheFactorTheHashDoesNotOpen(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History = 4 }))
	a, b := r.member("a"), r.member("b")
	earlier, theirs := r.row("a").Factor, r.row("b").Factor
	d, _, err := r.Confirm(r.ctx, a.session, rotate.Proofs{Code: a.offered.Code(r.clock.Now()), Browser: browser})
	a.session = r.next(rotate.Proceed, d, err).Session
	r.clock.advance(time.Minute)
	for what, edit := range map[string]func(c *rotate.Credential){
		"no factor":            func(c *rotate.Credential) { c.Factor = nil },
		"no factor, no codes":  func(c *rotate.Credential) { c.Factor, c.Recovery = nil, nil },
		"another id":           func(c *rotate.Credential) { c.Factor.ID = newSecret() },
		"no id":                func(c *rotate.Credential) { c.Factor.ID = "" },
		"somebody else's":      func(c *rotate.Credential) { c.Factor = theirs },
		"an earlier enrolment": func(c *rotate.Credential) { c.Factor = earlier },
	} {
		t.Run(what, func(t *testing.T) {
			defer r.edited("a", edit)()
			row, told := r.row("a"), len(r.kinds("a"))
			for _, typed := range []rotate.Attempt{
				attempt("a", a.password), withCode("a", a.password, a.offered.Code(r.clock.Now())),
				withCode("a", a.password, b.secret.Code(r.clock.Now())), withRecovery("a", a.password, a.codes[0]),
			} {
				d, err := r.Login(r.ctx, typed)
				require.Equal(t, rotate.Denied{}, denied(t, err))
				require.Equal(t, rotate.Decision{}, d)
			}
			equalRow(t, row, r.row("a"))
			require.Equal(t, slices.Repeat([]rotate.Kind{rotate.Unreadable}, 4), r.kinds("a")[told:])
			// A session of before is no way around it.
			p := rotate.Proofs{
				Password: a.password, NewPassword: newSecret(), Code: a.offered.Code(r.clock.Now()),
				Mailed: r.mailed("a", browser), Browser: browser,
			}
			_, err := r.Change(r.ctx, a.session, p)
			require.Error(t, err)
			_, err = r.Unenroll(r.ctx, a.session, p)
			require.Error(t, err)
			_, err = r.Enroll(r.ctx, a.session, p)
			require.Error(t, err)
			// Nor is a mail: the way back is the operator's.
			_, err = r.Reset(r.ctx, p.Mailed, p)
			require.Error(t, err)
			require.ErrorContains(t, r.Export(r.ctx, rotate.Query{}, func(string, string) error { return nil }), `"a"`)
			require.Error(t, r.Move(r.ctx, "a", "c", "staff-1"))
			equalRow(t, row, r.row("a"))
			r.clock.advance(25 * time.Hour)
		})
		r.clock.advance(time.Minute)
		require.Equal(t, rotate.Proceed, r.valid(a.session).Next)
	}
	d, err = r.Login(r.ctx, withCode("a", a.password, a.offered.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
}

// TestS18_SealsAreBound: a sealed value opens in its own place alone.
func TestS18_SealsAreBound(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History = 4 }))
	a, b := r.member("a"), r.member("ab")
	own, other := r.row("a"), r.row("ab")

	// Of realm, purpose, account and binding none can be another, and none runs
	// into the next: each is written with its length.
	places := map[string]keyring.Context{
		own.Password:            {Purpose: "password", Account: "a", Binding: own.Factor.ID},
		own.Factor.Seed:         {Purpose: "totp seed", Account: "a", Binding: own.Factor.ID},
		own.Pending.Seed:        {Purpose: "totp seed", Account: "a", Binding: own.Pending.ID},
		own.Retired[0].Password: {Purpose: "retired password", Account: "a"},
		other.Password:          {Purpose: "password", Account: "ab", Binding: other.Factor.ID},
		other.Factor.Seed:       {Purpose: "totp seed", Account: "ab", Binding: other.Factor.ID},
	}
	require.Len(t, places, 6)
	key := r.keys[0]
	elsewhere, err := keyring.New("storetest2", key)
	require.NoError(t, err)
	stranger, err := keyring.New("storetest", keyring.NewKey())
	require.NoError(t, err)
	for sealed, place := range places {
		_, err := r.ring.Open(place, sealed)
		require.NoError(t, err, place)
		for text, another := range places {
			if text != sealed {
				_, err := r.ring.Open(another, sealed)
				require.ErrorIs(t, err, keyring.ErrSealed, "%v opens %v", another, place)
			}
		}
		shifted := []keyring.Context{
			{Purpose: place.Purpose + place.Account, Account: "", Binding: place.Binding},
			{Purpose: place.Purpose, Account: place.Account + place.Binding},
			{Purpose: place.Purpose + "a", Account: place.Account[1:], Binding: place.Binding},
			{Purpose: place.Purpose[:len(place.Purpose)-1], Account: place.Purpose[len(place.Purpose)-1:] + place.Account, Binding: place.Binding},
		}
		if place.Binding != "" {
			shifted = append(shifted, keyring.Context{Purpose: place.Purpose, Account: place.Account})
		} else {
			shifted = shifted[:1:1]
		}
		for _, c := range shifted {
			_, err := r.ring.Open(c, sealed)
			require.ErrorIs(t, err, keyring.ErrSealed, "%v opens %v", c, place)
		}
		_, err = elsewhere.Open(place, sealed)
		require.ErrorIs(t, err, keyring.ErrSealed, "in another realm")
		_, err = stranger.Open(place, sealed)
		require.ErrorIs(t, err, keyring.ErrMissingKey)
		_, err = r.ring.Open(place, "tk2"+strings.TrimPrefix(sealed, "tk1"))
		require.ErrorIs(t, err, keyring.ErrSealed, "as another version")
	}

	// In the rows themselves: whatever is put in another's place, nobody gets in
	// with it.
	for what, swap := range map[string]func(c *rotate.Credential){
		"another's password":   func(c *rotate.Credential) { c.Password = other.Password },
		"the former password":  func(c *rotate.Credential) { c.Password = c.Retired[0].Password },
		"a seed as password":   func(c *rotate.Credential) { c.Password = c.Factor.Seed },
		"another's seed":       func(c *rotate.Credential) { c.Factor.Seed = other.Factor.Seed },
		"the offered seed":     func(c *rotate.Credential) { c.Factor.Seed = c.Pending.Seed },
		"the offered factor":   func(c *rotate.Credential) { c.Factor = c.Pending },
		"another's row":        func(c *rotate.Credential) { c.Password, c.Factor = other.Password, other.Factor },
		"a password as a seed": func(c *rotate.Credential) { c.Factor.Seed = c.Password },
	} {
		back := r.edited("a", swap)
		for _, password := range []string{a.password, a.former, b.password, b.former} {
			for _, secret := range []totp.Secret{a.secret, a.offered, b.secret, b.offered} {
				d, err := r.Login(r.ctx, withCode("a", password, secret.Code(r.clock.Now())))
				require.Error(t, err, what)
				require.True(t, d.Session.IsZero(), what)
			}
			r.clock.advance(20 * time.Minute)
		}
		back()
	}
	require.NoError(t, r.Unlock(r.ctx, "a", "staff-1", name("a")))
	d, err := r.Login(r.ctx, withCode("a", a.password, a.secret.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
}

// TestS18_MoveSealsAnew: under its new id everything of an account works as it
// did, and nothing under the old one.
func TestS18_MoveSealsAnew(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History = 4 }))
	m := r.member("a")
	other, _ := r.signUp("taken")
	code := m.secret.Code(r.clock.Now())
	d, err := r.Login(r.ctx, withCode("a", m.password, code))
	s := r.next(rotate.Proceed, d, err).Session
	_, err = r.Login(r.ctx, withCode("a", m.password, wrongCode(m.secret, r.clock.Now())))
	denied(t, err)
	d, err = r.Login(r.ctx, attempt("a", m.password))
	ticket := r.next(rotate.NeedCode, d, err).Ticket
	mail := r.mailed("a", browser)
	before := r.row("a")

	require.ErrorIs(t, r.Move(r.ctx, "nobody", "b", "staff-1"), rotate.ErrNotFound)
	require.ErrorIs(t, r.Move(r.ctx, "a", "taken", "staff-1"), rotate.ErrExists)
	require.ErrorIs(t, r.Move(r.ctx, "a", "a", "staff-1"), rotate.ErrExists)
	for _, bad := range []string{"", strings.Repeat("b", 256), "b\n", "b\xff"} {
		require.ErrorIs(t, r.Move(r.ctx, "a", bad, "staff-1"), rotate.ErrAccount)
	}
	equalRow(t, before, r.row("a"))

	r.customers.add("b", rotate.Foreign{})
	require.NoError(t, r.Move(r.ctx, "a", "b", "staff-1"))
	gone(r.ctx, t, r.store, "a")
	after := r.row("b")
	require.NotEqual(t, before.Epoch, after.Epoch)
	for _, pair := range [][2]string{
		{before.Password, after.Password}, {before.Factor.Seed, after.Factor.Seed},
		{before.Pending.Seed, after.Pending.Seed}, {before.Retired[0].Password, after.Retired[0].Password},
	} {
		require.NotEqual(t, pair[0], pair[1])
	}
	require.Equal(t, before.Factor.Step, after.Factor.Step)
	require.Equal(t, before.CodeGuesses, after.CodeGuesses)
	require.Equal(t, before.Recovery, after.Recovery)
	require.Equal(t, before.Changed, after.Changed)
	events, err := r.Events(r.ctx, "b", "", 1)
	require.NoError(t, err)
	require.Equal(t, rotate.Moved, events[0].Kind)
	require.Equal(t, "b", events[0].To)
	require.Equal(t, "staff-1", events[0].Actor)

	// What was given out for the old id is void.
	for _, old := range []rotate.Session{m.session, s} {
		require.Equal(t, rotate.SignInAgain, r.valid(old).Next)
		old.Account = "b"
		require.Equal(t, rotate.SignInAgain, r.valid(old).Next)
	}
	_, err = r.Continue(r.ctx, ticket, rotate.Proofs{Recovery: m.codes[0].Reveal(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)
	_, err = r.Reset(r.ctx, mail, rotate.Proofs{NewPassword: newSecret(), Recovery: m.codes[0].Reveal(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)

	_, err = r.Login(r.ctx, withCode("b", m.password, code))
	require.True(t, denied(t, err).Code, "the code was used before the move")
	d, err = r.Login(r.ctx, withRecovery("b", m.password, m.codes[0]))
	s = r.next(rotate.Proceed, d, err).Session
	r.clock.advance(time.Minute)
	d, err = r.Login(r.ctx, withCode("b", m.password, m.secret.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
	_, err = r.Change(r.ctx, s, rotate.Proofs{Password: m.password, NewPassword: m.former, Browser: browser})
	refusedFor(t, policy.Reused, err)
	d, _, err = r.Confirm(r.ctx, s, rotate.Proofs{Code: m.offered.Code(r.clock.Now()), Browser: browser})
	s = r.next(rotate.Proceed, d, err).Session
	d, err = r.Change(r.ctx, s, rotate.Proofs{Password: m.password, NewPassword: newSecret(), Browser: browser})
	r.next(rotate.Proceed, d, err)
	r.signIn("taken", other)
}

// TestS18_AMoveEscapesNoOrder: what was due for the old id is due for the new one,
// also on an instance that read the orders before.
func TestS18_AMoveEscapesNoOrder(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	r.customers.add("b", rotate.Foreign{})
	r.force(rotate.Order{Account: "a", Reason: rotate.Compromise})
	warm := r.again()
	require.Equal(t, rotate.Compromise, r.due("a").Reason)
	_, err := warm.Lookup(r.ctx, "a")
	require.NoError(t, err)
	require.NoError(t, r.Move(r.ctx, "a", "b", "staff-1"))
	for what, k := range map[string]*rotate.Keeper{"warm": warm, "the one that moved it": r.Keeper, "new": r.again()} {
		s, err := k.Lookup(r.ctx, "b")
		require.NoError(t, err)
		require.Equal(t, rotate.Compromise, s.Due.Reason, what)
		require.Equal(t, rotate.ProofOutOfBand, s.Due.Proof, what)
		require.True(t, s.Due.Burn, what)
		d, err := k.Login(r.ctx, attempt("b", password))
		r.next(rotate.NeedNewPassword, d, err)
	}
	d, err := warm.Reset(r.ctx, r.mailed("b", browser), rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	require.False(t, r.due("b").Open())
}

// alike are accounts that some databases and some comparisons take for one.
func alike() []string {
	x := strings.Repeat("x", rotate.MaxAccountBytes-1)
	return []string{
		"a", "A", "\u00e1", "a\u0301", "\uff41", "a ", " a", "a\u200b", "\u0430", "ss", "\u00df", "SS", "fi", "\ufb01",
		"i", "I", "\u0130", "\u0131", "1", "01", "1.0", "\uff11", "+1", "%", "_", "a%", "'", "\"", "\\", "\\%", ";--", "\U0001F600", "\U0001F601",
		x, x + "y", x + "Y", x[:253] + "\u00e1",
	}
}

// TestS18_AccountsAreBytes: of 1 to 255 bytes each is an account, and no two are
// one.
func TestS18_AccountsAreBytes(t *testing.T, open Open) {
	r := newRealm(t, open)
	passwords := map[string]string{}
	for _, account := range alike() {
		require.NotContains(t, passwords, account)
		require.LessOrEqual(t, len(account), 255)
		passwords[account], _ = r.signUp(account)
	}
	n, err := r.store.Count(r.ctx, rotate.Query{})
	require.NoError(t, err)
	require.Equal(t, len(passwords), n)
	for account, password := range passwords {
		d, err := r.Login(r.ctx, rotate.Attempt{Account: account, Password: password, Browser: browser})
		s := r.next(rotate.Proceed, d, err).Session
		require.Equal(t, account, s.Account)
		text, err := s.MarshalText()
		require.NoError(t, err)
		var read rotate.Session
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, rotate.Proceed, r.valid(read).Next, account)
		// An order for one is for nobody else.
		n, err := r.Preview(r.ctx, rotate.Order{Account: account, Reason: rotate.PolicyRaised, Actor: "staff-1"})
		require.NoError(t, err)
		require.Equal(t, 1, n, account)
		require.ErrorIs(t, func() error {
			_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: account, Password: newSecret()})
			return err
		}(), rotate.ErrExists)
	}
	var order []string
	require.NoError(t, r.Export(r.ctx, rotate.Query{}, func(account, _ string) error {
		order = append(order, account)
		return nil
	}))
	require.True(t, slices.IsSorted(order), "the order is that of the bytes")
	require.Len(t, order, len(passwords))

	// One that goes, or ends its sessions, leaves those that look alike.
	require.NoError(t, r.Erase(r.ctx, "a", "staff-1"))
	require.NoError(t, r.EndSessions(r.ctx, "A", "staff-1"))
	for _, account := range alike()[2:] {
		require.Equal(t, []rotate.Kind{rotate.SignedUp}, r.kinds(account), account)
	}

	for _, bad := range []string{"", strings.Repeat("x", 256), strings.Repeat("\u00e1", 128), "a\x00", "a\n", "a\x7f", "a\xc3", "\xff"} {
		at := fmt.Sprintf("%q", bad)
		_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: bad, Password: newSecret()})
		require.ErrorIs(t, err, rotate.ErrAccount, at)
		_, err = r.Admit(r.ctx, rotate.Admission{Account: bad, Methods: []string{"hwk"}, Browser: browser})
		require.ErrorIs(t, err, rotate.ErrAccount, at)
		_, err = r.Lookup(r.ctx, bad)
		require.ErrorIs(t, err, rotate.ErrAccount, at)
		require.ErrorIs(t, importOne(r.ctx, r.Keeper, bad, countingPrefix), rotate.ErrAccount, at)
		require.ErrorIs(t, r.Move(r.ctx, "A", bad, "staff-1"), rotate.ErrAccount, at)
		if bad != "" {
			_, err = r.Login(r.ctx, rotate.Attempt{Account: bad, Password: "x", Browser: browser})
			require.ErrorIs(t, err, rotate.ErrAccount, at)
		}
	}
}
