package rotate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

const (
	password = "nine violet umbrellas"
	browser  = "the value of a cookie"
)

// newRealm is a shop in memory.
func newRealm(t testing.TB, c rotate.Config) *tilltest.Realm {
	t.Helper()
	realm, err := tilltest.New(tilltest.Config{Keeper: c})
	require.NoError(t, err)
	return realm
}

func newRing(t testing.TB, keys ...keyring.Key) *keyring.Ring {
	t.Helper()
	ring, err := keyring.New("test", keys...)
	require.NoError(t, err)
	return ring
}

// TestNewRefuses what cannot work, and says what is missing.
func TestNewRefuses(t *testing.T) {
	good := func() rotate.Config {
		return rotate.Config{Store: memstore.New(), Ring: newRing(t, keyring.NewKey())}
	}
	_, err := rotate.New(good())
	require.NoError(t, err)
	profile := func(edit func(*rotate.Profile)) func(string) (rotate.Profile, error) {
		return func(string) (rotate.Profile, error) {
			p := rotate.Profile{Policy: policy.ShopCustomer(), Rules: rotate.ShopCustomer()}
			edit(&p)
			return p, nil
		}
	}
	unknown := errors.New("no such shop")
	for name, c := range map[string]struct {
		edit func(*rotate.Config)
		is   error
		want string
	}{
		"no store":      {func(c *rotate.Config) { c.Store = nil }, rotate.ErrConfig, "Store"},
		"no ring":       {func(c *rotate.Config) { c.Ring = nil }, rotate.ErrConfig, "Ring"},
		"unknown group": {func(c *rotate.Config) { c.Group = "guests" }, nil, `"guests"`},
		"bad group":     {func(c *rotate.Config) { c.Group = "shop/" }, rotate.ErrGroup, "group"},
		"a profile that fails": {func(c *rotate.Config) {
			c.Profile = func(string) (rotate.Profile, error) { return rotate.Profile{}, unknown }
		}, unknown, "no such shop"},
		"rules that contradict themselves": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.Rules.MaxAge = time.Hour })
		}, rotate.ErrRules, "maximum age is forbidden"},
		"a policy that contradicts itself": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.Policy.MaxLength = 10 })
		}, policy.ErrInvalid, `MinLength 15 is above MaxLength 10 (group "customers")`},
		"a brand that is no word": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.Brand = []string{"\xff"} })
		}, policy.ErrInvalid, "Words[0]"},
		"too many words": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.Brand = make([]string, 1001) })
		}, policy.ErrInvalid, "1001 Words"},
		"a class of hashes that there is not": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.HashClass = 7 })
		}, rotate.ErrRules, "hash class 7"},
		"no rules": {func(c *rotate.Config) {
			c.Profile = profile(func(p *rotate.Profile) { p.Rules = rotate.Rules{} })
		}, rotate.ErrRules, "burned"},
	} {
		t.Run(name, func(t *testing.T) {
			config := good()
			c.edit(&config)
			k, err := rotate.New(config)
			require.Nil(t, k)
			require.ErrorContains(t, err, c.want)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
}

// TestNewAsksForTheKeys: a ring that lacks a key in use, or holds another one
// under its id, does not start; nor does a Store that forgot its keys.
func TestNewAsksForTheKeys(t *testing.T) {
	store, one, two := memstore.New(), keyring.NewKey(), keyring.NewKey()
	k, err := rotate.New(rotate.Config{Store: store, Ring: newRing(t, one)})
	require.NoError(t, err)
	_, err = k.SignUp(t.Context(), rotate.NewAccount{Account: "a", NoPassword: true})
	require.NoError(t, err)

	var missing *keyring.MissingKeyError
	_, err = rotate.New(rotate.Config{Store: store, Ring: newRing(t, two)})
	require.ErrorAs(t, err, &missing)
	require.Equal(t, one.ID, missing.ID)
	require.ErrorContains(t, err, one.ID)

	impostor := keyring.NewKey()
	impostor.ID = one.ID
	_, err = rotate.New(rotate.Config{Store: store, Ring: newRing(t, impostor)})
	require.ErrorIs(t, err, keyring.ErrSealed)

	other, err := keyring.New("another realm", one)
	require.NoError(t, err)
	_, err = rotate.New(rotate.Config{Store: store, Ring: other})
	require.ErrorIs(t, err, keyring.ErrSealed, "a copy of the shop has its own realm")

	_, err = rotate.New(rotate.Config{Store: store, Ring: newRing(t, two, one)})
	require.NoError(t, err, "keys that are not in use yet do no harm")

	forgot := memstore.New()
	require.NoError(t, forgot.Insert(t.Context(), rotate.Credential{Account: "a", Group: "customers"}, nil))
	_, err = rotate.New(rotate.Config{Store: forgot, Ring: newRing(t, one)})
	require.ErrorIs(t, err, rotate.ErrKey)
	require.ErrorContains(t, err, "restore")
}

// TestNewTellsOfAStoreThatIsAway, and makes nothing up.
func TestNewTellsOfAStoreThatIsAway(t *testing.T) {
	realm := newRealm(t, rotate.Config{})
	away := errors.New("away")
	realm.Store.Break(away)
	_, err := realm.Again()
	require.ErrorIs(t, err, away)
	realm.Store.Break(nil)
	_, err = realm.Again()
	require.NoError(t, err)
}

// TestDefaultProfiles: customers and staff, of the whole shop or of a branch.
func TestDefaultProfiles(t *testing.T) {
	realm := newRealm(t, rotate.Config{})
	for group, want := range map[string]string{
		"": "ShopCustomer", "customers": "ShopCustomer", "store-1/customers": "ShopCustomer",
		"staff": "ShopStaff", "store-1/tills/staff": "ShopStaff",
	} {
		account := "of " + group
		_, err := realm.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: account, Group: group, Password: "Kx7 wolves under 41 lamps", Browser: browser})
		require.NoError(t, err)
		s, err := realm.Keeper.Lookup(t.Context(), account)
		require.NoError(t, err)
		require.Equal(t, want, s.Policy)
	}
	for _, group := range []string{"guests", "customers/vip", "xcustomers"} {
		_, err := realm.Keeper.SignUp(t.Context(), rotate.NewAccount{Account: "x", Group: group, Password: password})
		require.ErrorContains(t, err, group)
	}
}

