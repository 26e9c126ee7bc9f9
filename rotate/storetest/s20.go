package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/totp"
)

// stepUps are the flows that ask a signed-in customer for a proof: what they need,
// and how to get it wrong.
type stepUp struct {
	enrolled bool
	right    func(password string, secret totp.Secret, now time.Time) rotate.Proofs
	wrong    func(password string, secret totp.Secret, now time.Time) rotate.Proofs
	do       func(r *realm, s rotate.Session, p rotate.Proofs) (rotate.Decision, error)
}

func stepUps() map[string]stepUp {
	change := func(r *realm, s rotate.Session, p rotate.Proofs) (rotate.Decision, error) {
		p.NewPassword = newSecret()
		return r.Change(r.ctx, s, p)
	}
	step := func(r *realm, s rotate.Session, p rotate.Proofs) (rotate.Decision, error) {
		return r.StepUp(r.ctx, s, p)
	}
	enroll := func(r *realm, s rotate.Session, p rotate.Proofs) (rotate.Decision, error) {
		if _, err := r.Enroll(r.ctx, s, p); err != nil {
			return rotate.Decision{}, err
		}
		return rotate.Decision{Next: rotate.Proceed, Session: s}, nil
	}
	unenroll := func(r *realm, s rotate.Session, p rotate.Proofs) (rotate.Decision, error) {
		return r.Unenroll(r.ctx, s, p)
	}
	password := func(password string, _ totp.Secret, _ time.Time) rotate.Proofs {
		return rotate.Proofs{Password: password}
	}
	noPassword := func(string, totp.Secret, time.Time) rotate.Proofs { return rotate.Proofs{Password: "not it"} }
	both := func(password string, s totp.Secret, now time.Time) rotate.Proofs {
		return rotate.Proofs{Password: password, Code: s.Code(now)}
	}
	noCode := func(password string, s totp.Secret, now time.Time) rotate.Proofs {
		return rotate.Proofs{Password: password, Code: wrongCode(s, now)}
	}
	noRecovery := func(password string, _ totp.Secret, _ time.Time) rotate.Proofs {
		return rotate.Proofs{Password: password, Recovery: "0000-0000-0000-0000-0000-0000"}
	}
	return map[string]stepUp{
		"step-up, password":      {false, password, noPassword, step},
		"step-up, code":          {true, both, noCode, step},
		"step-up, recovery code": {true, both, noRecovery, step},
		"change":                 {false, password, noPassword, change},
		"change with a factor":   {true, password, noPassword, change},
		"enroll":                 {false, password, noPassword, enroll},
		"enroll again, no code":  {true, both, noCode, enroll},
		"unenroll, wrong password": {true, both, func(_ string, s totp.Secret, now time.Time) rotate.Proofs {
			return rotate.Proofs{Password: "not it", Code: s.Code(now)}
		}, unenroll},
		"unenroll, wrong code": {true, both, noCode, unenroll},
	}
}

