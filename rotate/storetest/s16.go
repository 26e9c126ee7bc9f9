package storetest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// factorChange is a way to change the second factor.
type factorChange struct {
	// enrolled tells that there is a factor before.
	enrolled bool
	event    rotate.Kind
	do       func(r *realm, s rotate.Session, p rotate.Proofs) error
}

func factorChanges() map[string]factorChange {
	enroll := func(r *realm, s rotate.Session, p rotate.Proofs) error {
		e, err := r.Enroll(r.ctx, s, p)
		if err != nil {
			require.True(r.t, e.Secret.IsZero(), "a secret was shown without proof")
		}
		return err
	}
	return map[string]factorChange{
		"the first factor": {false, "", enroll},
		"another factor":   {true, "", enroll},
		"no factor": {true, rotate.FactorRemoved, func(r *realm, s rotate.Session, p rotate.Proofs) error {
			_, err := r.Unenroll(r.ctx, s, p)
			return err
		}},
		"other recovery codes": {true, rotate.RecoveryIssued, func(r *realm, s rotate.Session, p rotate.Proofs) error {
			_, codes, err := r.RecoveryCodes(r.ctx, s, p)
			require.Equal(r.t, err == nil, len(codes) == 10)
			return err
		}},
	}
}

// alone is another session of an account, with a counter of its own.
func (r *realm) alone(account string) rotate.Session {
	r.t.Helper()
	r.clock.advance(time.Microsecond)
	return rotate.Session{
		Account: account, ID: rand.Text(), Epoch: r.row(account).Epoch, AuthTime: r.clock.Now(), Methods: []string{rotate.MethodPassword},
	}
}

// TestS16_AFactorChangeNeedsEveryProof: the current password, a code where there
// is a factor, and a mailed ticket while a change is due for a compromise. All
// ways to leave one out, or to get it wrong, are tried.
func TestS16_AFactorChangeNeedsEveryProof(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	number := 0
	for what, c := range factorChanges() {
		for _, due := range []bool{false, true} {
			var account string
			var proofs map[string]rotate.Proofs
			fresh := func() {
				number++
				account = fmt.Sprintf("a%d", number)
				password, s := r.signUp(account)
				var secret totp.Secret
				recovery := []string{newRecoveryCode(t)}
				if c.enrolled {
					var codes []totp.RecoveryCode
					_, secret, codes = r.enroll(s, password)
					recovery[0] = codes[0].Reveal()
				} else {
					secret = totp.NewSecret()
				}
				if due {
					r.force(rotate.Order{Account: account, Reason: rotate.AdminReset, Grace: 48 * time.Hour})
				}
				now := r.clock.Now()
				proofs = map[string]rotate.Proofs{
					"password right": {Password: password}, "password wrong": {Password: "not it"}, "password none": {},
					"code right": {Code: secret.Code(now)}, "code recovery": {Recovery: recovery[0]},
					"code wrong": {Code: wrongCode(secret, now)}, "code none": {},
					"mail right": {Mailed: r.mailed(account, browser)}, "mail elsewhere": {Mailed: r.mailed(account, otherBrowser)}, "mail none": {},
				}
			}
			fresh()
			for _, password := range []string{"none", "wrong", "right"} {
				for _, code := range []string{"none", "wrong", "right", "recovery"} {
					for _, mail := range []string{"none", "elsewhere", "right"} {
						p := rotate.Proofs{
							Password: proofs["password "+password].Password, Code: proofs["code "+code].Code,
							Recovery: proofs["code "+code].Recovery, Mailed: proofs["mail "+mail].Mailed, Browser: browser,
						}
						enough := password == "right" && (!c.enrolled || code == "right" || code == "recovery") && (!due || mail == "right")
						at := fmt.Sprintf("%s, due %t: password %s, code %s, mail %s", what, due, password, code, mail)
						before, told := r.row(account), r.kinds(account)
						err := c.do(r, r.alone(account), p)
						after := r.row(account)
						if !enough {
							require.True(t, errors.Is(err, rotate.ErrProof) || errors.Is(err, rotate.ErrDenied), "%s: %v", at, err)
							equalRow(t, before, after)
							require.Equal(t, told, r.kinds(account), at)
							continue
						}
						require.NoError(t, err, at)
						require.NotEqual(t, before, after, at)
						if c.event != "" {
							require.NotEqual(t, before.Epoch, after.Epoch, at)
							require.Contains(t, r.kinds(account)[len(told):], c.event, at)
						}
						fresh()
					}
				}
			}
		}
	}
}

