package memstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
	"github.com/tillkey/tillkey/rotate/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) rotate.Store { return memstore.New() })
}

func TestStoreRunsFnTwice(t *testing.T) {
	storetest.Run(t, func(*testing.T) rotate.Store { return storetest.Twice(memstore.New()) })
}

// TestKeepsNoBufferOfTheCaller passes texts that lie in a buffer which is
// written over afterwards, as those of a request do in some HTTP servers.
func TestKeepsNoBufferOfTheCaller(t *testing.T) {
	ctx := t.Context()
	s := memstore.New()
	var buffers [][]byte
	text := func(value string) string {
		b := []byte(value)
		buffers = append(buffers, b)
		return unsafe.String(&b[0], len(b))
	}
	key := keyring.NewKey()
	ring, err := keyring.New("realm", key)
	require.NoError(t, err)
	sealed, err := ring.Seal(key.ID, keyring.Context{Purpose: "test"}, nil)
	require.NoError(t, err)

	event := func(account string) []rotate.Event {
		return []rotate.Event{{
			ID: text(rand.Text()), Kind: rotate.Kind(text("kind")), Account: account, Reason: rotate.Reason(text("reason")),
			Order: rotate.ID(text("order")), Actor: text("actor"), Key: text("key"), To: text("to"),
		}}
	}
	fill := func(c *rotate.Credential) {
		c.Group, c.Password, c.Format, c.PolicyName = text("group"), text(sealed), text("format"), text("policy")
		c.PolicyFingerprint = text("fingerprint")
		c.Forced = &rotate.Forced{Reason: rotate.Reason(text("reason")), Proof: rotate.Proof(text("proof"))}
		c.Factor = &rotate.Factor{ID: text("factor"), Seed: text(sealed)}
		c.Pending = &rotate.Factor{ID: text("pending"), Seed: text(sealed)}
		c.Retired = []rotate.Retired{{Password: text(sealed)}}
		c.Spent = []rotate.Spent{{Nonce: text("nonce")}}
	}
	c := rotate.Credential{Account: text("inserted")}
	fill(&c)
	require.NoError(t, s.Insert(ctx, c, event(text("inserted"))))
	require.NoError(t, s.Insert(ctx, rotate.Credential{Account: text("before")}, nil))
	require.NoError(t, s.Update(ctx, text("before"), func(c *rotate.Credential) ([]rotate.Event, error) {
		fill(c)
		return event(text("before")), nil
	}))
	require.NoError(t, s.Rename(ctx, text("before"), text("renamed"), func(*rotate.Credential) ([]rotate.Event, error) {
		return event(text("renamed")), rotate.ErrUnchanged
	}))
	require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		return rotate.Order{
			ID: rotate.ID(text("id")), Seq: seq, Group: text("group"), Account: text("renamed"), Reason: rotate.Reason(text("reason")),
			Proof: rotate.Proof(text("proof")), Actor: text("actor"), Note: text("note"), Withdraws: rotate.ID(text("other")),
		}, event(""), nil
	}))
	require.NoError(t, s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		return []rotate.KeyState{{ID: text("key"), Canary: text("canary")}}, nil, nil
	}))

	before := everything(t, s)
	// Printed now: a value that shared the buffers would change with them.
	want := fmt.Sprintf("%+v", before)
	for _, b := range buffers {
		for i := range b {
			b[i] = '#'
		}
	}
	require.Equal(t, want, fmt.Sprintf("%+v", everything(t, s)))
	require.NotContains(t, want, "#")
	_, err = s.Load(ctx, "inserted")
	require.NoError(t, err)
	_, err = s.Load(ctx, "renamed")
	require.NoError(t, err)
	runtime.KeepAlive(buffers)
}

// everything reads all that a Store holds, pointers followed.
func everything(t *testing.T, s *memstore.Store) []any {
	t.Helper()
	ctx := t.Context()
	rows, err := s.Page(ctx, rotate.Query{})
	require.NoError(t, err)
	events, err := s.Events(ctx, "", "", 100)
	require.NoError(t, err)
	orders, err := s.Orders(ctx, 0)
	require.NoError(t, err)
	keys, err := s.Keys(ctx)
	require.NoError(t, err)
	all := []any{events, orders, keys}
	for _, c := range rows {
		all = append(all, *c.Forced, *c.Factor, *c.Pending)
		c.Forced, c.Factor, c.Pending = nil, nil, nil
		all = append(all, c)
	}
	return all
}

