package rotate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// TestCredentialClone: the copy is equal in every field and shares memory in
// none that can change.
func TestCredentialClone(t *testing.T) {
	c := filled[Credential](t)
	d := c.Clone()
	require.Equal(t, c, d)
	require.Empty(t, shared(c, d, false), "Clone copies these fields by reference")
	require.Equal(t, Credential{}, (&Credential{}).Clone())
	empty := Credential{Recovery: nil, Spent: []Spent{}}
	require.Equal(t, empty, empty.Clone(), "nil stays nil")
}

// TestRequestsAreCloned: what comes in from a request is copied before it is
// used, in every field, as a framework may write the next request over it.
func TestRequestsAreCloned(t *testing.T) {
	attempt, proofs, request, account := filled[Attempt](t), filled[Proofs](t), filled[Request](t), filled[NewAccount](t)
	for _, c := range []struct{ in, out any }{
		{attempt, attempt.clone()}, {proofs, proofs.clone()}, {request, request.clone()}, {account, account.clone()},
	} {
		require.Equal(t, c.in, c.out)
		require.Empty(t, shared(c.in, c.out, true), "%T shares these fields", c.in)
	}
	o := filled[Order](t)
	copied := o.clone()
	require.Equal(t, o, copied)
	// Force sets the id anew and refuses Withdraws.
	for _, field := range shared(o, copied, true) {
		require.Contains(t, []string{"Order.ID", "Order.Withdraws", "Order.Reason", "Order.Proof"}, field)
	}
}

// TestKeyIDs: of everything that is sealed, each once, sorted.
func TestKeyIDs(t *testing.T) {
	keys := make([]keyring.Key, 5)
	for i := range keys {
		keys[i] = keyring.NewKey()
	}
	ring, err := keyring.New("test", keys...)
	require.NoError(t, err)
	seal := func(i int) string {
		text, err := ring.Seal(keys[i].ID, keyring.Context{Purpose: "test"}, []byte("x"))
		require.NoError(t, err)
		return text
	}
	c := Credential{Account: "a"}
	ids, err := c.KeyIDs()
	require.NoError(t, err)
	require.Empty(t, ids)

	c.Password = seal(0)
	c.Factor, c.Pending = &Factor{Seed: seal(1)}, &Factor{Seed: seal(2)}
	c.Retired = []Retired{{Password: seal(3)}, {Password: seal(4)}, {Password: seal(0)}}
	ids, err = c.KeyIDs()
	require.NoError(t, err)
	require.IsIncreasing(t, ids)
	require.Len(t, ids, 5)
	for _, k := range keys {
		require.Contains(t, ids, k.ID)
	}

	for name, edit := range map[string]func(*Credential){
		"password": func(c *Credential) { c.Password = "x" },
		"factor":   func(c *Credential) { c.Factor.Seed = "" },
		"pending":  func(c *Credential) { c.Pending.Seed = "tk1." },
		"retired":  func(c *Credential) { c.Retired[1].Password = seal(0) + "!" },
	} {
		broken := c.Clone()
		edit(&broken)
		_, err := broken.KeyIDs()
		require.ErrorIs(t, err, keyring.ErrSealed, name)
		require.ErrorContains(t, err, `credential of "a"`, name)
	}
}
