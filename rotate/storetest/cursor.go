package storetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func cursorLaws() []law {
	return []law{
		{"a walk by Batch outlives what comes, goes and moves", walkBatch},
		{"a walk by Page outlives what comes, goes and moves", walkPage},
		{"a walk of the trail outlives what is erased", walkTrail},
		{"a trail goes on under the new account", walkRenamed},
		{"a sweep goes on past erased and moved rows", walkSweep},
	}
}

func walkBatch(ctx context.Context, t *testing.T, s rotate.Store) {
	outlives(ctx, t, s, func(after string) (met []string, last string) {
		ran := map[string]bool{}
		n, last, err := s.Batch(ctx, rotate.Query{After: after, Limit: 3}, func(c *rotate.Credential) ([]rotate.Event, error) {
			ran[c.Account] = true
			return nil, nil
		})
		require.NoError(t, err)
		require.Len(t, ran, n)
		return slices.Sorted(maps.Keys(ran)), last
	})
}

func walkPage(ctx context.Context, t *testing.T, s rotate.Store) {
	outlives(ctx, t, s, func(after string) (met []string, last string) {
		page, err := s.Page(ctx, rotate.Query{After: after, Limit: 3})
		require.NoError(t, err)
		if len(page) > 0 {
			last = page[len(page)-1].Account
		}
		return accounts(page), last
	})
}

// outlives steps through all rows and changes what is there between the steps: the
// row under the cursor is erased or moved, and others before and behind it. Who
// stays is met once, whoever else comes and goes.
func outlives(ctx context.Context, t *testing.T, s rotate.Store, step func(after string) (met []string, last string)) {
	random := rand.New(rand.NewPCG(3, 4))
	there := map[string]bool{}
	for _, account := range numbered(60) {
		insert(ctx, t, s, bare(account))
		there[account] = true
	}
	stays := maps.Clone(there)
	met := map[string]int{}
	fresh := 0
	name := func() string {
		fresh++
		return fmt.Sprintf("c%04d new %d", random.IntN(60), fresh)
	}
	leave := func(account string) {
		delete(there, account)
		delete(stays, account)
	}
	for last, steps := "", 0; ; steps++ {
		require.Less(t, steps, 200, "the walk does not end")
		more, next := step(last)
		if next == "" {
			require.Empty(t, more)
			break
		}
		require.True(t, slices.IsSorted(more))
		require.Greater(t, next, last, "the cursor went back")
		for _, account := range more {
			require.True(t, there[account], "%q is not there", account)
			met[account]++
			require.Equal(t, 1, met[account], "%q was met twice", account)
		}
		last = next
		// Twice the row under the cursor, and then any.
		victim := last
		if steps%3 > 0 || !there[victim] {
			victim = pick(random, slices.Sorted(maps.Keys(there)))
		}
		switch to := name(); random.IntN(4) {
		case 0:
			require.NoError(t, s.Erase(ctx, victim, nil))
			leave(victim)
		case 1, 2:
			require.NoError(t, s.Rename(ctx, victim, to, same))
			leave(victim)
			there[to] = true
		default:
			insert(ctx, t, s, bare(to))
			there[to] = true
		}
	}
	require.Greater(t, len(stays), 20)
	for account := range stays {
		require.Equal(t, 1, met[account], "%q stayed and was not met", account)
	}
}

func walkTrail(ctx context.Context, t *testing.T, s rotate.Store) {
	var want []string
	for i := range 40 {
		account := fmt.Sprint("a", i%5)
		if i < 5 {
			insert(ctx, t, s, bare(account))
		}
		e := event(account, i)
		require.NoError(t, s.Update(ctx, account, func(*rotate.Credential) ([]rotate.Event, error) { return []rotate.Event{e}, nil }))
		if i%5 > 1 {
			want = append(want, e.ID)
		}
	}
	slices.Reverse(want)
	var got []string
	before := ""
	for pages := 0; ; pages++ {
		page, err := s.Events(ctx, "", before, 7)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if e.Account != "a0" && e.Account != "a1" {
				got = append(got, e.ID)
			}
		}
		// Who is erased is not the one under the cursor; for that one the reader
		// begins again.
		before = page[len(page)-1].ID
		for _, account := range []string{"a0", "a1"} {
			if under := page[len(page)-1].Account; pages < 2 && account != under {
				_ = s.Erase(ctx, account, nil)
			}
		}
	}
	require.Equal(t, want, got)
	_, err := s.Load(ctx, "a0")
	require.ErrorIs(t, err, rotate.ErrNotFound)
}

func walkRenamed(ctx context.Context, t *testing.T, s rotate.Store) {
	want := told(ctx, t, s, "a", 9)
	slices.Reverse(want)
	first, err := s.Events(ctx, "a", "", 4)
	require.NoError(t, err)
	require.NoError(t, s.Rename(ctx, "a", "b", same))
	rest, err := s.Events(ctx, "b", first[3].ID, 100)
	require.NoError(t, err)
	require.Equal(t, ids(want), append(ids(first), ids(rest)...))
	none, err := s.Events(ctx, "a", first[3].ID, 100)
	require.NoError(t, err)
	require.Empty(t, none)
}

// dueRows is a realm on a Store whose n customers are all to be reminded.
func dueRows(t *testing.T, s rotate.Store, n int) *realm {
	t.Helper()
	r := newRealm(t, func(*testing.T) rotate.Store { return s })
	for _, account := range numbered(n) {
		r.signUp(account)
	}
	r.force(rotate.Order{Reason: rotate.PolicyRaised, Grace: 10 * day})
	return r
}

func walkSweep(_ context.Context, t *testing.T, s rotate.Store) {
	r := dueRows(t, s, 20)
	gone := map[string]bool{}
	for i := range 200 {
		report, err := r.Sweep(r.ctx, 3)
		require.NoError(t, err)
		if report.Done {
			break
		}
		require.Less(t, i, 100)
		// The row that was looked at last, the one behind it, and one more.
		at := 3*i + 2
		for _, k := range []int{at, at + 1} {
			account := fmt.Sprintf("c%04d", k)
			if i%2 == 0 && k < 20 {
				require.NoError(t, r.Erase(r.ctx, account, "staff-1"))
				gone[account] = true
			}
		}
		if account := fmt.Sprintf("c%04d", at-1); i%3 == 0 && !gone[account] && at < 20 {
			require.NoError(t, r.Move(r.ctx, account, "d"+account, "staff-1"))
			gone[account] = true
			require.Len(t, r.notices("d"+account), 1, "its reminder moved along")
		}
	}
	report, err := r.Sweep(r.ctx, 0)
	require.NoError(t, err)
	require.Zero(t, report.Reminded, "somebody was passed over, or is told twice")
	rows, err := r.store.Page(r.ctx, rotate.Query{})
	require.NoError(t, err)
	require.Less(t, len(rows), 20)
	for _, c := range rows {
		require.Len(t, r.notices(c.Account), 1, c.Account)
	}
}