// TestS16_AnOfferReplacesNothing: until it is confirmed, a pending factor is
// sealed in its row, and the factor in force works as before.
func TestS16_AnOfferReplacesNothing(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	s, old, oldCodes := r.enroll(s, password)
	before := r.row("a")
	e, err := r.Enroll(r.ctx, s, rotate.Proofs{Password: password, Code: old.Code(r.clock.Now()), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, r.clock.Now().Add(10*time.Minute), e.Until)
	row := r.row("a")
	pending := row.Pending
	require.NotNil(t, pending)
	row.Pending, row.Factor.Step = nil, before.Factor.Step
	equalRow(t, before, row)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)

	// It is sealed, for this account, this enrolment and this purpose.
	seed, err := e.Secret.MarshalBinary()
	require.NoError(t, err)
	own := keyring.Context{Purpose: "totp seed", Account: "a", Binding: pending.ID}
	plain, err := r.ring.Open(own, pending.Seed)
	require.NoError(t, err)
	require.Equal(t, seed, plain)
	for _, other := range []keyring.Context{
		{Purpose: own.Purpose, Account: "b", Binding: own.Binding}, {Purpose: own.Purpose, Account: "a", Binding: row.Factor.ID},
		{Purpose: "password", Account: "a", Binding: own.Binding}, {Purpose: own.Purpose, Account: "a"},
	} {
		_, err := r.ring.Open(other, pending.Seed)
		require.ErrorIs(t, err, keyring.ErrSealed)
	}

	// The old one signs in, the new one does not.
	r.clock.advance(time.Minute)
	_, err = r.Login(r.ctx, withCode("a", password, e.Secret.Code(r.clock.Now())))
	require.True(t, denied(t, err).Code)
	d, err := r.Login(r.ctx, withCode("a", password, old.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
	d, err = r.Login(r.ctx, withRecovery("a", password, oldCodes[0]))
	r.next(rotate.Proceed, d, err)

	// Then it is the other way round, the recovery codes included.
	r.clock.advance(time.Minute)
	code := e.Secret.Code(r.clock.Now())
	d, codes, err := r.Confirm(r.ctx, s, rotate.Proofs{Code: code, Browser: browser})
	fresh := r.next(rotate.Proceed, d, err)
	require.Len(t, codes, 10)
	require.Nil(t, r.row("a").Pending)
	require.Equal(t, pending.ID, r.row("a").Factor.ID)
	_, err = r.Login(r.ctx, withCode("a", password, code))
	require.True(t, denied(t, err).Code, "the first code was used")
	_, err = r.StepUp(r.ctx, fresh.Session, rotate.Proofs{Code: code})
	denied(t, err)
	r.clock.advance(time.Minute)
	_, err = r.Login(r.ctx, withCode("a", password, old.Code(r.clock.Now())))
	require.True(t, denied(t, err).Code)
	_, err = r.Login(r.ctx, withRecovery("a", password, oldCodes[1]))
	require.True(t, denied(t, err).Code)
	d, err = r.Login(r.ctx, withCode("a", password, e.Secret.Code(r.clock.Now())))
	r.next(rotate.Proceed, d, err)
	d, err = r.Login(r.ctx, withRecovery("a", password, codes[0]))
	r.next(rotate.Proceed, d, err)
	_, err = r.Login(r.ctx, withRecovery("a", password, codes[0]))
	denied(t, err)
}

// TestS16_AnOfferLivesTenMinutes: to the microsecond, with a session and with a
// ticket. Whoever is too late has failed nothing.
func TestS16_AnOfferLivesTenMinutes(t *testing.T, open Open) {
	const life = 10 * time.Minute
	r := newRealm(t, open)
	password, s := r.signUp("a")
	offer := func() totp.Secret {
		t.Helper()
		e, err := r.Enroll(r.ctx, s, rotate.Proofs{Password: password, Browser: browser})
		require.NoError(t, err)
		return e.Secret
	}
	confirm := func(secret totp.Secret) error {
		_, _, err := r.Confirm(r.ctx, s, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
		return err
	}
	require.ErrorIs(t, confirm(totp.NewSecret()), rotate.ErrFactor, "nothing is on offer")
	late := offer()
	r.clock.advance(life)
	for range 6 {
		require.ErrorIs(t, confirm(late), rotate.ErrFactor)
	}
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
	require.NotNil(t, r.row("a").Pending)
	_, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Nil(t, r.row("a").Pending, "it is forgotten")

	first := offer()
	second := offer()
	require.Error(t, confirm(first), "one offer replaces the other")
	r.clock.advance(life - time.Microsecond)
	_, err = r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.NoError(t, confirm(second))
}

// TestS16_AChangeEndsSessionsAndIsTold: each change of the factor is a new epoch
// and an event, and leaves the one session that made it.
func TestS16_AChangeEndsSessionsAndIsTold(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	var secret totp.Secret
	var codes []totp.RecoveryCode
	check := func(events []rotate.Kind, change func(rotate.Session) (rotate.Decision, error)) {
		t.Helper()
		other, before, told := r.alone("a"), r.row("a"), r.kinds("a")
		d, err := change(s)
		r.next(rotate.Proceed, d, err)
		require.Equal(t, append(told, events...), r.kinds("a"))
		require.NotEqual(t, before.Epoch, r.row("a").Epoch)
		for _, old := range []rotate.Session{s, other} {
			require.Equal(t, rotate.SignInAgain, r.valid(old).Next)
			_, err = r.StepUp(r.ctx, old, rotate.Proofs{Password: password})
			require.ErrorIs(t, err, rotate.ErrSession)
		}
		s = d.Session
		require.Equal(t, rotate.Proceed, r.valid(s).Next)
	}
	proofs := func() rotate.Proofs {
		r.clock.advance(time.Minute)
		return rotate.Proofs{Password: password, Code: secret.Code(r.clock.Now()), Browser: browser}
	}
	confirm := func(s rotate.Session) (d rotate.Decision, err error) {
		p := rotate.Proofs{Password: password, Browser: browser}
		if !secret.IsZero() {
			p = proofs()
		}
		e, err := r.Enroll(r.ctx, s, p)
		require.NoError(t, err)
		r.clock.advance(time.Minute)
		d, codes, err = r.Confirm(r.ctx, s, rotate.Proofs{Code: e.Secret.Code(r.clock.Now()), Browser: browser})
		secret = e.Secret
		return d, err
	}
	enrolled := []rotate.Kind{rotate.FactorEnrolled, rotate.RecoveryIssued}
	check(enrolled, confirm)
	check(enrolled, confirm)
	old := codes
	check([]rotate.Kind{rotate.RecoveryIssued}, func(s rotate.Session) (d rotate.Decision, err error) {
		d, codes, err = r.RecoveryCodes(r.ctx, s, proofs())
		return d, err
	})
	require.Len(t, codes, 10)
	require.Len(t, r.row("a").Recovery, 10)
	for i, c := range old {
		require.NotContains(t, r.row("a").Recovery, c.Sum())
		require.Contains(t, r.row("a").Recovery, codes[i].Sum())
	}
	_, err := r.Login(r.ctx, withRecovery("a", password, old[0]))
	denied(t, err)
	d, err := r.Login(r.ctx, withRecovery("a", password, codes[0]))
	r.next(rotate.Proceed, d, err)
	check([]rotate.Kind{rotate.FactorRemoved}, func(s rotate.Session) (rotate.Decision, error) { return r.Unenroll(r.ctx, s, proofs()) })
	row := r.row("a")
	require.Nil(t, row.Factor)
	require.Empty(t, row.Recovery)
	r.signIn("a", password)
	_, err = r.Unenroll(r.ctx, s, proofs())
	require.ErrorIs(t, err, rotate.ErrFactor)
	_, _, err = r.RecoveryCodes(r.ctx, s, proofs())
	require.ErrorIs(t, err, rotate.ErrFactor)
}

// TestS16_AReasonBetweenOfferAndConfirm: who stole a password and set up a factor
// in time must not confirm it after the theft was found, as its codes would be
// the very proof that is asked for.
func TestS16_AReasonBetweenOfferAndConfirm(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.RequireFactor = true }))
	found := rotate.Forced{Reason: rotate.Breached, Proof: rotate.ProofOutOfBand, Since: r.clock.Now(), By: r.clock.Now()}
	find := func(account string) {
		require.NoError(t, r.store.Update(r.ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Forced = &found
			return nil, nil
		}))
	}
	order := func(account string) {
		r.force(rotate.Order{Account: account, Reason: rotate.AdminReset, Grace: time.Hour})
	}
	for what, arise := range map[string]func(account string){"an order": order, "a breach": find} {
		for _, ticket := range []bool{false, true} {
			for _, meanwhile := range []bool{false, true} {
				if meanwhile && what == "an order" {
					continue // it binds the flows that begin after it
				}
				account := fmt.Sprintf("%s %t %t", what, ticket, meanwhile)
				password := newSecret()
				r.customers.add(account, rotate.Foreign{})
				d, err := r.SignUp(r.ctx, rotate.NewAccount{Account: account, Password: password, Browser: browser})
				r.next(rotate.NeedEnroll, d, err)
				p, s := rotate.Proofs{Password: password, Browser: browser}, rotate.Session{}
				if ticket {
					p.Ticket = d.Ticket
				} else {
					s = r.alone(account)
				}
				e, err := r.Enroll(r.ctx, s, p)
				require.NoError(t, err)
				p.Code = e.Secret.Code(r.clock.Now())
				if !meanwhile {
					arise(account)
					_, _, err = r.Confirm(r.ctx, s, p)
				} else {
					_, _, err = r.between(1, func() { arise(account) }).Confirm(r.ctx, s, p)
				}
				require.ErrorIs(t, err, rotate.ErrProof, account)
				require.Nil(t, r.row(account).Factor, account)
				_, err = r.Enroll(r.ctx, s, p)
				require.ErrorIs(t, err, rotate.ErrProof, account)
				p.Mailed = r.mailed(account, otherBrowser)
				_, _, err = r.Confirm(r.ctx, s, p)
				require.ErrorIs(t, err, rotate.ErrProof, account)

				// The owner of the mailbox may go on.
				p.Mailed = r.mailed(account, browser)
				_, _, err = r.Confirm(r.ctx, s, p)
				require.NoError(t, err, account)
				require.NotNil(t, r.row(account).Factor, account)
			}
		}
	}

	// The same for a factor that is taken away or gets other recovery codes.
	password := newSecret()
	r.customers.add("b", rotate.Foreign{})
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "b", Password: password, Browser: browser})
	require.NoError(t, err)
	s, _, codes := r.enroll(r.alone("b"), password)
	p := rotate.Proofs{Password: password, Recovery: codes[0].Reveal(), Browser: browser}
	_, err = r.between(1, func() { find("b") }).Unenroll(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	require.NotNil(t, r.row("b").Factor)
	require.Len(t, r.row("b").Recovery, 10)
}

