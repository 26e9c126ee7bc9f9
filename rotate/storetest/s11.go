package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// moved changes an address in the customers table.
func (r *realm) moved(account string, to address) {
	r.customers.mu.Lock()
	defer r.customers.mu.Unlock()
	r.customers.address[account] = to
}

// TestS11_AResetSetsThePasswordAndNothingElse: it opens no session, ends those
// that are open, and is told to the customer.
func TestS11_AResetSetsThePasswordAndNothingElse(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	bystander, other := r.signUp("b")
	before := r.row("a")
	r.clock.advance(time.Minute)
	ticket, fresh := r.mailed("a", browser), newSecret()
	require.Equal(t, before, r.row("a"), "asking for a mail changes nothing")

	d, err := r.Reset(r.ctx, ticket, rotate.Proofs{Browser: browser})
	d = r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, ticket, d.Ticket)
	for _, bad := range []string{"short", password, strings.Repeat("long", 1000)} {
		_, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: bad, Browser: browser})
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal)
	}
	require.Equal(t, before, r.row("a"))
	// In any browser, as mail is read on the telephone.
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: fresh, Browser: otherBrowser})
	r.next(rotate.SignInAgain, d, err)
	require.Equal(t, rotate.Decision{Next: rotate.SignInAgain}, d)
	row := r.row("a")
	require.Equal(t, before.SignedIn, row.SignedIn)
	require.Equal(t, r.clock.Now(), row.Changed)
	require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
	require.Equal(t, []rotate.Kind{rotate.SignedUp, rotate.ResetIssued, rotate.SessionsEnded, rotate.PasswordReset}, r.kinds("a"))

	_, err = r.Login(r.ctx, attempt("a", password))
	require.ErrorIs(t, err, rotate.ErrDenied)
	r.signIn("a", fresh)
	require.Equal(t, rotate.Proceed, r.valid(other).Next, "nobody else is concerned")
	r.signIn("b", bystander)
}

// TestS11_ATicketIsBound: to its account, to the version of its credential and
// to the address it went to.
func TestS11_ATicketIsBound(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	first, second := r.mailed("a", browser), r.mailed("a", browser)
	require.NotEqual(t, first, second)
	use := func(ticket string) error {
		d, err := r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		require.True(t, d.Session.IsZero())
		return err
	}
	for what, to := range map[string]address{
		"another address": {mail: "new@example.com"},
		"no address":      {},
		"other letters":   {mail: strings.ToUpper(name("a"))},
	} {
		r.moved("a", to)
		require.ErrorIs(t, use(first), rotate.ErrTicket, what)
		_, err := r.Reset(r.ctx, first, rotate.Proofs{Browser: browser})
		require.ErrorIs(t, err, rotate.ErrTicket, what)
	}
	r.moved("a", address{mail: name("a")})
	// The one that is used ends the other, and itself.
	require.NoError(t, use(second))
	require.ErrorIs(t, use(first), rotate.ErrTicket)
	require.ErrorIs(t, use(second), rotate.ErrTicket)

	// The account of the ticket is the one that is reset, whatever else is sent.
	password, _ := r.signUp("b")
	r.clock.advance(25 * time.Hour)
	require.NoError(t, use(r.mailed("a", browser)))
	r.signIn("b", password)
	// An account that took over the address does not take over the ticket.
	ticket := r.mailed("a", browser)
	r.moved("b", address{mail: name("a")})
	r.moved("a", address{mail: "new@example.com"})
	require.ErrorIs(t, use(ticket), rotate.ErrTicket)
}

// life is how long the ticket of a step is good.
func life(step string) time.Duration {
	if step == resetStep {
		return time.Hour
	}
	return 5 * time.Minute
}

