package rotate_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestHashClass: who signs in or signs up is a stranger, also with the name of
// staff and also if the name is nobody's; who has a session, a ticket or gave the
// right password is not.
func TestHashClass(t *testing.T) {
	for group, proven := range map[string]hash.Class{"customers": hash.Known, "staff": hash.Staff} {
		realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{Profile: func(g string) (rotate.Profile, error) {
			p, err := rotate.ShopProfile(g)
			p.Rules.RequireFactor = false
			return p, err
		}}})
		require.NoError(t, err)
		k, ctx := realm.Keeper, t.Context()
		password, browser, name := rand.Text(), rand.Text(), "ann@example.org"
		// granted runs a step and returns the classes of its hashes.
		granted := func(step func()) map[hash.Class]bool {
			before := realm.Hasher.Budget().Stats().Classes
			step()
			classes := map[hash.Class]bool{}
			for class, after := range realm.Hasher.Budget().Stats().Classes {
				if after.Granted > before[class].Granted {
					classes[hash.Class(class)] = true
				}
			}
			return classes
		}
		strangers, ours := map[hash.Class]bool{hash.Stranger: true}, map[hash.Class]bool{proven: true}

		var d rotate.Decision
		require.Equal(t, strangers, granted(func() {
			d, err = k.SignUp(ctx, rotate.NewAccount{Account: "17", Group: group, Password: password, Browser: browser})
			require.NoError(t, err)
		}))
		realm.Customers.Add(tilltest.Customer{Account: "17", Address: name})
		for _, name := range []string{name, "nobody@example.org"} {
			require.Equal(t, strangers, granted(func() {
				_, err := k.Login(ctx, rotate.Attempt{Name: name, Password: "wrong", Browser: browser})
				require.ErrorIs(t, err, rotate.ErrDenied)
			}))
		}
		require.Equal(t, map[hash.Class]bool{hash.Staff: true}, granted(func() {
			_, err := k.Login(hash.WithClass(ctx, hash.Staff), rotate.Attempt{Name: name, Password: "wrong", Browser: browser})
			require.ErrorIs(t, err, rotate.ErrDenied)
		}), "the shop knows")
		realm.Clock.Advance(time.Hour)
		require.Equal(t, strangers, granted(func() {
			d, err = k.Login(ctx, rotate.Attempt{Name: name, Password: password, Browser: browser})
			require.NoError(t, err)
			require.Equal(t, rotate.Proceed, d.Next)
		}))
		require.Equal(t, ours, granted(func() {
			d, err = k.StepUp(ctx, d.Session, rotate.Proofs{Password: password})
			require.NoError(t, err)
		}))
		require.Equal(t, ours, granted(func() {
			next := rand.Text()
			d, err = k.Change(ctx, d.Session, rotate.Proofs{Password: password, NewPassword: next})
			require.NoError(t, err)
			password = next
		}))
		require.Equal(t, map[hash.Class]bool{hash.Staff: true}, granted(func() {
			_, err = k.StepUp(hash.WithClass(ctx, hash.Staff), d.Session, rotate.Proofs{Password: password})
			require.NoError(t, err)
		}), "what the shop knows better stays")

		mail, err := k.Issue(ctx, rotate.Request{Name: name, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, ours, granted(func() {
			password = rand.Text()
			d, err = k.Reset(ctx, mail.Ticket, rotate.Proofs{NewPassword: password, Browser: browser})
			require.NoError(t, err)
			require.Equal(t, rotate.SignInAgain, d.Next)
		}))
		_, err = realm.Force(ctx, rotate.Order{Reason: rotate.PolicyRaised})
		require.NoError(t, err)
		d, err = k.Login(ctx, rotate.Attempt{Name: name, Password: password, Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		require.Equal(t, ours, granted(func() {
			d, err = k.Continue(ctx, d.Ticket, rotate.Proofs{Password: password, NewPassword: rand.Text(), Browser: browser})
			require.NoError(t, err)
			require.Equal(t, rotate.Proceed, d.Next)
		}))

		old, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
		require.NoError(t, err)
		realm.Customers.Add(tilltest.Customer{Account: "18", Address: "bob@example.org", Foreign: rotate.Foreign{Encoded: string(old), Group: group}})
		require.Equal(t, map[hash.Class]bool{hash.Stranger: true, proven: true}, granted(func() {
			_, err := k.Login(ctx, rotate.Attempt{Name: "bob@example.org", Password: password, Browser: browser})
			require.NoError(t, err)
		}), "the better hash is made after the password was right")
	}
}
