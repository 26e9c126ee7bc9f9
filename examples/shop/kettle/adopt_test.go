package kettle

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// A shop with its own table, integer ids and bcrypt hashes is taken over row by
// row: the first sign-in adopts and upgrades.
func TestAdoption(t *testing.T) {
	g := newStageWith(t, nil)
	b, ben := g.browser(), g.account("Ben")
	const row = " FROM tillkey_credentials WHERE account = (SELECT CAST(id AS TEXT) FROM customers WHERE email = 'ben@example.com')"
	require.Equal(t, "0", g.sql("SELECT COUNT(*)"+row))
	old := g.sql("SELECT password_hash FROM customers WHERE email = $1", ben.Email)
	require.Contains(t, old, "$2a$10$")

	require.Equal(t, http.StatusUnauthorized, b.login(ben.Email, "sunflower 1999").Status)
	require.Equal(t, "bcrypt cost=10", g.sql("SELECT format"+row))
	b.entered(b.login(ben.Email, ben.Password))
	require.Equal(t, "argon2id m=19456 t=2 p=1", g.sql("SELECT format"+row))
	require.Equal(t, "no", g.sql("SELECT CASE WHEN adopted THEN 'yes' ELSE 'no' END"+row))

	// The old hash does not stay beside the new one.
	_, err := g.shop.keeper.Deliver(context.Background())
	require.NoError(t, err)
	require.Equal(t, "", g.sql("SELECT password_hash FROM customers WHERE email = $1", ben.Email))

	// A changed password cannot be revived by the old column.
	const fresh = "three rolling thunders"
	b.entered(b.post("/account/password", "password", ben.Password, "new_password", fresh))
	_, err = g.shop.db.Exec("UPDATE customers SET password_hash = $1 WHERE email = $2", old, ben.Email)
	require.NoError(t, err)
	b.post("/logout")
	require.Equal(t, http.StatusUnauthorized, b.login(ben.Email, ben.Password).Status)
	b.entered(b.login(ben.Email, fresh))

	// Leaving: the exported hash goes back into the shop's own column, and
	// opens there.
	account := g.sql("SELECT id FROM customers WHERE email = $1", ben.Email)
	err = g.shop.keeper.Export(context.Background(), rotate.Query{Account: account}, func(account, encoded string) error {
		_, err := g.shop.db.Exec("UPDATE customers SET password_hash = $1 WHERE id = $2", encoded, account)
		return err
	})
	require.NoError(t, err)
	h, err := hash.New(hash.Config{})
	require.NoError(t, err)
	back := g.sql("SELECT password_hash FROM customers WHERE email = $1", ben.Email)
	require.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$`, back)
	require.NoError(t, h.Verify(context.Background(), back, fresh))
}