// TestWaitsNoLongerThanItsContext holds the lock in an fn while another call
// waits for it.
func TestWaitsNoLongerThanItsContext(t *testing.T) {
	s := memstore.New()
	require.NoError(t, s.Insert(t.Context(), rotate.Credential{Account: "a"}, nil))
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, s.Update(t.Context(), "a", func(*rotate.Credential) ([]rotate.Event, error) {
		waited := make(chan error)
		go func() {
			_, err := s.Load(ctx, "a")
			waited <- err
		}()
		cancel()
		require.ErrorIs(t, <-waited, context.Canceled)
		return nil, nil
	}))
}

// TestRefuses lists what no law of the contract decides and this Store reports.
func TestRefuses(t *testing.T) {
	s := memstore.New()
	ctx := t.Context()
	known := rotate.Event{ID: "known", Account: "b"}
	require.NoError(t, s.Insert(ctx, rotate.Credential{Account: "a"}, []rotate.Event{known}))
	for name, call := range map[string]func() error{
		"an event without an id": func() error {
			return s.Insert(ctx, rotate.Credential{Account: "b"}, []rotate.Event{{}})
		},
		"an event that is there": func() error {
			return s.Erase(ctx, "a", []rotate.Event{known})
		},
		"one event twice": func() error {
			return s.UpdateKeys(ctx, func(k []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				return k, []rotate.Event{{ID: "new"}, {ID: "new"}}, nil
			})
		},
		"an event that names the erased account": func() error {
			return s.Erase(ctx, "a", []rotate.Event{{ID: "new", Account: "a"}})
		},
		"one key twice": func() error {
			return s.UpdateKeys(ctx, func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				return []rotate.KeyState{{ID: "k"}, {ID: "k"}}, []rotate.Event{{ID: "new"}}, nil
			})
		},
	} {
		require.ErrorContains(t, call(), "memstore: ", name)
		_, err := s.Load(ctx, "a")
		require.NoError(t, err, name)
		_, err = s.Load(ctx, "b")
		require.ErrorIs(t, err, rotate.ErrNotFound, name)
		events, err := s.Events(ctx, "", "", 10)
		require.NoError(t, err)
		require.Equal(t, []rotate.Event{known}, events, name)
	}
	n, err := s.Prune(ctx, time.Time{}, -1)
	require.NoError(t, err)
	require.Zero(t, n)
}

func ExampleNew() {
	ctx := context.Background()
	store := memstore.New()
	err := store.Insert(ctx, rotate.Credential{Account: "c-1001", Group: "customers"}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = store.Insert(ctx, rotate.Credential{Account: "c-1001"}, nil)
	fmt.Println(errors.Is(err, rotate.ErrExists))
	// Output: true
}

func ExampleStore_Update() {
	ctx := context.Background()
	store := memstore.New()
	if err := store.Insert(ctx, rotate.Credential{Account: "c-1001"}, nil); err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	err := store.Update(ctx, "c-1001", func(c *rotate.Credential) ([]rotate.Event, error) {
		c.SignedIn = at
		return []rotate.Event{{ID: "e-1", At: at, Kind: rotate.Unlocked, Account: c.Account}}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	row, _ := store.Load(ctx, "c-1001")
	events, _ := store.Lease(ctx, 10, at, at.Add(time.Minute))
	fmt.Println(row.SignedIn.Format(time.DateOnly), events[0].Kind)
	// Output: 2030-01-02 unlocked
}

func ExampleStore_Batch() {
	ctx := context.Background()
	store := memstore.New()
	for _, account := range []string{"c-3", "c-1", "c-2"} {
		if err := store.Insert(ctx, rotate.Credential{Account: account, Group: "customers"}, nil); err != nil {
			fmt.Println(err)
			return
		}
	}
	q := rotate.Query{Group: "customers", Limit: 2}
	for {
		n, last, err := store.Batch(ctx, q, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Recheck = true
			return nil, nil
		})
		if err != nil || last == "" {
			break
		}
		fmt.Println(n, last)
		q.After = last
	}
	// Output:
	// 2 c-2
	// 1 c-3
}
