package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// TestS01_ProofFollowsTheReason: what a change needs depends on why it is due,
// and a reason has to be given.
func TestS01_ProofFollowsTheReason(t *testing.T, open Open) {
	r := newRealm(t, open)
	for reason, want := range map[rotate.Reason]rotate.Proof{
		rotate.Compromise: rotate.ProofOutOfBand, rotate.Breached: rotate.ProofOutOfBand,
		rotate.AdminReset: rotate.ProofOutOfBand, rotate.Restored: rotate.ProofOutOfBand,
		rotate.FirstUse: rotate.ProofPassword, rotate.PolicyRaised: rotate.ProofPassword,
		rotate.WeakHash: rotate.ProofPassword, rotate.Age: rotate.ProofPassword,
	} {
		account := "for " + string(reason)
		password, _ := r.signUp(account)
		r.force(rotate.Order{Account: account, Reason: reason})
		d, err := r.Login(r.ctx, attempt(account, password))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next, reason)
		require.Equal(t, want, d.Proof, reason)
		require.True(t, d.Session.IsZero())

		d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		if want == rotate.ProofPassword {
			require.NoError(t, err)
			require.Equal(t, rotate.Proceed, d.Next)
		} else {
			require.ErrorIs(t, err, rotate.ErrProof)
			require.Equal(t, rotate.NeedNewPassword, d.Next)
			require.True(t, d.Session.IsZero())
		}
	}
	require.Len(t, rotate.Reasons(), 8, "a new reason needs a row above")
	_, err := r.Force(r.ctx, rotate.Order{Actor: "staff-1"})
	require.ErrorIs(t, err, rotate.ErrOrder)
}

// TestS01_AStolenPasswordCannotSatisfyACompromise: after a compromise neither
// the old password nor an open session changes anything.
func TestS01_AStolenPasswordCannotSatisfyACompromise(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	r.force(rotate.Order{Reason: rotate.Compromise})
	stolen := rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: otherBrowser}

	d, err := r.Change(r.ctx, s, stolen)
	require.ErrorIs(t, err, rotate.ErrSession)
	require.Equal(t, rotate.SignInAgain, d.Next)

	thief := attempt("a", password)
	thief.Browser = otherBrowser
	d, err = r.Login(r.ctx, thief)
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	_, err = r.Continue(r.ctx, d.Ticket, stolen)
	require.ErrorIs(t, err, rotate.ErrProof)
	// A mail that the customer asked for, carried to the thief's browser.
	stolen.Mailed = r.mailed("a", browser)
	_, err = r.Continue(r.ctx, d.Ticket, stolen)
	require.ErrorIs(t, err, rotate.ErrProof)
	_, err = r.Reset(r.ctx, stolen.Mailed, stolen)
	require.ErrorIs(t, err, rotate.ErrProof)
	// Nor does a second factor that the account does not have.
	stolen.Code = "000000"
	_, err = r.Continue(r.ctx, d.Ticket, stolen)
	require.ErrorIs(t, err, rotate.ErrProof)
	require.Equal(t, s.Epoch, r.row("a").Epoch, "something was changed")
}

// TestS01_OutOfBandProofs: a mailed ticket, a code and a recovery code each
// satisfy a compromise, in Continue and, with a session, in Change.
func TestS01_OutOfBandProofs(t *testing.T, open Open) {
	r := newRealm(t, open)

	password, _ := r.signUp("mail")
	r.force(rotate.Order{Account: "mail", Reason: rotate.Compromise})
	d, err := r.Login(r.ctx, attempt("mail", password))
	require.NoError(t, err)
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Mailed: r.mailed("mail", browser), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)

	for _, kind := range []string{"code", "recovery"} {
		password, s := r.signUp(kind)
		_, secret, codes := r.enroll(s, password)
		r.force(rotate.Order{Account: kind, Reason: rotate.Compromise})
		d, err := r.Login(r.ctx, attempt(kind, password))
		require.NoError(t, err)
		require.Equal(t, rotate.NeedCode, d.Next, "the code comes before the new password")
		p := rotate.Proofs{Browser: browser}
		if kind == "code" {
			p.Code = secret.Code(r.clock.Now())
		} else {
			p.Recovery = codes[0].Reveal()
		}
		d, err = r.Continue(r.ctx, d.Ticket, p)
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.Proceed, d.Next)
		require.True(t, d.Session.SecondFactor())
	}

	// With grace, the session is still open, and Change asks for the same.
	password, s := r.signUp("grace")
	r.force(rotate.Order{Account: "grace", Reason: rotate.AdminReset, Grace: time.Hour})
	p := rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: browser}
	d, err = r.Change(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof)
	require.Equal(t, rotate.ProofOutOfBand, d.Proof)
	p.Mailed = r.mailed("grace", otherBrowser)
	_, err = r.Change(r.ctx, s, p)
	require.ErrorIs(t, err, rotate.ErrProof, "mailed from another browser")
	p.Mailed = r.mailed("grace", browser)
	d, err = r.Change(r.ctx, s, p)
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Empty(t, d.Reason)
}

// TestS01_TheAddressMustBeOlder: a ticket mailed to an address that came on file
// after the order proves nothing, as whoever has the password may have put it
// there.
func TestS01_TheAddressMustBeOlder(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	r.clock.advance(time.Hour)
	r.force(rotate.Order{Reason: rotate.Compromise})
	for _, c := range []struct {
		since time.Time
		err   error
	}{
		{r.clock.Now().Add(time.Second), rotate.ErrProof},
		{r.clock.Now(), rotate.ErrProof},
		{r.clock.Now().Add(-time.Second), nil},
	} {
		r.customers.mu.Lock()
		r.customers.address["a"] = address{mail: "new@example.com", since: c.since}
		r.customers.mu.Unlock()
		d, err := r.Login(r.ctx, attempt("a", password))
		require.NoError(t, err)
		_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Mailed: r.mailed("a", browser), Browser: browser})
		require.ErrorIs(t, err, c.err, c.since)
	}
}

// TestS01_AfterGraceTheOldPasswordOpensNothing: until then it signs in with a
// warning, then it does not.
func TestS01_AfterGraceTheOldPasswordOpensNothing(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, _ := r.signUp("a")
	by := r.clock.Now().Add(48 * time.Hour)
	r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: 48 * time.Hour})
	d, err := r.Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Equal(t, rotate.PolicyRaised, d.Reason)
	require.Equal(t, by, d.By)
	s := d.Session
	r.clock.advance(48*time.Hour - time.Microsecond)
	require.Equal(t, rotate.Proceed, r.valid(s).Next)
	r.clock.advance(time.Microsecond)
	require.Equal(t, rotate.NeedNewPassword, r.valid(s).Next)
	d, err = r.Login(r.ctx, attempt("a", password))
	require.NoError(t, err)
	require.Equal(t, rotate.NeedNewPassword, d.Next)
	require.True(t, d.Session.IsZero())

	// The way in is a new password; the old one is none.
	_, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
	var refusal *policy.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, policy.SameAsCurrent, refusal.Problems[0].Code)
	fresh := newSecret()
	d, err = r.Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: fresh, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	_, err = r.Login(r.ctx, attempt("a", password))
	require.ErrorIs(t, err, rotate.ErrDenied)
	r.signIn("a", fresh)
}
