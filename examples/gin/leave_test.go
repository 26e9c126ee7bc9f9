package main

import (
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"

	"github.com/tillkey/tillkey/rotate"
)

// oldLogin is how the shop signed in before Tillkey, and would after: it knows
// the column of its own table alone, and verifies what is in there.
func (s *shop) oldLogin(t *testing.T, email, password string) bool {
	t.Helper()
	var c customer
	require.NoError(t, s.db.Where("email = ?", email).Take(&c).Error)
	if strings.HasPrefix(c.PasswordHash, "$argon2id$") {
		match, err := argon2id.ComparePasswordAndHash(password, c.PasswordHash)
		require.NoError(t, err)
		return match
	}
	return bcrypt.CompareHashAndPassword([]byte(c.PasswordHash), []byte(password)) == nil
}

// TestAdoptChangeExport: a customer of the time before is taken over, changes
// the password, and is given back: the old code lets the new password in and the
// old one not.
func TestAdoptChangeExport(t *testing.T) {
	const email, old, fresh = "una@example.com", "mice in the attic 77", "seven copper lanterns"
	g := newStages(t, 1)[0]
	ctx := t.Context()
	encoded, err := bcrypt.GenerateFromPassword([]byte(old), bcrypt.MinCost)
	require.NoError(t, err)
	now := g.clock.Now()
	c := customer{Email: email, PasswordHash: string(encoded), CreatedAt: now, ConfirmedAt: &now}
	require.NoError(t, g.shop.db.Create(&c).Error)
	require.True(t, g.shop.oldLogin(t, email, old))
	require.False(t, g.shop.oldLogin(t, email, fresh))

	browser := strings.Repeat("b", 16)
	d, err := g.shop.keeper.Login(ctx, rotate.Attempt{Name: email, Password: old, Browser: browser})
	require.NoError(t, err)
	require.Equal(t, rotate.Proceed, d.Next)
	_, err = g.shop.keeper.Change(ctx, d.Session, rotate.Proofs{Password: old, NewPassword: fresh, Browser: browser})
	require.NoError(t, err)
	require.False(t, g.shop.oldLogin(t, email, old), "the old column was emptied, so no way in is left beside Tillkey")

	require.NoError(t, g.shop.leave(ctx))
	require.True(t, g.shop.oldLogin(t, email, fresh))
	require.False(t, g.shop.oldLogin(t, email, old))
	require.NoError(t, g.shop.db.Where("email = ?", email).Take(&c).Error)
	require.True(t, strings.HasPrefix(c.PasswordHash, "$argon2id$"))
	require.NoError(t, g.shop.leave(ctx), "it can be done again")
}
