package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// TestS03_AnInstanceWithoutAKeyDoesNotStart: New opens a canary for every key.
func TestS03_AnInstanceWithoutAKeyDoesNotStart(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	open1 := func(realm string, keys ...keyring.Key) error {
		ring, err := keyring.New(realm, keys...)
		require.NoError(t, err)
		c := r.config
		c.Ring = ring
		_, err = rotate.New(c)
		return err
	}
	var missing *keyring.MissingKeyError
	require.ErrorAs(t, open1("storetest", keyring.NewKey()), &missing)
	require.Equal(t, r.keys[0].ID, missing.ID)
	require.ErrorIs(t, open1("another realm", r.keys[0]), keyring.ErrSealed)
	require.NoError(t, open1("storetest", r.keys[0], keyring.NewKey()))

	// A key in use counts, not only the primary one.
	r.turned()
	require.ErrorAs(t, open1("storetest", r.keys[1]), &missing)
	require.Equal(t, r.keys[0].ID, missing.ID)

	// Credentials without key states are a half-restored database.
	require.NoError(t, r.store.UpdateKeys(r.ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) { return nil, nil, nil }))
	require.ErrorIs(t, open1("storetest", r.keys...), rotate.ErrKey)
}

// TestS03_AMissingKeyIsNotAWrongPassword: a row that cannot be read costs the
// customer no guess and tells the visitor nothing, but the operator.
func TestS03_AMissingKeyIsNotAWrongPassword(t *testing.T, open Open) {
	r := newRealm(t, open)
	other, err := keyring.New("storetest", keyring.NewKey())
	require.NoError(t, err)
	good, _ := r.signUp("good")
	for account, spoil := range map[string]func() string{
		"key": func() string {
			sealed, err := other.Seal(other.IDs()[0], keyring.Context{Purpose: "password", Account: "key"}, []byte("x"))
			require.NoError(t, err)
			return sealed
		},
		"copied": func() string { return r.row("good").Password },
		"unbound": func() string {
			sealed, err := r.ring.Seal(r.keys[0].ID, keyring.Context{Purpose: "password", Account: "unbound", Binding: "a factor"}, []byte("x"))
			require.NoError(t, err)
			return sealed
		},
	} {
		password, _ := r.signUp(account)
		spoilt := spoil()
		require.NoError(t, r.store.Update(r.ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Password = spoilt
			return nil, nil
		}))
		hashed := r.config.Hasher.Budget().Stats()
		for range 4 {
			_, err = r.Login(r.ctx, attempt(account, password))
			require.Equal(t, rotate.Denied{}, denied(t, err), account)
		}
		after := r.config.Hasher.Budget().Stats()
		require.Equal(t, hashed.Hashes+4, after.Hashes, "each takes the work of a wrong password")
		row := r.row(account)
		require.Zero(t, row.PasswordGuesses)
		require.Contains(t, r.kinds(account), rotate.Unreadable)
	}
	r.signIn("good", good)
}
