package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func leaseLaws() []law {
	return []law{
		{"an event comes back as it was", leaseFields},
		{"oldest first, up to the limit", leaseOrder},
		{"nothing is leased twice within its lease", leaseOnce},
		{"it comes again when the lease is over", leaseAgain},
		{"of parallel workers one gets an event", leaseParallel},
		{"what was delivered is not leased again", leaseDelivered},
	}
}

// told writes n events of an account and returns them.
func told(ctx context.Context, t *testing.T, s rotate.Store, account string, n int) []rotate.Event {
	t.Helper()
	events := make([]rotate.Event, n)
	for i := range events {
		events[i] = event(account, i)
	}
	insert(ctx, t, s, bare(account))
	for i := range events {
		require.NoError(t, s.Update(ctx, account, func(*rotate.Credential) ([]rotate.Event, error) {
			return events[i : i+1], rotate.ErrUnchanged
		}))
	}
	return events
}

// leased requires what one call of Lease returns.
func leased(ctx context.Context, t *testing.T, s rotate.Store, limit int, now, until time.Time, want ...rotate.Event) {
	t.Helper()
	got, err := s.Lease(ctx, limit, now, until)
	require.NoError(t, err)
	require.Equal(t, ids(want), ids(got))
}

func leaseFields(ctx context.Context, t *testing.T, s rotate.Store) {
	least := rotate.Event{ID: event("", 0).ID, At: at(8)}
	want := []rotate.Event{fullEvent("a"), least}
	require.NoError(t, s.Insert(ctx, bare("a"), want))
	for range 2 {
		got, err := s.Lease(ctx, 10, at(0), at(-1))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	got, err := s.Events(ctx, "", "", 10)
	require.NoError(t, err)
	slices.Reverse(got)
	require.Equal(t, want, got)

	given := start().Add(789 * time.Nanosecond).In(time.FixedZone("Kathmandu", (5*60+45)*60))
	require.NoError(t, s.Insert(ctx, bare("b"), []rotate.Event{{ID: event("", 0).ID, At: given, By: given, Account: "b"}}))
	got, err = s.Events(ctx, "b", "", 1)
	require.NoError(t, err)
	for _, when := range []time.Time{got[0].At, got[0].By} {
		require.Equal(t, time.UTC, when.Location())
		require.Zero(t, when.Nanosecond()%1000)
		require.Less(t, when.Sub(given).Abs(), time.Microsecond)
	}
}

func leaseOrder(ctx context.Context, t *testing.T, s rotate.Store) {
	events := told(ctx, t, s, "a", 7)
	leased(ctx, t, s, 0, at(0), at(100))
	leased(ctx, t, s, 3, at(0), at(100), events[:3]...)
	leased(ctx, t, s, 3, at(0), at(100), events[3:6]...)
	leased(ctx, t, s, 3, at(0), at(100), events[6])
	leased(ctx, t, s, 3, at(0), at(100))
}

func leaseOnce(ctx context.Context, t *testing.T, s rotate.Store) {
	events := told(ctx, t, s, "a", 2)
	leased(ctx, t, s, 10, at(0), at(100), events...)
	for _, now := range []int{0, 1, 50, 99} {
		leased(ctx, t, s, 10, at(now), at(200))
	}
	// A new event is not held up by older ones under a lease.
	e := told(ctx, t, s, "b", 1)[0]
	leased(ctx, t, s, 10, at(50), at(200), e)
}

func leaseAgain(ctx context.Context, t *testing.T, s rotate.Store) {
	events := told(ctx, t, s, "a", 4)
	leased(ctx, t, s, 2, at(0), at(100), events[:2]...)
	leased(ctx, t, s, 1, at(0), at(200), events[2])
	leased(ctx, t, s, 10, at(101), at(300), events[0], events[1], events[3])
	leased(ctx, t, s, 10, at(201), at(300), events[2])
	leased(ctx, t, s, 10, at(299), at(300))
	leased(ctx, t, s, 10, at(301), at(400), events...)
}

func leaseParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers = 6
	events := told(ctx, t, s, "a", 40)
	var mu sync.Mutex
	var got []string
	parallel(t, workers, func(int) error {
		for {
			batch, err := s.Lease(ctx, 3, at(0), at(100))
			if err != nil || len(batch) == 0 {
				return err
			}
			mu.Lock()
			got = append(got, ids(batch)...)
			mu.Unlock()
		}
	})
	// A worker may find nothing because others hold what is left just then.
	rest, err := s.Lease(ctx, 100, at(0), at(100))
	require.NoError(t, err)
	require.ElementsMatch(t, ids(events), append(got, ids(rest)...))
}

func leaseDelivered(ctx context.Context, t *testing.T, s rotate.Store) {
	events := told(ctx, t, s, "a", 5)
	require.NoError(t, s.Delivered(ctx, nil))
	require.NoError(t, s.Delivered(ctx, []string{"unknown", ""}))
	leased(ctx, t, s, 3, at(0), at(100), events[:3]...)
	// One under its lease, one that never was, and one unknown.
	require.NoError(t, s.Delivered(ctx, []string{events[1].ID, "unknown", events[4].ID}))
	leased(ctx, t, s, 10, at(0), at(100), events[3])
	leased(ctx, t, s, 10, at(101), at(200), events[0], events[2], events[3])
	// Again, and after the lease was over.
	require.NoError(t, s.Delivered(ctx, []string{events[1].ID, events[0].ID, events[0].ID}))
	leased(ctx, t, s, 10, at(201), at(300), events[2], events[3])
	require.Equal(t, ids(events), trail(ctx, t, s, ""), "delivered events stay in the trail")
	require.NoError(t, s.Delivered(ctx, ids(events)))
	leased(ctx, t, s, 10, at(9999), at(10000))
	require.Equal(t, ids(events), trail(ctx, t, s, ""), "delivered events stay in the trail")
}

// ahead reports an event that is there before its change, or a change that is
// there before its event. Both count the changes of one row.
func ahead(ctx context.Context, s rotate.Store) error {
	before, err := s.Load(ctx, "a")
	if err != nil {
		return err
	}
	events, err := s.Lease(ctx, 10_000, at(1), at(0))
	if err != nil {
		return err
	}
	after, err := s.Load(ctx, "a")
	if err != nil {
		return err
	}
	if n := before.PasswordGuesses.Total; len(events) < n {
		return fmt.Errorf("%d events where the row has changed %d times", len(events), n)
	}
	for _, e := range events {
		if n := after.PasswordGuesses.Total; e.Left > n {
			return fmt.Errorf("event of change %d where the row has changed %d times", e.Left, n)
		}
	}
	return nil
}