// TestS16_ConfirmIsLimited: five wrong codes end the session or the ticket, also
// in parallel, and lock nothing else.
func TestS16_ConfirmIsLimited(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, ticket := range []bool{false, true} {
		for _, workers := range []int{1, 40} {
			account := fmt.Sprintf("a %t %d", ticket, workers)
			over := rotate.ErrSession
			password, s := r.signUp(account)
			p := rotate.Proofs{Password: password, Browser: browser}
			if ticket {
				over, s = rotate.ErrTicket, rotate.Session{}
				require.NoError(t, r.Regroup(r.ctx, account, mustEnroll, "staff-1"))
				d, err := r.Login(r.ctx, attempt(account, password))
				p.Ticket = r.next(rotate.NeedEnroll, d, err).Ticket
			}
			e, err := r.Enroll(r.ctx, s, p)
			require.NoError(t, err)
			before := r.row(account)
			wrong := p
			wrong.Code = wrongCode(e.Secret, r.clock.Now())
			var compared, refused atomic.Int64
			parallel(t, workers, func(int) error {
				for range 40 / workers {
					_, _, err := r.Confirm(r.ctx, s, wrong)
					switch {
					case errors.Is(err, rotate.ErrDenied):
						compared.Add(1)
					case errors.Is(err, over):
						refused.Add(1)
					default:
						return fmt.Errorf("%s: %w", account, err)
					}
				}
				return nil
			})
			require.LessOrEqual(t, compared.Load(), int64(5), account)
			require.EqualValues(t, 40, compared.Load()+refused.Load())
			if workers == 1 {
				require.EqualValues(t, 5, compared.Load(), account)
			}
			p.Code = e.Secret.Code(r.clock.Now())
			_, _, err = r.Confirm(r.ctx, s, p)
			require.ErrorIs(t, err, over, account)
			after := r.row(account)
			after.Ended = before.Ended
			equalRow(t, before, after)
			_, err = r.Login(r.ctx, attempt(account, password))
			require.NoError(t, err)
		}
	}
}

