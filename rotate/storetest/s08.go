package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// wrongCode is a code that a secret does not accept for minutes around a time.
func wrongCode(s totp.Secret, now time.Time) string {
	for n := 0; ; n++ {
		code := fmt.Sprintf("%06d", n)
		if _, err := s.Verify(code, now, 0, totp.Window{Past: 10, Future: 10}); err != nil {
			return code
		}
	}
}

// withCode is a try to sign in with both factors.
func withCode(account, password, code string) rotate.Attempt {
	a := attempt(account, password)
	a.Code = code
	return a
}

// withRecovery is a try to sign in with a recovery code.
func withRecovery(account, password string, code totp.RecoveryCode) rotate.Attempt {
	a := attempt(account, password)
	a.Recovery = code.Reveal()
	return a
}

// next requires that a flow went on without an error, to the given step.
func (r *realm) next(want rotate.Next, d rotate.Decision, err error) rotate.Decision {
	r.t.Helper()
	require.NoError(r.t, err)
	require.Equal(r.t, want, d.Next)
	require.Equal(r.t, want == rotate.Proceed, !d.Session.IsZero(), "only Proceed opens a session")
	return d
}

// lockCodes guesses codes until they are locked, with the password right each
// time.
func (r *realm) lockCodes(account, password string, secret totp.Secret) rotate.Counter {
	r.t.Helper()
	for i := range 10 {
		_, err := r.Login(r.ctx, withCode(account, password, wrongCode(secret, r.clock.Now())))
		d := denied(r.t, err)
		require.True(r.t, d.Code)
		require.Equal(r.t, i == 9, d.RetryAfter > 0)
	}
	locked := r.row(account).CodeGuesses
	require.Equal(r.t, rotate.Counter{Total: 10, Until: r.clock.Now().Add(15 * time.Minute)}, locked)
	return locked
}

// TestS08_PasswordAndCodeHaveSeparateCounters: neither kind of guess is counted
// on the other, and a right password clears its own counter alone.
func TestS08_PasswordAndCodeHaveSeparateCounters(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, _ := r.enroll(s, password)

	// Wrong passwords are not counted as codes, even if a code came along.
	for i := range 3 {
		_, err := r.Login(r.ctx, withCode("a", "not it", wrongCode(secret, r.clock.Now())))
		require.Equal(t, rotate.Denied{}, denied(t, err))
		require.Equal(t, i+1, r.row("a").PasswordGuesses.Total)
		require.Zero(t, r.row("a").CodeGuesses)
	}
	// Right passwords clear those and leave the wrong codes.
	for i := range 9 {
		_, err := r.Login(r.ctx, withCode("a", password, wrongCode(secret, r.clock.Now())))
		require.Equal(t, rotate.Denied{Code: true}, denied(t, err))
		require.Zero(t, r.row("a").PasswordGuesses)
		require.Equal(t, i+1, r.row("a").CodeGuesses.Total)

		d, err := r.Login(r.ctx, attempt("a", password))
		r.next(rotate.NeedCode, d, err)
		require.Equal(t, i+1, r.row("a").CodeGuesses.Total, "the right password cleared the codes")
	}
	_, err := r.Login(r.ctx, withCode("a", password, "no code at all"))
	require.Equal(t, rotate.Denied{Code: true, RetryAfter: 15 * time.Minute}, denied(t, err))

	// The lock of the codes is none of the password, and the right code waits.
	locked := r.row("a").CodeGuesses
	d, err := r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedCode, d, err)
	r.clock.advance(5*time.Minute - time.Microsecond)
	_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	require.Equal(t, rotate.Denied{Code: true, RetryAfter: 10*time.Minute + time.Microsecond}, denied(t, err))
	require.Equal(t, locked, r.row("a").CodeGuesses)
	r.clock.advance(10 * time.Minute)
	_, err = r.Login(r.ctx, withCode("a", password, secret.Code(r.clock.Now())))
	require.Equal(t, rotate.Denied{Code: true, RetryAfter: time.Microsecond}, denied(t, err))
	r.clock.advance(time.Microsecond)
	d, err = r.Login(r.ctx, withCode("a", password, secret.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
	require.Zero(t, r.row("a").CodeGuesses, "the right code clears them")
}

// TestS08_ParallelGuessesStayWithinTheLimit: of 500 guesses at once exactly the
// allowed number reaches the hash, however the account is named.
func TestS08_ParallelGuessesStayWithinTheLimit(t *testing.T, open Open) {
	for _, c := range []struct {
		what  string
		edit  func(*rotate.Rules)
		name  func(i int) string
		first int64         // guesses that may be compared at once
		wait  time.Duration // until there are more, and how many
		more  int64
	}{
		{"waits", func(*rotate.Rules) {}, func(int) string { return name("a") }, 5, time.Second, 1},
		{"a lock", func(r *rotate.Rules) { r.Password = rotate.PCI401Staff().Password }, func(int) string { return name("a") }, 10, 30 * time.Minute, 10},
		{"many names", func(*rotate.Rules) {}, func(i int) string { return fmt.Sprintf("name %d of a", i) }, 5, time.Second, 1},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRealm(t, open, rules(c.edit))
			r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "the password"})
			r.customers.mu.Lock()
			for i := range 500 {
				r.customers.byName[c.name(i)] = "a"
			}
			r.customers.mu.Unlock()
			guess := func(i int) error {
				_, err := r.Login(r.ctx, rotate.Attempt{Name: c.name(i), Password: "not the password", Browser: browser})
				if !errors.Is(err, rotate.ErrDenied) {
					return fmt.Errorf("guess %d: %w", i, err)
				}
				return nil
			}
			r.atOnce(500, guess)
			require.Equal(t, c.first, r.compared.Load())
			require.EqualValues(t, c.first, r.row("a").PasswordGuesses.Total)
			// Before the wait is over nothing is looked at, the right password neither.
			r.clock.advance(c.wait - time.Microsecond)
			parallel(t, 20, guess)
			_, err := r.Login(r.ctx, attempt("a", "the password"))
			require.ErrorIs(t, err, rotate.ErrDenied)
			require.Equal(t, c.first, r.compared.Load())
			r.clock.advance(time.Microsecond)
			r.atOnce(20, guess)
			require.Equal(t, c.first+c.more, r.compared.Load())
		})
	}
}

