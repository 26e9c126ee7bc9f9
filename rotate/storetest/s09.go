package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/totp"
)

// The steps there are tickets for.
const (
	codeStep     = "code"
	passwordStep = "new password"
	enrollStep   = "enroll"
	resetStep    = "reset"
)

func steps() []string { return []string{codeStep, passwordStep, enrollStep, resetStep} }

// mustEnroll is a group whose members need a second factor.
const mustEnroll = "enrolled"

// visitor is somebody with a ticket in hand.
type visitor struct {
	account, password, ticket string
	session                   rotate.Session
	secret                    totp.Secret
	recovery                  []totp.RecoveryCode
}

// arrive signs an account up and brings its owner to a step.
func (r *realm) arrive(step, account string) *visitor {
	r.t.Helper()
	v := &visitor{account: account}
	v.password, v.session = r.signUp(account)
	switch step {
	case codeStep:
		v.session, v.secret, v.recovery = r.enroll(v.session, v.password)
	case passwordStep:
		r.force(rotate.Order{Account: account, Reason: rotate.PolicyRaised})
	case enrollStep:
		require.NoError(r.t, r.Regroup(r.ctx, account, mustEnroll, "staff-1"))
	}
	v.ticket = r.ticket(step, v)
	return v
}

// ticket gets another ticket for a step.
func (r *realm) ticket(step string, v *visitor) string {
	r.t.Helper()
	if step == resetStep {
		return r.mailed(v.account, browser)
	}
	d, err := r.Login(r.ctx, attempt(v.account, v.password))
	next := map[string]rotate.Next{codeStep: rotate.NeedCode, passwordStep: rotate.NeedNewPassword, enrollStep: rotate.NeedEnroll}
	r.next(next[step], d, err)
	require.NotEmpty(r.t, d.Ticket)
	return d.Ticket
}

// spend takes the step with the visitor's ticket and all that it needs.
func (r *realm) spend(step string, v *visitor, browser string) (rotate.Decision, error) {
	p := rotate.Proofs{Browser: browser}
	switch step {
	case codeStep:
		p.Code = v.secret.Code(r.clock.Now())
		return r.Continue(r.ctx, v.ticket, p)
	case passwordStep:
		p.NewPassword = newSecret()
		return r.Continue(r.ctx, v.ticket, p)
	case resetStep:
		p.NewPassword = newSecret()
		return r.Reset(r.ctx, v.ticket, p)
	}
	p.Ticket = v.ticket
	e, err := r.Enroll(r.ctx, rotate.Session{}, p)
	if err != nil {
		return rotate.Decision{}, err
	}
	p.Code = e.Secret.Code(r.clock.Now())
	d, _, err := r.Confirm(r.ctx, rotate.Session{}, p)
	return d, err
}

// after is where a step leads.
func after(step string) rotate.Next {
	if step == resetStep {
		return rotate.SignInAgain
	}
	return rotate.Proceed
}

// TestS09_ATicketIsNoSession: what comes between password and session opens the
// next step and nothing else, and holds what it is bound to.
func TestS09_ATicketIsNoSession(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, step := range steps() {
		v := r.arrive(step, step)
		require.Error(t, new(rotate.Session).UnmarshalText([]byte(v.ticket)))
		held, row := r.opened(step, v.ticket), r.row(step)
		require.Equal(t, step, held["f"])
		require.Equal(t, step, held["a"])
		require.EqualValues(t, row.Epoch, held["e"])
		require.Equal(t, r.clock.Now().Add(life(step)).Format(time.RFC3339Nano), held["u"])
		require.NotEqual(t, held["n"], r.opened(step, r.ticket(step, v))["n"], "a nonce came twice")
		if step != resetStep {
			require.Equal(t, []any{rotate.MethodPassword}, held["m"], "the proofs done")
			require.Zero(t, r.row(step).SignedIn.Sub(row.SignedIn), "nobody is signed in yet")
		}
		d, err := r.spend(step, v, browser)
		r.next(after(step), d, err)
		require.Empty(t, d.Ticket)
	}
}

