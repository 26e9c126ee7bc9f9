package storetest

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// TestS06_AMoveEscapesNoOrder: neither on the instance that moved the account
// nor on one that read the order before.
func TestS06_AMoveEscapesNoOrder(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	r.force(rotate.Order{Account: "a", Reason: rotate.Compromise})
	other := r.again()
	_, err := other.Login(r.ctx, attempt("a", "reads the log"))
	denied(t, err)
	require.NoError(t, r.Move(r.ctx, "a", "b", "staff-1"))
	r.customers.add("b", rotate.Foreign{})
	for _, k := range []*rotate.Keeper{r.Keeper, other, r.again()} {
		d, err := k.Login(r.ctx, attempt("b", password))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		require.Equal(t, rotate.ProofOutOfBand, d.Proof)
	}
}

// TestS06_ARegroupRacingAnOrderIsDue: the order for the old group comes while
// the account leaves it.
func TestS06_ARegroupRacingAnOrderIsDue(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(*rotate.Rules) {}))
	password := newSecret()
	r.customers.add("a", rotate.Foreign{})
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Group: "old", Password: password, Browser: browser})
	require.NoError(t, err)
	k := r.between(1, func() { r.force(rotate.Order{Group: "old", Reason: rotate.Compromise}) })
	require.NoError(t, k.Regroup(r.ctx, "a", "new", "staff-1"))
	d, err := r.Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	require.Equal(t, rotate.Compromise, d.Reason)
}

// swapped is a database that is set back to a backup under running instances.
type swapped struct{ rotate.Store }

// TestS05_EveryInstanceSeesTheRestore: also one that remembers later orders than
// the backup holds.
func TestS05_EveryInstanceSeesTheRestore(t *testing.T, open Open) {
	s := &swapped{open(t)}
	r := newRealm(t, func(*testing.T) rotate.Store { return s })
	password, _ := r.signUp("a")
	keys, err := s.Keys(r.ctx)
	require.NoError(t, err)
	row := r.row("a")
	other := r.again()
	for range 3 {
		r.force(rotate.Order{Group: "nobody", Reason: rotate.PolicyRaised})
	}
	_, err = other.Login(r.ctx, attempt("a", "reads the log"))
	denied(t, err)

	backup := open(t)
	require.NoError(t, backup.Insert(r.ctx, row, nil))
	require.NoError(t, backup.UpdateKeys(r.ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) { return keys, nil, nil }))
	s.Store = backup
	_, err = r.Restored(r.ctx, r.clock.Now(), "staff-1")
	require.NoError(t, err)
	for _, k := range []*rotate.Keeper{r.Keeper, other} {
		d, err := k.Login(r.ctx, attempt("a", password))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		require.Equal(t, rotate.Restored, d.Reason)
	}
}

// TestS05_ASignInOfBeforeGoesOn: a session of the time before Tillkey names an
// account and nothing else, and is good until the first change.
func TestS05_ASignInOfBeforeGoesOn(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: countingPrefix + "old password"})
	before := rotate.Session{Account: "a"}
	require.Equal(t, rotate.Proceed, r.valid(before).Next)
	d, err := r.Change(r.ctx, before, rotate.Proofs{Password: "old password", NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)
	require.Equal(t, rotate.SignInAgain, r.valid(before).Next)
	require.Equal(t, rotate.SignInAgain, r.valid(rotate.Session{Account: strings.Repeat("x", 300)}).Next)
}

// TestS15_AnImportFillsARowThatAGuessMade: a stranger who tries a name before its
// hash was imported must not cost the customer the hash.
func TestS15_AnImportFillsARowThatAGuessMade(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{})
	_, err := r.Login(r.ctx, attempt("a", "a guess of a stranger"))
	denied(t, err)
	report, err := r.Import(r.ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: "a", Encoded: countingPrefix + "old password"}, nil)
	})
	require.NoError(t, err)
	require.Equal(t, 1, report.Replaced)
	r.signIn("a", "old password")

	// An account that was made without a password is not one of those.
	_, err = r.SignUp(r.ctx, rotate.NewAccount{Account: "b", NoPassword: true})
	require.NoError(t, err)
	report, err = r.Import(r.ctx, func(yield func(rotate.Imported, error) bool) {
		yield(rotate.Imported{Account: "b", Encoded: countingPrefix + "old password"}, nil)
	})
	require.NoError(t, err)
	require.Equal(t, 1, report.Kept)
}

// TestS12_AnUnreadableRowWaitsLikeAnUnknownName: and guesses at it do not fill
// the outbox without end.
func TestS12_AnUnreadableRowWaitsLikeAnUnknownName(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.customers.add("a", rotate.Foreign{Encoded: "$6$rounds=5000$salt$hash"})
	for range 50 {
		_, errA := r.Login(r.ctx, attempt("a", "wrong guess"))
		_, errB := r.Login(r.ctx, attempt("nobody", "wrong guess"))
		require.Equal(t, denied(t, errB), denied(t, errA))
	}
	require.LessOrEqual(t, len(r.kinds("a")), 6)
	require.Zero(t, r.row("a").PasswordGuesses)
}

// TestS11_MailsAreLimitedByAccount: where several names lead to one account.
func TestS11_MailsAreLimitedByAccount(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	mails := 0
	for i := range 30 {
		alias := strings.Repeat("x", i) + "@alias.example"
		r.customers.byName[alias] = "a"
		issued, err := r.Issue(r.ctx, rotate.Request{Name: alias, Browser: browser})
		require.NoError(t, err)
		if issued.Ticket != "" {
			mails++
		}
	}
	require.Equal(t, 3, mails)
}