// TestS11_ATicketLivesAsLongAsTheRulesSay: 60 minutes for customers.
func TestS11_ATicketLivesAsLongAsTheRulesSay(t *testing.T, open Open) {
	for rules, life := range map[string]time.Duration{"customers": time.Hour, "staff": 15 * time.Minute, "long": 24 * time.Hour} {
		r := newRealm(t, open, func(c *rotate.Config) {
			c.Profile = func(string) (rotate.Profile, error) {
				r := rotate.ShopCustomer()
				switch rules {
				case "staff":
					r.ResetFor = rotate.ShopStaff().ResetFor
				case "long":
					r.ResetFor = 24 * time.Hour
				}
				return rotate.Profile{Policy: policy.Policy{Name: "plain", MinLength: 8}, Rules: r}, nil
			}
		})
		r.signUp("a")
		i, err := r.Issue(r.ctx, rotate.Request{Name: name("a")})
		require.NoError(t, err)
		require.Equal(t, r.clock.Now().Add(life), i.Until)
		r.clock.advance(life)
		_, err = r.Reset(r.ctx, i.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		require.ErrorIs(t, err, rotate.ErrTicket, rules)
		r.clock.advance(-time.Microsecond)
		d, err := r.Reset(r.ctx, i.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		r.next(rotate.SignInAgain, d, err)
	}
	for _, life := range []time.Duration{0, -time.Second, 24*time.Hour + 1} {
		r := rotate.ShopCustomer()
		r.ResetFor = life
		require.ErrorIs(t, r.Validate(), rotate.ErrRules)
	}
}

// TestS11_TheSecondFactorStays: the mail is one proof, the code is another.
func TestS11_TheSecondFactorStays(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	_, secret, recovery := r.enroll(s, password)
	before := r.row("a")
	ticket := r.mailed("a", browser)
	d, err := r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	d = r.next(rotate.NeedCode, d, err)
	require.Equal(t, ticket, d.Ticket)
	for i := range 3 {
		d, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Code: wrongCode(secret, r.clock.Now()), Browser: browser})
		require.Equal(t, rotate.Denied{Code: true}, denied(t, err))
		require.Equal(t, rotate.NeedCode, d.Next)
		require.Equal(t, i+1, r.row("a").CodeGuesses.Total, "counted as a code")
	}
	require.Equal(t, before.Password, r.row("a").Password)
	require.Zero(t, r.row("a").PasswordGuesses)
	fresh := newSecret()
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: fresh, Code: secret.Code(r.clock.Now()), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	row := r.row("a")
	require.Equal(t, before.Factor.ID, row.Factor.ID)
	require.Equal(t, before.Factor.Seed, row.Factor.Seed)
	require.Equal(t, before.Recovery, row.Recovery)
	require.NotContains(t, r.kinds("a"), rotate.FactorRemoved)

	// The code was used up, and the next sign-in asks for another.
	d, err = r.Login(r.ctx, attempt("a", fresh))
	r.next(rotate.NeedCode, d, err)
	_, err = r.Login(r.ctx, withCode("a", fresh, secret.Code(r.clock.Now())))
	require.Equal(t, rotate.Denied{Code: true}, denied(t, err))
	d, err = r.Login(r.ctx, withRecovery("a", fresh, recovery[0]))
	r.next(rotate.Proceed, d, err)

	// A refused password consumes no code.
	r.clock.advance(time.Minute)
	ticket = r.mailed("a", browser)
	code := secret.Code(r.clock.Now())
	_, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: "short", Code: code, Browser: browser})
	var refusal *policy.Refusal
	require.ErrorAs(t, err, &refusal)
	d, err = r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Code: code, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
}

