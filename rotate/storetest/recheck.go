package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// group is the one group of a realm, whose policy can be changed while it runs.
type group struct {
	policy policy.Policy
	rules  rotate.Rules
}

// changing makes a realm of a group that asks for 8 characters, and what a right
// password gets that its policy refuses.
func changing(recheck rotate.Recheck, grace time.Duration) (*group, func(*rotate.Config)) {
	g := &group{policy.Policy{Name: "plain", MinLength: 8}, rotate.ShopCustomer()}
	g.rules.Recheck, g.rules.RecheckGrace = recheck, grace
	return g, func(c *rotate.Config) {
		c.Profile = func(string) (rotate.Profile, error) {
			return rotate.Profile{Policy: g.policy, Rules: g.rules}, nil
		}
	}
}

// raised is a length that no newSecret has, and long a password that has it.
const raised = 40

func long() string { return newSecret() + newSecret() }

// TestS01_ARaisedPolicyAsksForThePassword: what follows under each rule, in the
// sign-in that finds it, in those after it and in open sessions, to the
// microsecond; the proof is the password, unless another reason asks for more.
func TestS01_ARaisedPolicyAsksForThePassword(t *testing.T, open Open) {
	const grace = 20 * day
	for recheck, grace := range map[rotate.Recheck]time.Duration{
		rotate.RecheckOff: 0, rotate.RecheckWarn: 0, rotate.RecheckForce: grace, rotate.RecheckBlock: 0,
	} {
		g, config := changing(recheck, grace)
		r := newRealm(t, open, config)
		password, s := r.signUp("a")
		judged := r.row("a").PolicyFingerprint
		require.Equal(t, g.policy.Fingerprint(), judged)
		r.clock.advance(time.Hour)
		g.policy.MinLength = raised
		require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: s}, r.valid(s), "before the sign-in nobody knows")
		require.False(t, r.due("a").Open())

		at := r.clock.Now()
		want := rotate.Decision{Next: rotate.Proceed, Unmet: recheck != rotate.RecheckOff}
		if recheck == rotate.RecheckForce || recheck == rotate.RecheckBlock {
			want.Reason, want.Proof, want.By = rotate.PolicyRaised, rotate.ProofPassword, at.Add(grace)
		}
		if recheck == rotate.RecheckBlock {
			want.Next = rotate.NeedNewPassword
		}
		check := func(d rotate.Decision, err error) rotate.Decision {
			t.Helper()
			d = r.next(want.Next, d, err)
			got := d
			got.Session, got.Ticket = rotate.Session{}, ""
			require.Equal(t, want, got, recheck)
			return d
		}
		for range 3 {
			check(r.Login(r.ctx, attempt("a", password)))
			check(r.again().Valid(r.ctx, s))
			status, err := r.Lookup(r.ctx, "a")
			require.NoError(t, err)
			require.Equal(t, recheck != rotate.RecheckOff, status.Judged)
			if status.Judged {
				require.Equal(t, at, status.Unmet, "a later sign-in does not begin anew")
			}
			require.Equal(t, want.Reason, status.Due.Reason)
			r.clock.advance(day)
		}
		if recheck == rotate.RecheckOff {
			require.Equal(t, judged, r.row("a").PolicyFingerprint)
			continue
		}
		if recheck == rotate.RecheckForce {
			r.clock.micros.Store(at.Add(grace - time.Microsecond).UnixMicro())
			check(r.Login(r.ctx, attempt("a", password)))
			// Raised once more, the time that was given is not given again.
			g.policy.MinLength++
			check(r.Login(r.ctx, attempt("a", password)))
			r.clock.advance(time.Microsecond)
			want.Next = rotate.NeedNewPassword
			check(r.again().Valid(r.ctx, s))
			r.swept()
			notices := r.notices("a")
			require.Equal(t, rotate.ChangeForced, notices[len(notices)-1].Kind)
			require.Equal(t, rotate.PolicyRaised, notices[len(notices)-1].Reason)
		}
		d := check(r.Login(r.ctx, attempt("a", password)))
		if recheck == rotate.RecheckWarn {
			_, err := r.Change(r.ctx, d.Session, rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: browser})
			refusedFor(t, policy.TooShort, err)
			d, err = r.Change(r.ctx, d.Session, rotate.Proofs{Password: password, NewPassword: long(), Browser: browser})
			d = r.next(rotate.Proceed, d, err)
			require.False(t, d.Unmet)
		} else {
			_, err := r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
			refusedFor(t, policy.TooShort, err)
			d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: long(), Browser: browser})
			d = r.next(rotate.Proceed, d, err)
			require.Empty(t, d.Reason)
			require.False(t, d.Unmet)
		}
		row := r.row("a")
		require.Equal(t, g.policy.Fingerprint(), row.PolicyFingerprint)
		require.Zero(t, row.Unmet)
		require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: d.Session}, r.valid(d.Session))

		// A reason that asks for more still does.
		password, _ = r.signUpLong("b")
		g.policy.MinLength = 2 * raised
		r.force(rotate.Order{Account: "b", Reason: rotate.Compromise})
		d, err := r.Login(r.ctx, attempt("b", password))
		d = r.next(rotate.NeedNewPassword, d, err)
		require.Equal(t, rotate.ProofOutOfBand, d.Proof)
		require.Equal(t, rotate.Compromise, d.Reason)
		_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: long() + long(), Browser: browser})
		require.ErrorIs(t, err, rotate.ErrProof)
	}
}

