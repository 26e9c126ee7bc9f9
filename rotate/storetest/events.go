package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func eventLaws() []law {
	return []law{
		{"newest first, up to the limit", eventOrder},
		{"pages join without a gap", eventPages},
		{"an account has its own", eventAccount},
		{"new events do not move a page", eventStable},
		{"an unknown event is no place to start", eventUnknown},
	}
}

func eventOrder(ctx context.Context, t *testing.T, s rotate.Store) {
	events := told(ctx, t, s, "a", 6)
	slices.Reverse(events)
	for _, limit := range []int{0, 1, 2, 5, 6, 7, 1000} {
		got, err := s.Events(ctx, "", "", limit)
		require.NoError(t, err)
		require.Equal(t, ids(events[:min(limit, 6)]), ids(got), "limit %d", limit)
	}
}

// paged reads a whole trail page by page.
func paged(ctx context.Context, t *testing.T, s rotate.Store, account string, limit int) []string {
	t.Helper()
	list, before := []string{}, ""
	for {
		page, err := s.Events(ctx, account, before, limit)
		require.NoError(t, err)
		if len(page) == 0 {
			return list
		}
		require.LessOrEqual(t, len(page), limit)
		list = append(list, ids(page)...)
		require.LessOrEqual(t, len(list), 1000, "the pages do not end")
		before = page[len(page)-1].ID
	}
}

func eventPages(ctx context.Context, t *testing.T, s rotate.Store) {
	// Many at one moment and in one call, where the time alone is no cursor.
	var events []rotate.Event
	for i := range 20 {
		events = append(events, event("a", i/7))
	}
	require.NoError(t, s.Insert(ctx, bare("a"), events))
	slices.Reverse(events)
	for _, limit := range []int{1, 3, 7, 20, 21} {
		require.Equal(t, ids(events), paged(ctx, t, s, "", limit), "limit %d", limit)
		require.Equal(t, ids(events), paged(ctx, t, s, "a", limit), "limit %d", limit)
	}
}

func eventAccount(ctx context.Context, t *testing.T, s rotate.Store) {
	lists := make(map[string][]string)
	var all []rotate.Event
	names := []string{"a", "A", "a ", "ä", "%"}
	for _, account := range names {
		insert(ctx, t, s, bare(account))
	}
	for i := range 20 {
		account := names[i%len(names)]
		e := event(account, i)
		e.Actor, e.To = names[(i+1)%len(names)], names[(i+2)%len(names)]
		require.NoError(t, s.Update(ctx, account, func(*rotate.Credential) ([]rotate.Event, error) {
			return []rotate.Event{e}, nil
		}))
		all = append(all, e)
		lists[account] = append([]string{e.ID}, lists[account]...)
	}
	for _, account := range names {
		require.Equal(t, lists[account], paged(ctx, t, s, account, 3), "events of %q", account)
	}
	// The cursor may be an event of another account.
	got, err := s.Events(ctx, "a", all[13].ID, 2)
	require.NoError(t, err)
	require.Equal(t, []string{all[10].ID, all[5].ID}, ids(got))
	got, err = s.Events(ctx, "nobody", "", 10)
	require.NoError(t, err)
	require.Empty(t, got)
}

func eventStable(ctx context.Context, t *testing.T, s rotate.Store) {
	old := told(ctx, t, s, "a", 6)
	page, err := s.Events(ctx, "", "", 2)
	require.NoError(t, err)
	fresh := told(ctx, t, s, "b", 3)
	rest, err := s.Events(ctx, "", page[1].ID, 100)
	require.NoError(t, err)
	require.Equal(t, []string{old[5].ID, old[4].ID, old[3].ID, old[2].ID, old[1].ID, old[0].ID}, append(ids(page), ids(rest)...))
	require.Len(t, trail(ctx, t, s, ""), len(old)+len(fresh))
	// Delivery does not move one either.
	require.NoError(t, s.Delivered(ctx, ids(old)))
	again, err := s.Events(ctx, "", page[1].ID, 100)
	require.NoError(t, err)
	require.Equal(t, rest, again)
}

// eventUnknown guards a reader whose cursor was erased: it must not read the
// newest page again and again.
func eventUnknown(ctx context.Context, t *testing.T, s rotate.Store) {
	told(ctx, t, s, "a", 3)
	cursor := told(ctx, t, s, "b", 1)[0]
	require.NoError(t, s.Erase(ctx, "b", nil))
	for _, before := range []string{"unknown", cursor.ID} {
		got, err := s.Events(ctx, "", before, 10)
		require.ErrorIs(t, err, rotate.ErrNotFound)
		require.Empty(t, got)
	}
	// Nor is a text that no event can have, or an account that nobody can.
	for _, odd := range []string{"x\x00", "\xff", "\x00"} {
		_, err := s.Events(ctx, "", odd, 10)
		require.ErrorIs(t, err, rotate.ErrNotFound)
		none, err := s.Events(ctx, odd, "", 10)
		require.NoError(t, err)
		require.Empty(t, none)
	}
}