// TestS08_AHundredGuessesInAll: whatever time passes, no more are compared until
// a reset, and the customer is told once.
func TestS08_AHundredGuessesInAll(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "the password"})
	for range 300 {
		_, err := r.Login(r.ctx, attempt("a", "not the password"))
		require.ErrorIs(t, err, rotate.ErrDenied)
		r.clock.advance(25 * time.Hour)
	}
	require.EqualValues(t, 100, r.compared.Load())
	_, err := r.Login(r.ctx, attempt("a", "the password"))
	require.ErrorIs(t, err, rotate.ErrDenied)
	require.EqualValues(t, 100, r.compared.Load())
	told := 0
	for _, k := range r.kinds("a") {
		if k == rotate.Disabled {
			told++
		}
	}
	require.Equal(t, 1, told)
	fresh := newSecret()
	d, err := r.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: fresh, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	r.signIn("a", fresh)
}

// TestS08_ParallelCodesStayWithinTheLimit: of 500 wrong codes at once ten are
// compared, five where a session is at stake.
func TestS08_ParallelCodesStayWithinTheLimit(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	s, secret, _ := r.enroll(s, password)
	d, err := r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedCode, d, err)
	var compared atomic.Int64
	parallel(t, 500, func(int) error {
		_, err := r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: wrongCode(secret, r.clock.Now()), Browser: browser})
		var denied *rotate.Denied
		if !errors.As(err, &denied) || !denied.Code {
			return fmt.Errorf("not a wrong code: %w", err)
		}
		if denied.RetryAfter == 0 {
			compared.Add(1)
		}
		return nil
	})
	require.EqualValues(t, 9, compared.Load(), "the tenth is told to wait, as all after it")
	require.Equal(t, rotate.Counter{Total: 10, Until: r.clock.Now().Add(15 * time.Minute)}, r.row("a").CodeGuesses)
	require.Equal(t, rotate.Proceed, r.valid(s).Next, "no session is concerned")

	// A session's own guesses: of the password, so that they can be counted.
	r.customers.add("b", rotate.Foreign{Encoded: countingPrefix + "the password"})
	_, err = r.Lookup(r.ctx, "b")
	require.NoError(t, err)
	s = rotate.Session{Account: "b", AuthTime: r.clock.Now(), Methods: []string{rotate.MethodPassword}}
	r.compared.Store(0)
	r.atOnce(100, func(int) error {
		_, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: "not the password", Browser: browser})
		if !errors.Is(err, rotate.ErrDenied) && !errors.Is(err, rotate.ErrSession) {
			return fmt.Errorf("not refused: %w", err)
		}
		return nil
	})
	require.EqualValues(t, 5, r.compared.Load())
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	require.Zero(t, r.row("b").PasswordGuesses)
}

