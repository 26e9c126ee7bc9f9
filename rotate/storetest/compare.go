package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// errBoom is what an fn returns that wants everything undone.
var errBoom = errors.New("storetest: boom")

// plain makes empty lists nil: a Store need not tell them apart.
func plain(c rotate.Credential) rotate.Credential {
	if len(c.Recovery) == 0 {
		c.Recovery = nil
	}
	if len(c.Retired) == 0 {
		c.Retired = nil
	}
	if len(c.Spent) == 0 {
		c.Spent = nil
	}
	if len(c.Ended) == 0 {
		c.Ended = nil
	}
	return c
}

// equalRow requires that two rows are the same in every field.
func equalRow(t *testing.T, want, got rotate.Credential) {
	t.Helper()
	require.Equal(t, plain(want), plain(got))
}

// insert adds rows without events.
func insert(ctx context.Context, t *testing.T, s rotate.Store, rows ...rotate.Credential) {
	t.Helper()
	for _, c := range rows {
		require.NoErrorf(t, s.Insert(ctx, c, nil), "Insert of %q", c.Account)
	}
}

// load reads a row that must be there.
func load(ctx context.Context, t *testing.T, s rotate.Store, account string) rotate.Credential {
	t.Helper()
	c, err := s.Load(ctx, account)
	require.NoErrorf(t, err, "Load of %q", account)
	return c
}

// gone requires that an account has no row.
func gone(ctx context.Context, t *testing.T, s rotate.Store, account string) {
	t.Helper()
	_, err := s.Load(ctx, account)
	require.ErrorIsf(t, err, rotate.ErrNotFound, "Load of %q", account)
}

// trail reads the ids of all events, oldest first.
func trail(ctx context.Context, t *testing.T, s rotate.Store, account string) []string {
	t.Helper()
	events, err := s.Events(ctx, account, "", 10_000)
	require.NoError(t, err)
	list := ids(events)
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// waiting leases the ids of all events that are not delivered, oldest first,
// and lets the lease end at once.
func waiting(ctx context.Context, t *testing.T, s rotate.Store) []string {
	t.Helper()
	const year = 365 * 24 * time.Hour
	events, err := s.Lease(ctx, 10_000, start().Add(year), start().Add(-year))
	require.NoError(t, err)
	return ids(events)
}

// written requires that exactly these events are in the trail and waiting to be
// delivered, in this order.
func written(ctx context.Context, t *testing.T, s rotate.Store, want ...rotate.Event) {
	t.Helper()
	require.Equal(t, ids(want), trail(ctx, t, s, ""), "audit trail")
	require.Equal(t, ids(want), waiting(ctx, t, s), "events to deliver")
}

func ids(events []rotate.Event) []string {
	list := []string{}
	for _, e := range events {
		list = append(list, e.ID)
	}
	return list
}

func accounts(rows []rotate.Credential) []string {
	list := []string{}
	for _, c := range rows {
		list = append(list, c.Account)
	}
	return list
}

// log reads all orders.
func log(ctx context.Context, t *testing.T, s rotate.Store) []rotate.Order {
	t.Helper()
	orders, err := s.Orders(ctx, 0)
	require.NoError(t, err)
	return orders
}

// place appends one order and fails the test if that does not work.
func place(ctx context.Context, t *testing.T, s rotate.Store, account string, events ...rotate.Event) rotate.Order {
	t.Helper()
	var placed rotate.Order
	require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		placed = order(seq, account)
		return placed, events, nil
	}))
	return placed
}

// seqs lists sequences.
func seqs(orders []rotate.Order) []int64 {
	list := []int64{}
	for _, o := range orders {
		list = append(list, o.Seq)
	}
	return list
}

// parallel runs n workers at once and requires that none fails.
func parallel(t *testing.T, n int, work func(worker int) error) {
	t.Helper()
	failed := make([]error, n)
	begin := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			<-begin
			failed[i] = work(i)
		})
	}
	close(begin)
	group.Wait()
	require.NoError(t, errors.Join(failed...))
}

// unchanged is an fn that wants nothing written.
func unchanged(*rotate.Credential) ([]rotate.Event, error) { return nil, rotate.ErrUnchanged }

// guessed is an fn that counts one guess of the password.
func guessed(c *rotate.Credential) ([]rotate.Event, error) {
	c.PasswordGuesses.Total++
	return nil, nil
}