// signUpLong is signUp under a raised policy.
func (r *realm) signUpLong(account string) (password string, s rotate.Session) {
	r.t.Helper()
	password = long()
	r.customers.add(account, rotate.Foreign{})
	d, err := r.SignUp(r.ctx, rotate.NewAccount{Account: account, Password: password, Browser: browser})
	return password, r.next(rotate.Proceed, d, err).Session
}

// TestS06_ALooserPolicyMakesNobodyDue: whatever the rule. One that is taken back
// frees at once whom it had made due, and so does a rule that is turned off.
func TestS06_ALooserPolicyMakesNobodyDue(t *testing.T, open Open) {
	strict := policy.Policy{
		Name: "strict", MinLength: 16, MaxLength: 100, MinGuessesLog10: 12, NeedLetter: true, NeedDigit: true, Contains: true,
		Lists: []policy.List{policy.Common()}, Words: []string{"kettle"},
	}
	g, config := changing(rotate.RecheckBlock, 0)
	g.policy = strict
	r := newRealm(t, open, config)
	password, s := r.signUp("a")
	fine := func() {
		t.Helper()
		require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: s}, r.valid(s))
		d, err := r.Login(r.ctx, attempt("a", password))
		d = r.next(rotate.Proceed, d, err)
		require.Empty(t, d.Reason)
		require.False(t, d.Unmet)
		require.Equal(t, g.policy.Fingerprint(), r.row("a").PolicyFingerprint)
	}
	for _, looser := range []func(p *policy.Policy){
		func(p *policy.Policy) { p.MinLength = 8 },
		func(p *policy.Policy) { p.MaxLength = 200 },
		func(p *policy.Policy) { p.MinGuessesLog10 = 0 },
		func(p *policy.Policy) { p.NeedLetter = false },
		func(p *policy.Policy) { p.NeedDigit = false },
		func(p *policy.Policy) { p.Contains, p.Words = false, nil },
		func(p *policy.Policy) { p.Lists = nil },
		func(p *policy.Policy) { *p = policy.Policy{} },
	} {
		before := g.policy.Fingerprint()
		looser(&g.policy)
		require.NotEqual(t, before, g.policy.Fingerprint())
		fine()
	}

	// A verdict that no longer fits the password, as an instance of an earlier
	// version leaves it beside a new one, lasts till the next sign-in.
	require.NoError(t, r.store.Update(r.ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.Unmet = r.clock.Now()
		return nil, nil
	}))
	require.True(t, r.due("a").Open())
	r.signIn("a", password)
	fine()

	for _, free := range []func(){
		func() { g.policy = strict },
		func() { g.policy = policy.Policy{MinLength: 1} },
	} {
		g.policy = strict
		g.policy.MinLength = raised
		d, err := r.Login(r.ctx, attempt("a", password))
		r.next(rotate.NeedNewPassword, d, err)
		require.Equal(t, rotate.NeedNewPassword, r.valid(s).Next)
		g.rules.Recheck = rotate.RecheckOff
		require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: s}, r.valid(s))
		require.False(t, r.due("a").Open())
		g.rules.Recheck = rotate.RecheckBlock
		require.True(t, r.due("a").Open())
		free()
		fine()
	}
}