// TestS08_AResetClearsOnlyThePasswordCounter: whoever reads the mail gets no
// more guesses of the code.
func TestS08_AResetClearsOnlyThePasswordCounter(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, recovery := r.enroll(s, password)
	locked := r.lockCodes("a", password, secret)
	for range 5 {
		_, err := r.Login(r.ctx, attempt("a", "not it"))
		require.ErrorIs(t, err, rotate.ErrDenied)
	}
	_, err := r.Login(r.ctx, attempt("a", password))
	require.Equal(t, rotate.Denied{RetryAfter: time.Second}, denied(t, err))
	require.Equal(t, 5, r.row("a").PasswordGuesses.Total)

	fresh := newSecret()
	d, err := r.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: fresh, Recovery: recovery[0].Reveal(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	require.Zero(t, r.row("a").PasswordGuesses)
	require.Equal(t, locked, r.row("a").CodeGuesses)
	d, err = r.Login(r.ctx, attempt("a", fresh))
	r.next(rotate.NeedCode, d, err)
	_, err = r.Login(r.ctx, withCode("a", fresh, secret.Code(r.clock.Now())))
	require.Equal(t, rotate.Denied{Code: true, RetryAfter: 15 * time.Minute}, denied(t, err))
}

// TestS08_RecoveryCodesWorkWhileTheCodesAreLocked: in every flow that takes one,
// and they have at least 112 bits, so that they need no counter.
func TestS08_RecoveryCodesWorkWhileTheCodesAreLocked(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	s, secret, recovery := r.enroll(s, password)
	require.Len(t, recovery, 10)
	seen := map[string]bool{}
	for _, c := range recovery {
		code, err := totp.ParseRecoveryCode(c.Reveal())
		require.NoError(t, err)
		require.Equal(t, c.Sum(), code.Sum())
		// Six groups of four characters, each one of 32: 120 bits.
		require.Regexp(t, `^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$`, c.Reveal())
		seen[c.Reveal()] = true
	}
	require.Len(t, seen, 10)
	locked := r.lockCodes("a", password, secret)

	d, err := r.Login(r.ctx, withRecovery("a", password, recovery[0]))
	r.next(rotate.Proceed, d, err)
	require.Equal(t, []string{rotate.MethodPassword, rotate.MethodRecovery}, d.Session.Methods)

	d, err = r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedCode, d, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Recovery: recovery[1].Reveal(), Browser: browser})
	r.next(rotate.Proceed, d, err)

	d, err = r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Recovery: recovery[2].Reveal(), Browser: browser})
	r.next(rotate.Proceed, d, err)

	d, err = r.StepUp(r.ctx, s, rotate.Proofs{Recovery: recovery[3].Reveal(), Browser: browser})
	r.next(rotate.Proceed, d, err)

	// A wrong or used one is not counted, and does not unlock anything.
	for _, c := range []string{recovery[0].Reveal(), newRecoveryCode(t), "", "nonsense"} {
		a := attempt("a", password)
		if a.Recovery = c; c == "" {
			continue
		}
		_, err = r.Login(r.ctx, a)
		require.Equal(t, rotate.Denied{Code: true}, denied(t, err))
	}
	require.Equal(t, locked, r.row("a").CodeGuesses)
	require.Len(t, r.row("a").Recovery, 6)

	// Nor does a hundred of wrong codes disable them.
	require.NoError(t, r.store.Update(r.ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.CodeGuesses = rotate.Counter{Total: 100}
		return nil, nil
	}))
	_, err = r.Login(r.ctx, withCode("a", password, secret.Code(r.clock.Now())))
	require.Equal(t, rotate.Denied{Code: true, RetryAfter: 15 * time.Minute}, denied(t, err))
	d, err = r.Login(r.ctx, withRecovery("a", password, recovery[4]))
	r.next(rotate.Proceed, d, err)
}