// TestS09_ATicketIsForOneStep: every ticket at every verb.
func TestS09_ATicketIsForOneStep(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, have := range steps() {
		for _, use := range steps() {
			if have == use || have == codeStep && use == passwordStep || have == passwordStep && use == codeStep {
				continue // Continue takes both
			}
			v := r.arrive(have, have+" for "+use)
			before := r.row(v.account)
			_, err := r.spend(use, v, browser)
			require.ErrorIs(t, err, rotate.ErrTicket, v.account)
			require.Equal(t, before, r.row(v.account), v.account)
			// And it is no mailed proof of a compromise, unless it was mailed.
			_, s := r.signUp("other " + v.account)
			_, err = r.StepUp(r.ctx, s, rotate.Proofs{Ticket: v.ticket, Mailed: v.ticket, Browser: browser})
			require.Error(t, err)
		}
	}
	v := r.arrive(passwordStep, "compromised")
	r.force(rotate.Order{Account: v.account, Reason: rotate.Compromise})
	p := rotate.Proofs{NewPassword: newSecret(), Mailed: v.ticket, Browser: browser}
	_, err := r.Continue(r.ctx, v.ticket, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	other := r.arrive(resetStep, "another account")
	p.Mailed = other.ticket
	_, err = r.Continue(r.ctx, v.ticket, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	p.Mailed = r.mailed(v.account, browser)
	d, err := r.Continue(r.ctx, v.ticket, p)
	r.next(rotate.Proceed, d, err)
}

// TestS09_ATicketIsBoundToTheBrowser: another one gets nothing from it. A mailed
// one may be opened elsewhere, as mail is read on the telephone.
func TestS09_ATicketIsBoundToTheBrowser(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, step := range steps() {
		v := r.arrive(step, step)
		before := r.row(step)
		d, err := r.spend(step, v, otherBrowser)
		if step == resetStep {
			r.next(rotate.SignInAgain, d, err)
			continue
		}
		require.ErrorIs(t, err, rotate.ErrTicket, step)
		for _, short := range []string{"", "short", strings.Repeat("b", 513)} {
			_, err = r.spend(step, v, short)
			require.Error(t, err, step)
		}
		require.Equal(t, before, r.row(step), step)
		d, err = r.spend(step, v, browser)
		r.next(rotate.Proceed, d, err)
	}
	// None is made without a browser to bind it to.
	v := r.arrive(codeStep, "no browser")
	for _, short := range []string{"", "fifteen bytes..", strings.Repeat("b", 513)} {
		a := attempt(v.account, v.password)
		a.Browser = short
		_, err := r.Login(r.ctx, a)
		require.ErrorIs(t, err, rotate.ErrBrowser)
		_, err = r.Admit(r.ctx, rotate.Admission{Account: v.account, Methods: []string{"hwk"}, Browser: short})
		require.ErrorIs(t, err, rotate.ErrBrowser)
	}
}

// TestS09_ATicketEnds: after five minutes, a mailed one after what the rules say.
func TestS09_ATicketEnds(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, step := range steps() {
		v := r.arrive(step, step)
		late := *v
		v.ticket = r.ticket(step, v)
		r.clock.advance(life(step))
		_, err := r.spend(step, v, browser)
		require.ErrorIs(t, err, rotate.ErrTicket, step)
		r.clock.advance(-time.Microsecond)
		d, err := r.spend(step, &late, browser)
		r.next(after(step), d, err)
	}
}

// TestS09_ATicketIsUsedOnceWithSuccess: it outlives mistakes, and of many tries
// at once one gets through.
func TestS09_ATicketIsUsedOnceWithSuccess(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	// Mistakes leave the ticket good.
	v := r.arrive(codeStep, "code mistaken")
	for range 3 {
		d, err := r.Continue(r.ctx, v.ticket, rotate.Proofs{Code: wrongCode(v.secret, r.clock.Now()), Browser: browser})
		require.True(t, denied(t, err).Code)
		require.Equal(t, rotate.NeedCode, d.Next)
		require.Equal(t, v.ticket, d.Ticket)
	}
	d, err := r.spend(codeStep, v, browser)
	r.next(rotate.Proceed, d, err)
	v = r.arrive(passwordStep, "password mistaken")
	for _, bad := range []string{"short", v.password} {
		d, err := r.Continue(r.ctx, v.ticket, rotate.Proofs{NewPassword: bad, Browser: browser})
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, v.ticket, d.Ticket)
	}
	d, err = r.spend(passwordStep, v, browser)
	r.next(rotate.Proceed, d, err)

	for _, step := range steps() {
		v := r.arrive(step, step)
		uses := func(int) (rotate.Decision, error) { return r.spend(step, v, browser) }
		switch step {
		case codeStep:
			// Each with a recovery code of its own, so that only the ticket is shared.
			uses = func(i int) (rotate.Decision, error) {
				return r.Continue(r.ctx, v.ticket, rotate.Proofs{Recovery: v.recovery[i%10].Reveal(), Browser: browser})
			}
		case enrollStep:
			p := rotate.Proofs{Ticket: v.ticket, Browser: browser}
			e, err := r.Enroll(r.ctx, rotate.Session{}, p)
			require.NoError(t, err)
			p.Code = e.Secret.Code(r.clock.Now())
			uses = func(int) (rotate.Decision, error) {
				d, _, err := r.Confirm(r.ctx, rotate.Session{}, p)
				return d, err
			}
		}
		var won atomic.Int64
		parallel(t, 20, func(i int) error {
			switch d, err := uses(i); {
			case err == nil && d.Next == after(step):
				won.Add(1)
			case errors.Is(err, rotate.ErrTicket):
			default:
				return fmt.Errorf("%s: %v, %w", step, d, err)
			}
			return nil
		})
		require.EqualValues(t, 1, won.Load(), step)
		_, err := r.spend(step, v, browser)
		require.ErrorIs(t, err, rotate.ErrTicket, step)
		if step == codeStep {
			require.Len(t, r.row(step).Recovery, 9, "a refused ticket consumes no code")
		}
	}
}

// TestS09_ATicketIsVoidAfterAChange: of the password or the factor, and after
// whatever else ends the sessions.
func TestS09_ATicketIsVoidAfterAChange(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	for _, step := range steps() {
		voided := 0
		for what, change := range map[string]func(v *visitor) error{
			"a reset": func(v *visitor) error {
				p := rotate.Proofs{NewPassword: newSecret(), Browser: browser}
				if v.recovery != nil {
					p.Recovery = v.recovery[0].Reveal()
				}
				_, err := r.Reset(r.ctx, r.mailed(v.account, browser), p)
				return err
			},
			"a change": func(v *visitor) error {
				if step == enrollStep {
					return nil // has no session
				}
				_, err := r.Change(r.ctx, v.session, rotate.Proofs{Password: v.password, NewPassword: newSecret(), Browser: browser})
				return err
			},
			"another factor": func(v *visitor) error {
				switch step {
				case codeStep:
					_, err := r.Unenroll(r.ctx, v.session, rotate.Proofs{Password: v.password, Recovery: v.recovery[0].Reveal(), Browser: browser})
					return err
				case enrollStep:
					second := *v
					second.ticket = r.ticket(step, v)
					_, err := r.spend(step, &second, browser)
					return err
				}
				r.enroll(v.session, v.password)
				return nil
			},
			"other recovery codes": func(v *visitor) error {
				if step != codeStep {
					return nil
				}
				_, _, err := r.RecoveryCodes(r.ctx, v.session, rotate.Proofs{Password: v.password, Recovery: v.recovery[0].Reveal(), Browser: browser})
				return err
			},
			"the end of sessions": func(v *visitor) error { return r.EndSessions(r.ctx, v.account, "staff-1") },
			"another group":       func(v *visitor) error { return r.Regroup(r.ctx, v.account, "elsewhere", "staff-1") },
			"a move":              func(v *visitor) error { return r.Move(r.ctx, v.account, v.account+" moved", "staff-1") },
			"an erasure":          func(v *visitor) error { return r.Erase(r.ctx, v.account, "staff-1") },
			"another person": func(v *visitor) error {
				if err := r.Erase(r.ctx, v.account, "staff-1"); err != nil {
					return err
				}
				_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: v.account, Password: newSecret(), Browser: browser})
				return err
			},
		} {
			v := r.arrive(step, step+" and "+what)
			epoch := r.row(v.account).Epoch
			require.NoError(t, change(v), v.account)
			if row, err := r.store.Load(r.ctx, v.account); err == nil && row.Epoch == epoch {
				continue // the change is none for this step
			}
			voided++
			_, err := r.spend(step, v, browser)
			require.ErrorIs(t, err, rotate.ErrTicket, v.account)
		}
		require.GreaterOrEqual(t, voided, 7, step)
	}
	// A factor that is removed by hand changes no epoch.
	v := r.arrive(codeStep, "by hand")
	require.NoError(t, r.store.Update(r.ctx, v.account, func(c *rotate.Credential) ([]rotate.Event, error) {
		c.Factor = nil
		return nil, nil
	}))
	_, err := r.spend(codeStep, v, browser)
	require.ErrorIs(t, err, rotate.ErrTicket)
}