// TestS16_WithoutAPassword: an account that has none changes its factor within
// five minutes of a sign-in, and with a code where there is a factor.
func TestS16_WithoutAPassword(t *testing.T, open Open) {
	r := newRealm(t, open)
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", NoPassword: true})
	require.NoError(t, err)
	admit := func(recovery string) rotate.Session {
		t.Helper()
		d, err := r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Recovery: recovery, Browser: browser})
		return r.next(rotate.Proceed, d, err).Session
	}
	p := rotate.Proofs{Browser: browser}
	s := admit("")
	r.clock.advance(5*time.Minute + time.Microsecond)
	_, err = r.Enroll(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	s = admit("")
	r.clock.advance(5 * time.Minute)
	_, err = r.Enroll(r.ctx, s, p)
	require.NoError(t, err)
	s, secret, codes := r.enroll(admit(""), "")
	before := r.row("a")
	e, err := r.Enroll(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof, "a code is missing")
	require.True(t, e.Secret.IsZero())
	_, err = r.Unenroll(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	equalRow(t, before, r.row("a"))
	p.Code = secret.Code(r.clock.Now())
	_, err = r.Enroll(r.ctx, s, p)
	require.NoError(t, err)
	s = admit(codes[0].Reveal())
	_, err = r.Unenroll(r.ctx, s, rotate.Proofs{Recovery: codes[1].Reveal(), Browser: browser})
	require.NoError(t, err)
	require.Nil(t, r.row("a").Factor)
	require.Equal(t, 2, strings.Count(fmt.Sprint(r.kinds("a")), string(rotate.RecoveryUsed)))
	require.True(t, slices.Contains(r.kinds("a"), rotate.FactorRemoved))
}
