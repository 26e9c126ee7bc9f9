package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
)

// turned adds a key to the realm's ring and to the Store and promotes it.
func (r *realm) turned() (old, fresh string) {
	r.t.Helper()
	old = r.ring.IDs()[0]
	states, err := r.store.Keys(r.ctx)
	require.NoError(r.t, err)
	require.Equal(r.t, old, states[0].ID)
	key := keyring.NewKey()
	ring, err := keyring.New("storetest", r.keys[0], key)
	require.NoError(r.t, err)
	require.ErrorIs(r.t, r.AddKey(r.ctx, key.ID, "staff-1"), keyring.ErrMissingKey)
	r.keys, r.ring, r.config.Ring = append(r.keys, key), ring, ring
	r.Keeper = r.again()
	require.ErrorIs(r.t, r.PromoteKey(r.ctx, key.ID, "staff-1"), rotate.ErrNotFound)
	require.NoError(r.t, r.AddKey(r.ctx, key.ID, "staff-1"))
	require.ErrorIs(r.t, r.AddKey(r.ctx, key.ID, "staff-1"), rotate.ErrExists)
	require.NoError(r.t, r.PromoteKey(r.ctx, key.ID, "staff-1"))
	return old, key.ID
}

// inUse requires that a key cannot be dropped yet.
func (r *realm) inUse(id string) rotate.KeyInUseError {
	r.t.Helper()
	var e *rotate.KeyInUseError
	require.ErrorAs(r.t, r.DropKey(r.ctx, id, "staff-1"), &e)
	return *e
}

// TestS02_AKeyIsDroppedWhenNothingUsesIt: a key goes only after two counts of
// zero, a day apart, and every kind of seal counts.
func TestS02_AKeyIsDroppedWhenNothingUsesIt(t *testing.T, open Open) {
	r := newRealm(t, open, rules(func(r *rotate.Rules) { r.History = 2 }))
	passwords := map[string]string{}
	for _, account := range []string{"plain", "history", "factor", "pending"} {
		password, s := r.signUp(account)
		switch account {
		case "history":
			fresh := newSecret()
			_, err := r.Change(r.ctx, s, rotate.Proofs{Password: password, NewPassword: fresh, Browser: browser})
			require.NoError(t, err)
			password = fresh
		case "factor":
			r.enroll(s, password)
		case "pending":
			_, err := r.Enroll(r.ctx, s, rotate.Proofs{Password: password, Browser: browser})
			require.NoError(t, err)
		}
		passwords[account] = password
	}
	old, fresh := r.turned()
	require.ErrorIs(t, r.DropKey(r.ctx, fresh, "staff-1"), rotate.ErrKey, "the primary key")
	require.ErrorIs(t, r.DropKey(r.ctx, "no such k", "staff-1"), rotate.ErrNotFound)
	require.Equal(t, 4, r.inUse(old).Rows)

	// A sign-in reseals the password it proves, the sweep all the rest.
	r.signIn("plain", passwords["plain"])
	require.Equal(t, 3, r.inUse(old).Rows)
	report, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.True(t, report.Done)
	require.Equal(t, 3, report.Resealed)

	first := r.inUse(old)
	require.Zero(t, first.Rows)
	require.Equal(t, r.clock.Now().Add(24*time.Hour), first.Until)
	r.clock.advance(24*time.Hour - time.Microsecond)
	require.Equal(t, first.Until, r.inUse(old).Until, "the first count stands")
	r.clock.advance(time.Microsecond)
	require.NoError(t, r.DropKey(r.ctx, old, "staff-1"))
	require.NoError(t, r.DropKey(r.ctx, old, "staff-1"), "twice is once")
	require.ErrorIs(t, r.PromoteKey(r.ctx, old, "staff-1"), rotate.ErrKey)
	require.ErrorIs(t, r.AddKey(r.ctx, old, "staff-1"), rotate.ErrKey)

	// A ring without it opens everything.
	only, err := keyring.New("storetest", r.keys[1])
	require.NoError(t, err)
	r.Keeper = r.again(func(c *rotate.Config) { c.Ring = only })
	for _, account := range []string{"plain", "history", "pending"} {
		r.signIn(account, passwords[account])
	}
	d, err := r.Login(r.ctx, attempt("factor", passwords["factor"]))
	require.NoError(t, err)
	require.Equal(t, rotate.NeedCode, d.Next)
}

// TestS02_AUseBetweenTheCountsStartsAnew: one zero alone is not enough.
func TestS02_AUseBetweenTheCountsStartsAnew(t *testing.T, open Open) {
	r := newRealm(t, open)
	r.signUp("a")
	old, _ := r.turned()
	_, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Zero(t, r.inUse(old).Rows)

	// A slow flow writes under the old key after all.
	sealed, err := r.ring.Seal(old, keyring.Context{Purpose: "anything"}, nil)
	require.NoError(t, err)
	row := bare("late")
	row.Group, row.Password = "customers", sealed
	insert(r.ctx, t, r.store, row)
	r.clock.advance(25 * time.Hour)
	require.Equal(t, 1, r.inUse(old).Rows)
	require.NoError(t, r.Erase(r.ctx, "late", "staff-1"))
	require.Equal(t, r.clock.Now().Add(24*time.Hour), r.inUse(old).Until)
}

// TestS02_EveryWriteAsksForThePrimaryKey: an instance that was started before a
// key was promoted uses the new one at once, and one that lacks it writes
// nothing.
func TestS02_EveryWriteAsksForThePrimaryKey(t *testing.T, open Open) {
	r := newRealm(t, open)
	before := r.again()
	password, _ := r.signUp("a")
	old, fresh := r.turned()
	_, err := before.Login(r.ctx, attempt("a", password))
	require.ErrorIs(t, err, keyring.ErrMissingKey)
	row := r.row("a")
	ids, err := row.KeyIDs()
	require.NoError(t, err)
	require.Equal(t, []string{old}, ids)
	r.signIn("a", password)
	row = r.row("a")
	ids, err = row.KeyIDs()
	require.NoError(t, err)
	require.Equal(t, []string{fresh}, ids)
}
