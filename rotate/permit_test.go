package rotate_test

import (
	"crypto/rand"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// TestEveryRefusalTakesOnePermit: under load the time of an answer is that of the
// queue, so a wrong password joins it as often against an old hash as against a
// current one, and as often as a name that is nobody's.
func TestEveryRefusalTakesOnePermit(t *testing.T) {
	realm, err := tilltest.New(tilltest.Config{})
	require.NoError(t, err)
	k, ctx, browser := realm.Keeper, t.Context(), rand.Text()
	old, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), bcrypt.MinCost)
	require.NoError(t, err)
	_, err = k.SignUp(ctx, rotate.NewAccount{Account: "current", Password: rand.Text(), Browser: browser})
	require.NoError(t, err)
	realm.Customers.Add(tilltest.Customer{Account: "current", Address: "current@example.org"})
	realm.Customers.Add(tilltest.Customer{Account: "old", Address: "old@example.org", Foreign: rotate.Foreign{Encoded: string(old), Group: "customers"}})
	for _, name := range []string{"nobody", "current", "old"} {
		before := realm.Hasher.Budget().Stats()
		_, err := k.Login(ctx, rotate.Attempt{Name: name + "@example.org", Password: "wrong", Browser: browser})
		require.ErrorIs(t, err, rotate.ErrDenied, name)
		after := realm.Hasher.Budget().Stats()
		require.EqualValues(t, 1, after.Granted-before.Granted, name)
	}
}