// newRecoveryCode is a well-formed one that nobody was given.
func newRecoveryCode(t *testing.T) string {
	t.Helper()
	codes, err := totp.NewRecoveryCodes(1)
	require.NoError(t, err)
	return codes[0].Reveal()
}

// patient are rules under which a hundred guesses at once are looked at, so that
// it is not the counters that let one success through.
func patient(c *rotate.Config) {
	c.Profile = func(group string) (rotate.Profile, error) {
		r := rotate.ShopCustomer()
		r.RequireFactor = group == mustEnroll
		r.Password = rotate.Throttle{LockAfter: 100, LockFor: time.Minute, DisableAfter: 100}
		r.Code = r.Password
		return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: r, Issuer: "Shop"}, nil
	}
}

// TestS08_OneCodeGivesOneSuccess: of 200 submissions of one code at once, in
// whichever flows, one gets through, and the same of a recovery code.
func TestS08_OneCodeGivesOneSuccess(t *testing.T, open Open) {
	type flow = func(i int) (rotate.Decision, error)
	for _, kind := range []string{"code", "recovery code"} {
		r := newRealm(t, open, patient)
		for _, c := range []struct {
			what string
			// pick chooses the flow of a submission: sign-in with the code, Continue
			// with a ticket, or one of the others.
			pick func(i int, login, ticket, other flow) flow
		}{
			{"at sign-in", func(_ int, login, _, _ flow) flow { return login }},
			{"with tickets", func(_ int, _, ticket, _ flow) flow { return ticket }},
			{"mixed", func(i int, login, ticket, other flow) flow {
				return []flow{login, ticket, other}[i%3]
			}},
		} {
			v := r.arrive(codeStep, kind+" "+c.what)
			tickets := []string{v.ticket}
			for range 9 {
				tickets = append(tickets, r.ticket(codeStep, v))
			}
			mailed := r.mailed(v.account, browser)
			p := rotate.Proofs{Code: v.secret.Code(r.clock.Now()), Browser: browser}
			if kind != "code" {
				p.Code, p.Recovery = "", v.recovery[3].Reveal()
			}
			login := func(int) (rotate.Decision, error) {
				a := attempt(v.account, v.password)
				a.Code, a.Recovery = p.Code, p.Recovery
				return r.Login(r.ctx, a)
			}
			ticket := func(i int) (rotate.Decision, error) { return r.Continue(r.ctx, tickets[i%len(tickets)], p) }
			other := func(i int) (rotate.Decision, error) {
				switch p := p; i / 3 % 3 {
				case 0:
					return r.Admit(r.ctx, rotate.Admission{Account: v.account, Methods: []string{"hwk"}, Code: p.Code, Recovery: p.Recovery, Browser: browser})
				case 1:
					return r.StepUp(r.ctx, v.session, p)
				default:
					p.NewPassword = newSecret()
					return r.Reset(r.ctx, mailed, p)
				}
			}
			var won atomic.Int64
			parallel(t, 200, func(i int) error {
				switch d, err := c.pick(i, login, ticket, other)(i); {
				case err == nil && (d.Next == rotate.Proceed || d.Next == rotate.SignInAgain):
					won.Add(1)
				case errors.Is(err, rotate.ErrDenied), errors.Is(err, rotate.ErrTicket), errors.Is(err, rotate.ErrSession):
				default:
					return fmt.Errorf("submission %d: %v: %w", i, d, err)
				}
				return nil
			})
			require.EqualValues(t, 1, won.Load(), v.account)
			row := r.row(v.account)
			if kind == "code" {
				require.Equal(t, v.secret.Step(r.clock.Now()), row.Factor.Step)
				require.Len(t, row.Recovery, 10)
			} else {
				require.Len(t, row.Recovery, 9)
				require.NotContains(t, row.Recovery, v.recovery[3].Sum())
			}
			// Nor later.
			d, err := r.Admit(r.ctx, rotate.Admission{Account: v.account, Methods: []string{"hwk"}, Code: p.Code, Recovery: p.Recovery, Browser: browser})
			require.ErrorIs(t, err, rotate.ErrDenied)
			require.True(t, d.Session.IsZero())
		}
	}
}
