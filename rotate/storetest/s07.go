package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// change sets a new password through a session.
func (r *realm) change(s rotate.Session, old string) string {
	r.t.Helper()
	fresh := newSecret()
	_, err := r.Change(r.ctx, s, rotate.Proofs{Password: old, NewPassword: fresh, Browser: browser})
	require.NoError(r.t, err)
	return fresh
}

// TestS07_TheLastWriteOfALoginChecksAgain: what was verified must still be so.
// The second Update of a login is its last write.
func TestS07_TheLastWriteOfALoginChecksAgain(t *testing.T, open Open) {
	r := newRealm(t, open)

	password, s := r.signUp("changed")
	var fresh string
	_, err := r.between(2, func() { fresh = r.change(s, password) }).Login(r.ctx, attempt("changed", password))
	require.ErrorIs(t, err, rotate.ErrDenied, "the password was changed meanwhile")
	r.signIn("changed", fresh)

	password, s = r.signUp("enrolled")
	_, err = r.between(2, func() { r.enroll(s, password) }).Login(r.ctx, attempt("enrolled", password))
	require.ErrorIs(t, err, rotate.ErrDenied, "a factor came meanwhile")

	password, _ = r.signUp("ended")
	_, err = r.between(2, func() { require.NoError(t, r.EndSessions(r.ctx, "ended", "staff-1")) }).Login(r.ctx, attempt("ended", password))
	require.ErrorIs(t, err, rotate.ErrDenied, "the epoch moved on meanwhile")

	// A parallel sign-in that rehashed is no reason to refuse this one, and
	// nothing of what it wrote is undone.
	r.customers.add("rehashed", rotate.Foreign{Encoded: countingPrefix + "old password"})
	var written string
	d, err := r.between(2, func() {
		r.signIn("rehashed", "old password")
		written = r.row("rehashed").Password
	}).Login(r.ctx, attempt("rehashed", "old password"))
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	require.Equal(t, written, r.row("rehashed").Password)
	require.Equal(t, rotate.Proceed, r.valid(d.Session).Next)
}

// TestS07_ARehashNeverUndoesAChange: sign-ins with an old hash race a change.
func TestS07_ARehashNeverUndoesAChange(t *testing.T, open Open) {
	r := newRealm(t, open)
	for range 20 {
		account := "a" + newSecret()[4:]
		r.customers.add(account, rotate.Foreign{Encoded: countingPrefix + "old password"})
		// The change needs a session, and the row must still hold the old hash.
		_, err := r.Lookup(r.ctx, account)
		require.NoError(t, err)
		s := rotate.Session{Account: account, AuthTime: r.clock.Now(), Methods: []string{rotate.MethodPassword}}
		fresh := newSecret()
		var wg sync.WaitGroup
		var changed error
		sessions := make([]rotate.Session, 4)
		for i := range sessions {
			wg.Go(func() {
				if d, err := r.Login(r.ctx, attempt(account, "old password")); err == nil {
					sessions[i] = d.Session
				}
			})
		}
		wg.Go(func() {
			_, changed = r.Change(r.ctx, s, rotate.Proofs{Password: "old password", NewPassword: fresh, Browser: browser})
		})
		wg.Wait()
		require.NoError(t, changed)
		// No sign-in with the old password got the new epoch.
		for _, s := range sessions {
			require.Equal(t, rotate.SignInAgain, r.valid(s).Next)
		}
		_, err = r.Login(r.ctx, attempt(account, "old password"))
		require.ErrorIs(t, err, rotate.ErrDenied)
		r.clock.advance(25 * time.Hour)
		r.signIn(account, fresh)
	}
}

// TestS07_ChangesCompareToo: the last write of Change, Reset, Enroll and
// Continue looks again as well.
func TestS07_ChangesCompareToo(t *testing.T, open Open) {
	r := newRealm(t, open)
	other := func(account, password string) func() {
		return func() { r.change(r.signIn(account, password), password) }
	}

	password, s := r.signUp("change")
	_, err := r.between(1, other("change", password)).Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrSession)

	password, s = r.signUp("enroll")
	_, err = r.between(1, other("enroll", password)).Enroll(r.ctx, s, rotate.Proofs{Password: password, Browser: browser})
	require.ErrorIs(t, err, rotate.ErrSession)

	password, _ = r.signUp("reset")
	ticket := r.mailed("reset", browser)
	_, err = r.between(1, other("reset", password)).Reset(r.ctx, ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)

	password, s = r.signUp("continue")
	r.force(rotate.Order{Account: "continue", Reason: rotate.PolicyRaised})
	d, err := r.Login(r.ctx, attempt("continue", password))
	require.NoError(t, err)
	_, err = r.between(1, func() { r.change(s, password) }).Continue(r.ctx, d.Ticket, rotate.Proofs{NewPassword: newSecret(), Browser: browser})
	require.ErrorIs(t, err, rotate.ErrTicket)
}

// TestS07_AReasonThatAroseMeanwhileStays: a change does not clear a breach that
// was found while it was under way, as it did not know the proof it needs.
func TestS07_AReasonThatAroseMeanwhileStays(t *testing.T, open Open) {
	r := newRealm(t, open)
	password, s := r.signUp("a")
	at := r.clock.Now()
	found := rotate.Forced{Reason: rotate.Breached, Proof: rotate.ProofOutOfBand, Since: at, By: at}
	k := r.between(1, func() {
		require.NoError(t, r.store.Update(r.ctx, "a", func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Forced = &found
			return nil, nil
		}))
	})
	_, err := k.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: newSecret(), Browser: browser})
	require.NoError(t, err)
	require.Equal(t, &found, r.row("a").Forced)
}