// TestS20_FiveFailuresEndTheSession: that one, and nothing else: other sessions
// live on, and neither counter of the sign-in has moved.
func TestS20_FiveFailuresEndTheSession(t *testing.T, open Open) {
	r := newRealm(t, open)
	for what, c := range stepUps() {
		password, s := r.signUp(what)
		secret := totp.NewSecret()
		if c.enrolled {
			s, secret, _ = r.enroll(s, password)
		}
		other := r.alone(what)
		before := r.row(what)
		now := r.clock.Now()
		for i := 1; i <= 5; i++ {
			d, err := c.do(r, s, c.wrong(password, secret, now))
			require.Zero(t, denied(t, err).RetryAfter, what)
			require.True(t, d.Session.IsZero())
			require.Equal(t, rotate.SignInAgain, d.Next)
			require.Equal(t, i == 5, errors.Is(err, rotate.ErrSession), "%s, failure %d", what, i)
			want := rotate.Proceed
			if i == 5 {
				want = rotate.SignInAgain
			}
			require.Equal(t, want, r.valid(s).Next, "%s, failure %d", what, i)
		}
		// The right proof comes too late.
		_, err := c.do(r, s, c.right(password, secret, now))
		require.ErrorIs(t, err, rotate.ErrSession, what)
		require.NotErrorIs(t, err, rotate.ErrDenied)
		require.Equal(t, rotate.SessionEnded, r.kinds(what)[len(r.kinds(what))-1])

		after := r.row(what)
		require.Len(t, after.Ended, 1)
		after.Ended = nil
		equalRow(t, before, after)
		require.Equal(t, rotate.Proceed, r.valid(other).Next, what)
		a := attempt(what, password)
		if c.enrolled {
			a.Code = secret.Code(now)
		}
		d, err := r.Login(r.ctx, a)
		r.next(rotate.Proceed, d, err)
		r.clock.advance(time.Minute)
		d, err = c.do(r, other, c.right(password, secret, r.clock.Now()))
		r.next(rotate.Proceed, d, err)
	}
}

// TestS20_FiveAlsoInParallel: of many guesses at once five at most are compared,
// whatever is right among them.
func TestS20_FiveAlsoInParallel(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "old password"})
	_, err := r.Lookup(r.ctx, "a")
	require.NoError(t, err)
	s, other := r.alone("a"), r.alone("a")
	var wrong, over atomic.Int64
	before := r.compared.Load()
	parallel(t, 100, func(i int) error {
		p := rotate.Proofs{Password: "not it", NewPassword: newSecret()}
		var err error
		if i%2 == 0 {
			_, err = r.StepUp(r.ctx, s, p)
		} else {
			_, err = r.Change(r.ctx, s, p)
		}
		switch {
		case errors.Is(err, rotate.ErrDenied):
			wrong.Add(1)
		case errors.Is(err, rotate.ErrSession):
			over.Add(1)
		default:
			return fmt.Errorf("guess %d: %w", i, err)
		}
		return nil
	})
	require.EqualValues(t, 5, r.compared.Load()-before)
	require.EqualValues(t, 5, wrong.Load())
	require.EqualValues(t, 95, over.Load())
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	require.Equal(t, 1, r.times(rotate.SessionEnded, "a"), "it is told once")
	require.Equal(t, rotate.Proceed, r.valid(other).Next)
	require.Zero(t, r.row("a").PasswordGuesses)
	r.signIn("a", "old password")
}

// TestS20_ARightProofFreesTheCounter: four failures and a right proof, again and
// again, end no session; and a session that stepped up begins anew.
func TestS20_ARightProofFreesTheCounter(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	for range 3 {
		for range 4 {
			_, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: "not it"})
			denied(t, err)
		}
		r.clock.advance(time.Second)
		d, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
		r.next(rotate.Proceed, d, err)
		require.Equal(t, r.clock.Now(), d.Session.AuthTime)
		require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)
	}
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
}