// TestS20_APasswordAloneIsNotFresh: a change by password must not make a session
// pass for one with a fresh code.
func TestS20_APasswordAloneIsNotFresh(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	s, secret, _ := r.enroll(s, password)
	proved := s.AuthTime
	r.clock.advance(24 * time.Hour)
	d, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, proved, d.Session.AuthTime)
	require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)
	d, err = r.StepUp(r.ctx, d.Session, rotate.Proofs{Code: secret.Code(r.clock.Now()), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, r.clock.Now(), d.Session.AuthTime)

	// However many methods a session began with, it can be written down.
	methods := []string{"a", "b", "c", "d", "e"}
	r.clock.advance(time.Minute)
	d, err = r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: methods, Code: secret.Code(r.clock.Now()), Browser: browser})
	require.NoError(t, err)
	_, err = d.Session.MarshalText()
	require.NoError(t, err)
	_, err = r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: append(methods, "f"), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrSession)
}

// TestS09_ATicketTriesTwentyPasswords: a refusal tells whether a password is the
// current one, so a ticket is no oracle for it.
func TestS09_ATicketTriesTwentyPasswords(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	r.force(rotate.Order{Reason: rotate.PolicyRaised})
	d, err := r.Admit(r.ctx, rotate.Admission{Account: "a", Methods: []string{"hwk"}, Browser: browser})
	require.NoError(t, err)
	for range 20 {
		_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
		require.ErrorAs(t, err, new(*policy.Refusal))
	}
	_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)
}

// TestS02_ASweepGoesPastARowItCannotJudge: a group without a profile stops
// neither the rows after it nor the turning of keys.
func TestS02_ASweepGoesPastARowItCannotJudge(t *testing.T, open Open) {
	var closed atomic.Bool
	r := newRealm(t, open, func(c *rotate.Config) {
		c.Profile = func(group string) (rotate.Profile, error) {
			if closed.Load() && group == "closed" {
				return rotate.Profile{}, errors.New("no such group")
			}
			return rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer()}, nil
		}
	})
	_, err := r.SignUp(r.ctx, rotate.NewAccount{Account: "a", Group: "closed", Password: newSecret(), Browser: browser})
	require.NoError(t, err)
	r.signUp("b")
	closed.Store(true)
	old, _ := r.turned()
	report, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Equal(t, rotate.Report{Rows: 2, Changed: 2, Resealed: 2, NoProfile: 1, Done: true}, report)
	require.Zero(t, r.inUse(old).Rows)
	list, err := r.List(r.ctx, rotate.Query{})
	require.NoError(t, err)
	require.Len(t, list, 2)
}

// busyStore tells whether an fn is running.
type busyStore struct {
	rotate.Store
	inside atomic.Int32
}

func (s *busyStore) edit(fn func(*rotate.Credential) ([]rotate.Event, error)) func(*rotate.Credential) ([]rotate.Event, error) {
	return func(c *rotate.Credential) ([]rotate.Event, error) {
		s.inside.Add(1)
		defer s.inside.Add(-1)
		return fn(c)
	}
}

func (s *busyStore) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.Store.Update(ctx, account, s.edit(fn))
}

func (s *busyStore) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (int, string, error) {
	return s.Store.Batch(ctx, q, s.edit(fn))
}

// TestS14_TheProfileIsNotAskedUnderALock: a shop may keep it in the database.
func TestS14_TheProfileIsNotAskedUnderALock(t *testing.T, open Open) {
	s := &busyStore{Store: open(t)}
	r := newRealm(t, func(*testing.T) rotate.Store { return s }, func(c *rotate.Config) {
		c.Profile = func(string) (rotate.Profile, error) {
			if s.inside.Load() > 0 {
				t.Error("the profile was asked under a lock")
			}
			return rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer(), Issuer: "Shop"}, nil
		}
	})
	password, session := r.signUp("a")
	fresh := r.change(session, password)
	session = r.signIn("a", fresh)
	r.enroll(session, fresh)
	r.signUp("b")
	_, err := r.Reset(r.ctx, r.mailed("b", browser), rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	_, err = r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.NoError(t, r.Regroup(r.ctx, "b", "elsewhere", "staff-1"))
}

type slowKey struct{}

// hungStore holds up a reading of the order log that is marked as slow.
type hungStore struct {
	rotate.Store
	reading chan struct{}
}

func (s *hungStore) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	if ctx.Value(slowKey{}) != nil {
		close(s.reading)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.Store.Orders(ctx, after)
}

// TestS04_ValidWaitsForNobody: one hung reading of the order log must not hold up
// the gate.
func TestS04_ValidWaitsForNobody(t *testing.T, open Open) {
	s := &hungStore{open(t), make(chan struct{})}
	r := newRealm(t, func(*testing.T) rotate.Store { return s })
	_, session := r.signUp("a")
	slow, stop := context.WithCancel(context.WithValue(r.ctx, slowKey{}, true))
	done := make(chan error)
	go func() {
		_, err := r.Login(slow, attempt("a", "wrong guess"))
		done <- err
	}()
	<-s.reading
	d, err := r.Valid(r.ctx, session)
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
}
