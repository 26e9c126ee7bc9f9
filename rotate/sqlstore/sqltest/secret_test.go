package sqltest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/sqlstore"
)

// TestFileHoldsNoPlaintext lives through sign-up, a second factor and sign-ins,
// and then looks for every secret in every byte of the file, its log included.
func TestFileHoldsNoPlaintext(t *testing.T) {
	ctx := t.Context()
	path := file(t)
	s := open(t, pool(t, sqlstore.SQLiteDSN(path)), sqlstore.Config{})
	key := keyring.NewKey()
	ring, err := keyring.New("realm", key)
	require.NoError(t, err)
	clock := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	keeper, err := rotate.New(rotate.Config{Store: s, Ring: ring, Now: func() time.Time { return clock }})
	require.NoError(t, err)

	const browser, password, wrong = "browser-0123456789abcdef", "clumsy-violet-harbor-49", "plastic-wombat-orbit-51"
	d, err := keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1001", Password: password, Browser: browser})
	require.NoError(t, err)
	offer, err := keeper.Enroll(ctx, d.Session, rotate.Proofs{Password: password, Browser: browser})
	require.NoError(t, err)
	code := offer.Secret.Code(clock)
	d, codes, err := keeper.Confirm(ctx, d.Session, rotate.Proofs{Code: code, Browser: browser})
	require.NoError(t, err)
	_, err = keeper.Login(ctx, rotate.Attempt{Name: "anna@example.org", Account: "c-1001", Password: wrong, Browser: browser})
	require.Error(t, err)
	clock = clock.Add(time.Minute)
	next := offer.Secret.Code(clock)
	_, err = keeper.Login(ctx, rotate.Attempt{Name: "anna@example.org", Account: "c-1001", Password: password, Code: next, Browser: browser})
	require.NoError(t, err)

	seed, err := offer.Secret.MarshalBinary()
	require.NoError(t, err)
	secrets := map[string][]byte{
		"password": []byte(password), "wrong password": []byte(wrong), "a hash": []byte("$argon2id$"),
		"seed": seed, "code": []byte(code), "next code": []byte(next), "name": []byte("anna@example.org"), "browser": []byte(browser),
	}
	for _, c := range codes {
		secrets["recovery code"] = []byte(c.Reveal())
	}
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2, "the write-ahead log is there, too")
	var all []byte
	for _, name := range files {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, b...)
	}
	require.True(t, bytes.Contains(all, []byte("c-1001")) && bytes.Contains(all, []byte("tk1."+key.ID)), "this is the place to look at")
	for name, secret := range secrets {
		require.NotEmpty(t, secret, name)
		require.False(t, bytes.Contains(all, secret), "the file holds the %s", name)
	}
}