// TestS20_WhatIsNoFailure: a refused new password, a proof that is missing, a
// Store or a hasher that cannot work and a row that cannot be read are no wrong
// proofs.
func TestS20_WhatIsNoFailure(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	for range 12 {
		_, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: "short"})
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
		_, err = r.StepUp(r.ctx, s, rotate.Proofs{})
		denied(t, err) // nothing typed is a wrong password, but not this many times
		d, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
		r.next(rotate.Proceed, d, err)
	}
	for range 7 {
		_, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: password})
		refusedFor(t, policy.SameAsCurrent, err)
	}
	overloaded(r, func() {
		for range 7 {
			_, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
			require.ErrorIs(t, err, hash.ErrOverloaded)
			_, err = r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: newSecret()})
			require.ErrorIs(t, err, hash.ErrOverloaded)
		}
	})
	back := r.edited("a", func(c *rotate.Credential) { c.Factor = &rotate.Factor{ID: "x", Seed: c.Password} })
	p := rotate.Proofs{Password: password, Code: "000000", NewPassword: newSecret()}
	for range 7 {
		_, err := r.StepUp(r.ctx, s, p)
		require.ErrorIs(t, err, rotate.ErrDenied)
		require.NotErrorIs(t, err, rotate.ErrSession)
		_, err = r.Change(r.ctx, s, p)
		require.ErrorIs(t, err, rotate.ErrDenied)
		require.NotErrorIs(t, err, rotate.ErrSession)
	}
	back()
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
	d, err := r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
	r.next(rotate.Proceed, d, err)

	// The right password beside a wrong code is a failure all the same: it must
	// not make room for more codes.
	password, s = r.signUp("b")
	_, secret, _ := r.enroll(s, password)
	r.force(rotate.Order{Account: "b", Reason: rotate.AdminReset, Grace: time.Hour})
	s = r.alone("b")
	p = rotate.Proofs{Password: password, NewPassword: newSecret(), Code: wrongCode(secret, r.clock.Now())}
	for i := range 5 {
		_, err := r.Change(r.ctx, s, p)
		denied(t, err)
		require.Equal(t, i == 4, errors.Is(err, rotate.ErrSession))
		refused := p
		refused.NewPassword = "short"
		_, err = r.Change(r.ctx, s, refused)
		require.Error(t, err)
	}
}

// TestS20_ALockedSignInLocksNoStepUp: nor the other way round; the counters know
// nothing of each other.
func TestS20_ALockedSignInLocksNoStepUp(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	s, secret, _ := r.enroll(s, password)
	locked := r.lockCodes("a", password, secret)
	d, err := r.StepUp(r.ctx, s, rotate.Proofs{Code: secret.Code(r.clock.Now())})
	r.next(rotate.Proceed, d, err)
	require.Equal(t, locked, r.row("a").CodeGuesses, "a step-up frees no sign-in")

	password, s = r.signUp("b")
	for range 5 {
		_, err = r.Login(r.ctx, attempt("b", "not it"))
		denied(t, err)
	}
	_, err = r.Login(r.ctx, attempt("b", password))
	require.NotZero(t, denied(t, err).RetryAfter)
	guesses := r.row("b").PasswordGuesses
	d, err = r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
	r.next(rotate.Proceed, d, err)
	require.Equal(t, guesses, r.row("b").PasswordGuesses)
}

// TestS20_ACodeAtTheSignInIsAStepUp: the session says when and with what its owner
// last proved who they are, so that a gate need not ask again for five minutes.
// It does so alike for a sign-in and for a step-up.
func TestS20_ACodeAtTheSignInIsAStepUp(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	require.False(t, s.SecondFactor())
	s, secret, codes := r.enroll(s, password)
	require.True(t, s.SecondFactor(), "the first code was one")
	now := r.clock.Now()
	d, err := r.Login(r.ctx, withCode("a", password, secret.Code(now)))
	s = r.next(rotate.Proceed, d, err).Session
	require.Equal(t, now, s.AuthTime)
	require.Equal(t, []string{rotate.MethodPassword, rotate.MethodCode}, s.Methods)
	d, err = r.Login(r.ctx, withRecovery("a", password, codes[0]))
	require.True(t, r.next(rotate.Proceed, d, err).Session.SecondFactor())

	r.clock.advance(5 * time.Minute)
	d, err = r.StepUp(r.ctx, s, rotate.Proofs{Code: secret.Code(r.clock.Now())})
	fresh := r.next(rotate.Proceed, d, err).Session
	require.Equal(t, now.Add(5*time.Minute), fresh.AuthTime)
	require.Equal(t, s.Methods, fresh.Methods)
	require.Equal(t, s.Epoch, fresh.Epoch)
	// A password is no step-up where there is a factor.
	d, err = r.StepUp(r.ctx, s, rotate.Proofs{Password: password})
	require.ErrorIs(t, err, rotate.ErrProof)
	require.Equal(t, rotate.NeedCode, d.Next)
}
