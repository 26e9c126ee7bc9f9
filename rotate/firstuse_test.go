package rotate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
)

// TestFirstUseIsNotCountedOn: what takes the place of a password that was handed
// out is not the next number, also where that has one digit more or less, though
// only its hash is known by then.
func TestFirstUseIsNotCountedOn(t *testing.T) {
	realm := newRealm(t, rotate.Config{})
	ctx, k := t.Context(), realm.Keeper
	for _, c := range [][2]string{
		{"nine violet umbrellas 9", "nine violet umbrellas 10"},
		{"nine violet umbrellas 9", "nine violet umbrellas 8"},
		{"nine violet umbrellas 99", "nine violet umbrellas 100"},
		{"nine violet umbrellas 09", "nine violet umbrellas 10"},
		{"nine violet umbrellas 10", "nine violet umbrellas 9"},
	} {
		account := c[0] + " to " + c[1]
		_, err := k.SignUp(ctx, rotate.NewAccount{Account: account, Password: c[0], FirstUse: true})
		require.NoError(t, err)
		d, err := k.Login(ctx, rotate.Attempt{Account: account, Password: c[0], Browser: browser})
		require.NoError(t, err)
		require.Equal(t, rotate.NeedNewPassword, d.Next)
		_, err = k.Continue(ctx, d.Ticket, rotate.Proofs{NewPassword: c[1], Browser: browser})
		var refusal *policy.Refusal
		require.ErrorAs(t, err, &refusal, account)
		require.Equal(t, policy.TooSimilar, refusal.Problems[0].Code, account)
		_, err = k.Continue(ctx, d.Ticket, rotate.Proofs{NewPassword: "seven copper lanterns", Browser: browser})
		require.NoError(t, err, account)
	}
}