// TestS06_AGraceIsAnnouncedAnew: while nobody looks, no grace runs out.
func TestS06_AGraceIsAnnouncedAnew(t *testing.T, open Open) {
	const grace = 20 * day
	g, config := changing(rotate.RecheckForce, grace)
	r := newRealm(t, open, config)
	password, s := r.signUp("a")
	login := func() rotate.Decision {
		r.clock.advance(time.Hour)
		d, err := r.Login(r.ctx, attempt("a", password))
		return r.next(rotate.Proceed, d, err)
	}
	g.policy.MinLength = raised
	require.Equal(t, r.clock.Now().Add(time.Hour+grace), login().By)
	g.rules.Recheck, g.rules.RecheckGrace = rotate.RecheckOff, 0
	r.clock.advance(year)
	require.False(t, login().Unmet)
	g.rules.Recheck, g.rules.RecheckGrace = rotate.RecheckForce, grace
	require.Equal(t, rotate.Decision{Next: rotate.Proceed, Session: s}, r.valid(s))
	require.Equal(t, r.clock.Now().Add(time.Hour+grace), login().By)
}

// TestS07_ARecheckIsDecidedByTheLastWrite: what a sign-in found about a password
// is not written to the one that replaced it meanwhile; but that somebody sealed
// the row anew, or upgraded its hash, lets no refused password through.
func TestS07_ARecheckIsDecidedByTheLastWrite(t *testing.T, open Open) {
	g, config := changing(rotate.RecheckBlock, 0)
	r := newRealm(t, open, config)
	password, s := r.signUp("changed")
	g.policy.MinLength = raised
	fresh := long()
	_, err := r.between(2, func() {
		_, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
		require.NoError(t, err)
	}).Login(r.ctx, attempt("changed", password))
	require.ErrorIs(t, err, rotate.ErrDenied)
	require.Zero(t, r.row("changed").Unmet)
	r.signIn("changed", fresh)

	g.policy.MinLength = 8
	password, _ = r.signUp("sealed")
	g.policy.MinLength = raised
	id := r.newKey()
	d, err := r.between(2, func() {
		require.NoError(t, r.AddKey(r.ctx, id, "staff-1"))
		require.NoError(t, r.PromoteKey(r.ctx, id, "staff-1"))
		before := r.row("sealed").Password
		_, err := r.Sweep(r.ctx, 0)
		require.NoError(t, err)
		require.NotEqual(t, before, r.row("sealed").Password)
	}).Login(r.ctx, attempt("sealed", password))
	r.next(rotate.NeedNewPassword, d, err)

	r.customers.add("upgraded", rotate.Foreign{Encoded: countingPrefix + "old password"})
	d, err = r.between(2, func() {
		d, err := r.Login(r.ctx, attempt("upgraded", "old password"))
		r.next(rotate.NeedNewPassword, d, err)
	}).Login(r.ctx, attempt("upgraded", "old password"))
	r.next(rotate.NeedNewPassword, d, err)
	require.False(t, r.row("upgraded").Adopted)
}

// asked are customers that count what they are asked about, and may fail.
type asked struct {
	*customers
	about []string
	err   error
}

func (a *asked) About(ctx context.Context, account string) ([]string, error) {
	a.about = append(a.about, account)
	if a.err != nil {
		return nil, a.err
	}
	return a.customers.About(ctx, account)
}