// TestS11_MailsAreLimitedAndSignInIsNot: whoever asks for mails in the name of
// somebody else annoys, but locks nobody out, and the other way round.
func TestS11_MailsAreLimitedAndSignInIsNot(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	ask := func(typed string) bool {
		t.Helper()
		i, err := r.Issue(r.ctx, rotate.Request{Name: typed, Browser: browser})
		require.NoError(t, err)
		return i.Ticket != ""
	}
	var mailed atomic.Int64
	parallel(t, 50, func(int) error {
		i, err := r.Issue(r.ctx, rotate.Request{Name: name("a"), Browser: browser})
		if i.Ticket != "" {
			mailed.Add(1)
		}
		return err
	})
	require.EqualValues(t, 3, mailed.Load())
	require.Zero(t, r.row("a").PasswordGuesses)
	r.signIn("a", password)
	require.False(t, ask(name("a")), "a sign-in frees no mails")
	require.False(t, ask(" A@EXAMPLE.COM"), "another way to type the same name")

	// The wait doubles from a minute to an hour, and is not made longer by those
	// who do not wait.
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		r.clock.advance(wait*time.Minute - time.Microsecond)
		for range 5 {
			require.False(t, ask(name("a")), wait)
		}
		r.clock.advance(time.Microsecond)
		require.True(t, ask(name("a")), wait)
	}
	r.signIn("a", password)
	// A day later it is forgotten.
	r.clock.advance(24*time.Hour + time.Microsecond)
	for range 3 {
		require.True(t, ask(name("a")))
	}
	require.False(t, ask(name("a")))

	// A locked sign-in leaves the mail open, and a reset frees the sign-in.
	password, _ = r.signUp("b")
	for range 5 {
		_, err := r.Login(r.ctx, attempt("b", "not it"))
		require.ErrorIs(t, err, rotate.ErrDenied)
	}
	_, err := r.Login(r.ctx, attempt("b", password))
	require.Equal(t, rotate.Denied{RetryAfter: time.Second}, denied(t, err))
	fresh := newSecret()
	d, err := r.Reset(r.ctx, r.mailed("b", browser), rotate.Proofs{NewPassword: fresh, Browser: browser})
	r.next(rotate.SignInAgain, d, err)
	r.signIn("b", fresh)

	// Bad tickets lock nothing either.
	for range 50 {
		_, err := r.Reset(r.ctx, "not a ticket", rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		require.ErrorIs(t, err, rotate.ErrTicket)
	}
	r.signIn("b", fresh)
}

// TestS11_StaffMayVouch: for somebody whose address is new, after a compromise.
// It still takes the browser that asked, and says who vouched.
func TestS11_StaffMayVouch(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	r.clock.advance(time.Hour)
	r.force(rotate.Order{Reason: rotate.Compromise})
	r.moved("a", address{mail: "new@example.com", since: r.clock.Now().Add(time.Minute)})
	r.clock.advance(time.Hour)
	use := func(ticket, browser string) error {
		_, err := r.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		return err
	}
	require.ErrorIs(t, use(r.mailed("a", browser), browser), rotate.ErrProof)
	for range 5 {
		_, err := r.Issue(r.ctx, rotate.Request{Name: name("a"), Browser: browser})
		require.NoError(t, err)
	}
	// The limit of mails is for strangers.
	i, err := r.Issue(r.ctx, rotate.Request{Name: name("a"), Browser: browser, Vouched: "staff-1"})
	require.NoError(t, err)
	require.Equal(t, "new@example.com", i.Address)
	events, err := r.Events(r.ctx, "a", "", 1)
	require.NoError(t, err)
	require.Equal(t, rotate.ResetIssued, events[0].Kind)
	require.Equal(t, "staff-1", events[0].Actor)
	require.ErrorIs(t, use(i.Ticket, otherBrowser), rotate.ErrProof)
	require.NoError(t, use(i.Ticket, browser))
	require.False(t, r.due("a").Open())
}

// TestS11_ATicketIsNoWayToSearchPasswords: a refusal tells that a password is the
// current or a former one, so one ticket compares twenty.
func TestS11_ATicketIsNoWayToSearchPasswords(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "the password"})
	_, err := r.Lookup(r.ctx, "a")
	require.NoError(t, err)
	ticket := r.mailed("a", browser)
	k := r.again(func(c *rotate.Config) {
		profile := c.Profile
		c.Profile = func(group string) (rotate.Profile, error) {
			p, err := profile(group)
			p.Policy.MinLength = 100 // so that no guess is accepted
			return p, err
		}
	})
	var same atomic.Int64
	guess := func(i int) error {
		_, err := k.Reset(r.ctx, ticket, rotate.Proofs{NewPassword: fmt.Sprintf("the passwor%c", 'A'+i), Browser: browser})
		var refusal *policy.Refusal
		switch {
		case errors.As(err, &refusal):
			if refusal.Problems[len(refusal.Problems)-1].Code == policy.SameAsCurrent {
				same.Add(1)
			}
			return nil
		case errors.Is(err, rotate.ErrTicket):
			return nil
		}
		return fmt.Errorf("guess %d: %w", i, err)
	}
	parallel(t, 100, guess)
	require.EqualValues(t, 20, r.compared.Load())
	before := same.Load()
	require.NoError(t, guess('d'-'A'))
	require.Equal(t, before, same.Load(), "the right one is not told any more")
	d, err := r.Reset(r.ctx, r.mailed("a", browser), rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	r.next(rotate.SignInAgain, d, err)
}