// TestMailNeedsAddresses: Issue says which part of the configuration is missing.
func TestMailNeedsAddresses(t *testing.T) {
	h, err := hash.New(hash.Config{})
	require.NoError(t, err)
	k, err := rotate.New(rotate.Config{Store: memstore.New(), Ring: newRing(t, keyring.NewKey()), Hasher: h})
	require.NoError(t, err)
	_, err = k.Issue(t.Context(), rotate.Request{Name: "ada@example.com", Browser: browser})
	require.ErrorIs(t, err, rotate.ErrConfig)
	require.ErrorContains(t, err, "Addresses")
}

// TestLookupOfNoAccount: what cannot be an account is not adopted, whatever the
// shop's table says.
func TestLookupOfNoAccount(t *testing.T) {
	realm := newRealm(t, rotate.Config{Customers: everybody{}})
	for _, account := range []string{"", "a\x00", string(make([]byte, 256))} {
		_, err := realm.Keeper.Lookup(t.Context(), account)
		require.ErrorIs(t, err, rotate.ErrAccount, "%q", account)
	}
	n, err := realm.Store.Count(t.Context(), rotate.Query{})
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = realm.Keeper.Lookup(t.Context(), "a")
	require.NoError(t, err)
}

// everybody is a table that claims to know every account.
type everybody struct{}

func (everybody) Find(context.Context, string) (string, error)    { return "", nil }
func (everybody) About(context.Context, string) ([]string, error) { return nil, nil }
func (everybody) Foreign(context.Context, string) (rotate.Foreign, error) {
	return rotate.Foreign{Created: time.Date(2020, 1, 2, 3, 4, 5, 6789, time.Local)}, nil
}

// TestAdoptedTimesAreThoseOfStores: UTC and whole microseconds.
func TestAdoptedTimesAreThoseOfStores(t *testing.T) {
	realm := newRealm(t, rotate.Config{Customers: everybody{}})
	s, err := realm.Keeper.Lookup(t.Context(), "a")
	require.NoError(t, err)
	want := time.Date(2020, 1, 2, 3, 4, 5, 6000, time.Local).UTC()
	require.Equal(t, want, s.Created)
}