// TestS09_TheCodeIsAskedBeforeTheNewPassword: and every answer that is not
// Proceed leaves the password as it is and opens nothing.
func TestS09_TheCodeIsAskedBeforeTheNewPassword(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, _ := r.enroll(s, password)
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	stored, epoch := r.row("a").Password, r.row("a").Epoch
	still := func() { t.Helper(); require.Equal(t, stored, r.row("a").Password) }

	d, err := r.Login(r.ctx, attempt("a", password))
	first := r.next(rotate.NeedCode, d, err)
	require.Empty(t, first.Reason, "what is due is told after the code")
	fresh := newSecret()
	d, err = r.Continue(r.ctx, first.Ticket, rotate.Proofs{NewPassword: fresh, Browser: browser})
	r.next(rotate.NeedCode, d, err)
	still()
	// A new password that came along with the code is not remembered.
	d, err = r.Continue(r.ctx, first.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), NewPassword: fresh, Browser: browser})
	second := r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, rotate.PolicyRaised, second.Reason)
	still()
	_, err = r.Continue(r.ctx, first.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)
	d, err = r.Continue(r.ctx, second.Ticket, rotate.Proofs{Browser: browser})
	d = r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, second.Ticket, d.Ticket)
	still()
	d, err = r.Continue(r.ctx, second.Ticket, rotate.Proofs{NewPassword: fresh, Browser: browser})
	d = r.next(rotate.Proceed, d, err)
	require.NotEqual(t, epoch, d.Session.Epoch)
	require.Equal(t, []string{rotate.MethodPassword, rotate.MethodCode}, d.Session.Methods)
	require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)

	// A reset asks for it up front too.
	ticket := r.mailed("a", browser)
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{Browser: browser})
	r.next(rotate.NeedCode, d, err)
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	r.next(rotate.NeedCode, d, err)
	r.clock.advance(time.Minute)
	code := secret.Code(r.clock.Now())
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{Code: code, Browser: browser})
	r.next(rotate.NeedNewPassword, d, err)
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{Code: code, NewPassword: newSecret(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
}

// TestS09_AForgedTicketIsRefused: whatever text comes, it is ErrTicket and
// nothing else, as an honest one of the greatest length is not.
func TestS09_AForgedTicketIsRefused(t *testing.T, open Open) {
	r := newRealm(t, open, patient)
	v := r.arrive(codeStep, "a")
	p := rotate.Proofs{Code: v.secret.Code(r.clock.Now()), NewPassword: newSecret(), Browser: browser}
	refuse := func(what, text string) {
		t.Helper()
		_, err := r.Continue(r.ctx, text, p)
		require.ErrorIs(t, err, rotate.ErrTicket, what)
		_, err = r.Reset(r.ctx, text, p)
		require.ErrorIs(t, err, rotate.ErrTicket, what)
		if p := p; text != "" {
			p.Ticket = text
			_, err = r.Enroll(r.ctx, rotate.Session{}, p)
			require.ErrorIs(t, err, rotate.ErrTicket, what)
			_, _, err = r.Confirm(r.ctx, rotate.Session{}, p)
			require.ErrorIs(t, err, rotate.ErrTicket, what)
		}
	}
	for what, text := range map[string]string{
		"nothing": "", "a word": "ticket", "not text": "\xff\x00\xfe", "too long": strings.Repeat("A", 4097),
		"huge": strings.Repeat("A", 5<<20), "cut": v.ticket[:len(v.ticket)-1], "cut in front": v.ticket[1:],
		"grown": v.ticket + "A", "padded": v.ticket + "=", "doubled": v.ticket + v.ticket, "spaced": " " + v.ticket,
	} {
		refuse(what, text)
	}
	for i := range len(v.ticket) {
		forged := []byte(v.ticket)
		forged[i] ^= 1
		refuse(fmt.Sprintf("byte %d", i), string(forged))
	}
	plain, err := r.ring.Open(keyring.Context{Purpose: "ticket", Binding: codeStep}, v.ticket)
	require.NoError(t, err)
	sealed := func(realm string, key keyring.Key, c keyring.Context, plain string) string {
		ring, err := keyring.New(realm, key)
		require.NoError(t, err)
		text, err := ring.Seal(key.ID, c, []byte(plain))
		require.NoError(t, err)
		return text
	}
	own := keyring.Context{Purpose: "ticket", Binding: codeStep}
	for what, text := range map[string]string{
		"of another realm":     sealed("another shop", r.keys[0], own, string(plain)),
		"under another key":    sealed("storetest", keyring.NewKey(), own, string(plain)),
		"for another purpose":  sealed("storetest", r.keys[0], keyring.Context{Purpose: "password", Binding: codeStep}, string(plain)),
		"for another step":     sealed("storetest", r.keys[0], keyring.Context{Purpose: "ticket", Binding: passwordStep}, string(plain)),
		"for a step of no use": sealed("storetest", r.keys[0], keyring.Context{Purpose: "ticket", Binding: "session"}, string(plain)),
		"no JSON":              sealed("storetest", r.keys[0], own, "{"),
		"empty":                sealed("storetest", r.keys[0], own, "{}"),
		"a stored password":    r.row("a").Password,
		"a stored seed":        r.row("a").Factor.Seed,
	} {
		refuse(what, text)
	}
	// What made the forgeries makes a good one too.
	d, err := r.Continue(r.ctx, sealed("storetest", r.keys[0], own, string(plain)), p)
	r.next(rotate.Proceed, d, err)

	// The longest honest ticket is no forgery.
	v = r.arrive(codeStep, strings.Repeat("<", rotate.MaxAccountBytes))
	methods := make([]string, 5)
	for i := range methods {
		methods[i] = strings.Repeat(string(rune('a'+i)), 32)
	}
	d, err = r.Admit(r.ctx, rotate.Admission{Account: v.account, Methods: methods, Browser: strings.Repeat("b", 512)})
	d = r.next(rotate.NeedCode, d, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: v.secret.Code(r.clock.Now()), Browser: strings.Repeat("b", 512)})
	r.next(rotate.Proceed, d, err)
	d, err = r.Reset(r.ctx, r.mailed(v.account, browser), rotate.Proofs{NewPassword: newSecret(), Recovery: v.recovery[0].Reveal(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
}

// TestS09_NoPasswordIsKeptBetweenRequests: neither in a ticket, nor in the row,
// nor in the memory of the Keeper.
func TestS09_NoPasswordIsKeptBetweenRequests(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, _ := r.enroll(s, password)
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	refused, fresh := "short7", newSecret()
	nowhere := func(step, ticket string) {
		t.Helper()
		held := fmt.Sprint(r.opened(step, ticket))
		for _, secret := range []string{password, refused, fresh} {
			require.NotContains(t, held, secret)
			require.False(t, remembers(reflect.ValueOf(r.Keeper), secret, map[uintptr]bool{}), "in the Keeper")
		}
	}
	d, err := r.Login(r.ctx, attempt("a", password))
	d = r.next(rotate.NeedCode, d, err)
	nowhere(codeStep, d.Ticket)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), NewPassword: fresh, Browser: browser})
	d = r.next(rotate.NeedNewPassword, d, err)
	nowhere(passwordStep, d.Ticket)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: refused, Browser: browser})
	var refusal *policy.Refusal
	require.ErrorAs(t, err, &refusal)
	nowhere(passwordStep, d.Ticket)
	nowhere(resetStep, r.mailed("a", browser))
	draft, err := r.Draft(r.ctx, rotate.NewAccount{Password: fresh, Browser: browser})
	require.NoError(t, err)
	require.False(t, remembers(reflect.ValueOf(draft), fresh, map[uintptr]bool{}), "in a draft")
	require.True(t, remembers(reflect.ValueOf(&visitor{password: fresh}), fresh, map[uintptr]bool{}), "the search itself")
}