// TestS12_ARecheckTellsNothing: who does not know the password gets the same
// answer for the same work, whatever the policy would say of it; nothing but the
// right password is looked at, and beside a missing code nothing is told.
func TestS12_ARecheckTellsNothing(t *testing.T, open Open) {
	g, config := changing(rotate.RecheckBlock, 0)
	about := &asked{}
	r, rec := onRecord(t, open, config, func(c *rotate.Config) {
		about.customers = c.Customers.(*customers)
		c.Customers = about
	})
	password, _ := r.signUp("raised")
	_, s := r.signUp("factor")
	second, _ := r.signUp("second")
	_, secret, _ := r.enroll(r.signIn("second", second), second)
	r.clock.advance(time.Hour)
	g.policy.MinLength = raised
	met, _ := r.signUpLong("met")
	about.about = nil
	unknown := r.answered(rec, attempt("unknown", "not it"))
	require.Equal(t, unknown, r.answered(rec, attempt("raised", "not "+password)))
	require.Equal(t, unknown, r.answered(rec, attempt("met", "not "+met)))
	require.Empty(t, about.about)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)

	rec.take()
	_, err := r.Login(r.ctx, attempt("met", met))
	require.NoError(t, err)
	calls := rec.take()
	require.Empty(t, about.about, "this policy has judged it")
	g.rules.Recheck = rotate.RecheckWarn // what is due takes a ticket
	_, err = r.Login(r.ctx, attempt("raised", password))
	require.NoError(t, err)
	require.Equal(t, calls, rec.take(), "the same calls of the Store")
	g.rules.Recheck = rotate.RecheckBlock
	require.Equal(t, []string{"raised"}, about.about)

	d, err := r.Login(r.ctx, attempt("second", second))
	d = r.next(rotate.NeedCode, d, err)
	require.Equal(t, rotate.Decision{Next: rotate.NeedCode, Ticket: d.Ticket}, d)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	d = r.next(rotate.NeedNewPassword, d, err)
	require.Equal(t, rotate.PolicyRaised, d.Reason)
	require.True(t, d.Unmet)
}

// TestS15_TheFirstSignInChecksWhatWasImported: and adopted, and what an earlier
// version stored, as no policy can look into a hash.
func TestS15_TheFirstSignInChecksWhatWasImported(t *testing.T, open Open) {
	for _, recheck := range []rotate.Recheck{rotate.RecheckOff, rotate.RecheckBlock} {
		g, config := changing(recheck, 0)
		r := newRealm(t, open, config)
		strong := newSecret()
		r.imported(rotate.Imported{Account: "imported", Encoded: countingPrefix + "weak"},
			rotate.Imported{Account: "imported well", Encoded: countingPrefix + strong})
		r.customers.add("adopted", rotate.Foreign{Encoded: countingPrefix + "weak"})
		r.customers.add("adopted well", rotate.Foreign{Encoded: countingPrefix + strong})
		g.policy.MinLength = 2
		r.customers.add("earlier", rotate.Foreign{})
		_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "earlier", Password: "weak", Browser: browser})
		require.NoError(t, err)
		require.NoError(t, r.store.Update(r.ctx, "earlier", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.PolicyFingerprint = ""
			return nil, nil
		}))
		g.policy.MinLength = 8
		for _, account := range []string{"imported", "adopted", "earlier"} {
			want := rotate.Proceed
			if recheck == rotate.RecheckBlock {
				want = rotate.NeedNewPassword
			}
			require.False(t, r.due(account).Open())
			d, err := r.Login(r.ctx, attempt(account, "weak"))
			r.next(want, d, err)
			require.Equal(t, recheck == rotate.RecheckBlock, d.Unmet)
		}
		for _, account := range []string{"imported well", "adopted well"} {
			r.signIn(account, strong)
			require.Equal(t, recheck == rotate.RecheckBlock, r.row(account).PolicyFingerprint == g.policy.Fingerprint())
		}
	}
}

// TestS23_ARecheckWaitsForNobody: a list or a table that does not answer makes
// nobody due, and is asked again at the next sign-in; the policy's own breach
// sources are asked at none. A mark that a list set stays until one answers.
func TestS23_ARecheckWaitsForNobody(t *testing.T, open Open) {
	g, config := changing(rotate.RecheckBlock, 0)
	about := &asked{}
	r := newRealm(t, open, config, func(c *rotate.Config) {
		about.customers = c.Customers.(*customers)
		c.Customers = about
	})
	online, local := &source{err: errors.New("no route")}, &source{err: policy.ErrUnchecked}
	g.policy.Breach = []policy.List{online}
	password, _ := r.signUp("a")
	require.True(t, r.row("a").Recheck, "its source did not answer")
	before := r.row("a").PolicyFingerprint
	require.NotEmpty(t, before, "all the rest was checked")
	online.take()
	for range 2 {
		r.signIn("a", password)
		require.True(t, r.row("a").Recheck, "nobody was asked since")
	}

	g.policy.Lists, g.policy.Unchecked = []policy.List{local}, policy.RefuseUnchecked
	r.signIn("a", password)
	require.Equal(t, before, r.row("a").PolicyFingerprint, "it is not known")
	about.err = errors.New("the shop's table is away")
	local.err = nil
	g.policy.MinLength = raised
	r.signIn("a", password)
	require.Equal(t, before, r.row("a").PolicyFingerprint, "nor now")
	about.err, local.err = nil, policy.ErrUnchecked
	d, err := r.Login(r.ctx, attempt("a", password))
	r.next(rotate.NeedNewPassword, d, err)
	require.NotEqual(t, before, r.row("a").PolicyFingerprint, "it is too short, whatever a list would say")
	require.Empty(t, online.take())

	// One that cannot be asked about a new password leaves it unjudged.
	g.policy.MinLength, g.policy.Unchecked, g.policy.Breach = 8, policy.AcceptUnchecked, nil
	password, _ = r.signUp("b")
	require.True(t, r.row("b").Recheck)
	require.Empty(t, r.row("b").PolicyFingerprint)
	local.err = nil
	r.signIn("b", password)
	require.NotEmpty(t, r.row("b").PolicyFingerprint)
	require.False(t, r.row("b").Recheck, "everybody has answered")
	require.True(t, slices.Contains(local.take(), password))

	// A policy that contradicts itself refuses every new password, and no old one.
	g.policy.MaxLength = 1
	require.Error(t, g.policy.Validate())
	r.signIn("b", password)
	require.Zero(t, r.row("b").Unmet)
}

// TestS21_PolicyProgressCounts: each password of a group in one of four ways, and
// none of the groups below it.
func TestS21_PolicyProgressCounts(t *testing.T, open Open) {
	g, config := changing(rotate.RecheckWarn, 0)
	r := newRealm(t, open, config)
	progress := func(group string, want rotate.PolicyProgress) {
		t.Helper()
		got, err := r.PolicyProgress(r.ctx, group)
		require.NoError(t, err)
		want.Group, want.Policy, want.Fingerprint = group, "plain", rotate.Profile{Policy: g.policy}.Fingerprint()
		if group == "" {
			want.Group = "customers"
		}
		require.Equal(t, want, got)
		require.Equal(t, want.Met+want.Unmet+want.Older+want.Unjudged, got.Total())
		require.Equal(t, want.Older+want.Unjudged+want.Marked, got.Waiting())
	}
	progress("", rotate.PolicyProgress{})
	passwords := map[string]string{}
	for _, account := range []string{"a", "b", "c"} {
		passwords[account], _ = r.signUp(account)
	}
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "social", NoPassword: true})
	require.NoError(t, err)
	for _, group := range []string{"customers/vip", "customersx", "staff"} {
		_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "of " + group, Group: group, Password: newSecret(), Browser: browser})
		require.NoError(t, err)
	}
	r.imported(rotate.Imported{Account: "imported", Encoded: countingPrefix + "weak"})
	progress("customers", rotate.PolicyProgress{Met: 3, Unjudged: 1})
	progress("customers/vip", rotate.PolicyProgress{Met: 1})
	progress("nobody", rotate.PolicyProgress{})

	g.policy.MinLength = raised
	progress("", rotate.PolicyProgress{Older: 3, Unjudged: 1})
	r.signIn("a", passwords["a"])
	r.signIn("imported", "weak")
	progress("", rotate.PolicyProgress{Unmet: 2, Older: 2})
	r.signUpLong("d")
	_, err = r.Reset(r.ctx, r.mailed("b", browser), rotate.Proofs{NewPassword: long(), Browser: browser})
	require.NoError(t, err)
	progress("", rotate.PolicyProgress{Met: 2, Unmet: 2, Older: 1})

	g.policy.Breach = []policy.List{&source{err: policy.ErrUnchecked}}
	r.signUpLong("e")
	progress("", rotate.PolicyProgress{Met: 3, Unmet: 2, Older: 1, Marked: 1})
	require.NoError(t, r.Erase(r.ctx, "a", "staff-1"))
	require.NoError(t, r.Regroup(r.ctx, "c", "staff", "staff-1"))
	progress("", rotate.PolicyProgress{Met: 3, Unmet: 1, Marked: 1})
	progress("staff", rotate.PolicyProgress{Older: 2})
	g.policy.MinLength = 8
	progress("", rotate.PolicyProgress{Older: 4})
	_, err = r.PolicyProgress(r.ctx, "/")
	require.ErrorIs(t, err, rotate.ErrGroup)
}
