package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func queryLaws() []law {
	return []law{
		{"every selection agrees with Matches", agreement},
		{"a group holds what lies below it alone", groups},
		{"a page has 200 rows by default and 500 at most", sizes},
		{"pages join without a gap", pages},
		{"the cursor need not be a row", cursor},
	}
}

// numbered lists n accounts in byte order.
func numbered(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("c%04d", i)
	}
	return list
}

// groupNames are paths that patterns and collations get wrong.
func groupNames() []string {
	return []string{
		"", "a", "A", "a/b", "a/b/c", "ab", "a-b", "a0", "a.b", "a b", "a ", "a%", "a%/b", "a_", "a_/b", "ax/b",
		"%", "_", "\\", "a\\", "a\\/b", "a\\%", "[a]", "*", "ä", "ä/b", "Ä", "a\u0308", "a\uffee", "a/\U0001f600",
	}
}

// population makes n random rows, the same every time but for the keys.
func population(r ring, random *rand.Rand, n int) []rotate.Credential {
	names := slices.Concat(lookalikes(), numbered(max(0, n-len(lookalikes()))))[:n]
	rows := make([]rotate.Credential, n)
	for i, account := range names {
		c := bare(account)
		c.Group = pick(random, groupNames())
		c.ClearedSeq = random.Int64N(5)
		if random.IntN(4) > 0 {
			c.Changed = at(random.IntN(5))
		}
		if random.IntN(4) > 0 {
			c.Password = r.seal(random.IntN(len(r.ids)), account, 1)
		}
		if random.IntN(4) == 0 {
			c.Factor = &rotate.Factor{ID: "f", Seed: r.seal(random.IntN(len(r.ids)), account, 1)}
		}
		if random.IntN(4) == 0 {
			c.Pending = &rotate.Factor{ID: "p", Seed: r.seal(random.IntN(len(r.ids)), account, 1)}
		}
		c.PolicyFingerprint = pick(random, fingerprints())
		if random.IntN(2) == 0 {
			c.Unmet = at(random.IntN(5))
		}
		c.Recheck = random.IntN(2) == 0
		for range random.IntN(3) {
			c.Retired = append(c.Retired, rotate.Retired{Password: r.seal(random.IntN(len(r.ids)), account, 1)})
		}
		rows[i] = c
	}
	return rows
}

// fingerprints are those that rows have, and one more text; "" is no policy's.
func fingerprints() []string { return []string{"", "p1:a", "p1:A", "p1:a ", "p1:ä"} }

// question draws a query in which each field narrows in one of two cases.
func question(random *rand.Rand, rows []rotate.Credential, keys []string) rotate.Query {
	q := rotate.Query{Limit: 1 + random.IntN(rotate.MaxBatch)}
	row := pick(random, rows)
	// One account, or many conditions, leave little to tell apart.
	for _, some := range []struct {
		odds   int
		narrow []func()
	}{
		{2, []func(){
			func() { q.After = pick(random, rows).Account },
			func() { q.Limit = 1 + random.IntN(9) },
			func() { q.Group = row.Group },
		}},
		{4, []func(){
			func() { q.ChangedBefore = at(random.IntN(7)) },
			func() { q.ClearedBelow = random.Int64N(7) },
			func() { q.HasPassword = true },
			func() { q.KeyOtherThan = pick(random, append([]string{"kzzzzzzzz"}, keys...)) },
			func() { q.PolicyIs = pick(random, append(fingerprints(), "p1:none")) },
			func() { q.PolicyOtherThan = pick(random, append(fingerprints(), "p1:none")) },
			func() { q.Unmet = true },
			func() { q.Recheck = true },
		}},
		{8, []func(){
			func() { q.GroupIs = row.Group },
			func() { q.Unjudged = true },
			func() { q.Account = row.Account },
		}},
	} {
		for _, narrow := range some.narrow {
			if random.IntN(some.odds) == 0 {
				narrow()
			}
		}
	}
	return q
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// agreement compares Page, Count and Batch with what Matches says of each row.
func agreement(ctx context.Context, t *testing.T, s rotate.Store) {
	random := rand.New(rand.NewPCG(1, 2))
	r := newRing(t, 3)
	rows := population(r, random, 120)
	insert(ctx, t, s, rows...)
	slices.SortFunc(rows, func(a, b rotate.Credential) int { return strings.Compare(a.Account, b.Account) })
	hits := 0
	for range 400 {
		q := question(random, rows, r.ids)
		want := []string{}
		for i := range rows {
			if q.Matches(&rows[i]) {
				want = append(want, rows[i].Account)
			}
		}
		hits += min(len(want), 1)
		n, err := s.Count(ctx, q)
		require.NoError(t, err)
		require.Equal(t, len(want), n, "Count of %+v", q)

		want = want[:min(len(want), q.Size())]
		page, err := s.Page(ctx, q)
		require.NoError(t, err)
		require.Equal(t, want, accounts(page), "Page of %+v", q)

		got := []string{}
		n, last, err := s.Batch(ctx, q, func(c *rotate.Credential) ([]rotate.Event, error) {
			if len(got) == 0 || got[len(got)-1] != c.Account {
				got = append(got, c.Account)
			}
			return nil, rotate.ErrUnchanged
		})
		require.NoError(t, err)
		require.Equal(t, want, got, "Batch of %+v", q)
		require.Equal(t, len(want), n, "rows that Batch counts of %+v", q)
		require.Equal(t, append([]string{""}, want...)[len(want)], last, "last row of %+v", q)
	}
	require.Greater(t, hits, 100, "the questions find something")
}

func groups(ctx context.Context, t *testing.T, s rotate.Store) {
	for _, group := range groupNames() {
		c := bare("in " + group)
		c.Group = group
		insert(ctx, t, s, c)
	}
	for _, path := range append(groupNames(), "b", "a/", "/", "a/b/c/d") {
		want := []string{}
		for _, group := range groupNames() {
			if path == "" || group == path || strings.HasPrefix(group, path+"/") {
				want = append(want, "in "+group)
			}
		}
		slices.Sort(want)
		page, err := s.Page(ctx, rotate.Query{Group: path})
		require.NoError(t, err)
		require.Equal(t, want, accounts(page), "group %q", path)
	}
}

func sizes(ctx context.Context, t *testing.T, s rotate.Store) {
	const rows, workers = rotate.MaxBatch + 10, 10
	names := numbered(rows)
	parallel(t, workers, func(i int) error {
		for _, account := range names[i*rows/workers : (i+1)*rows/workers] {
			if err := s.Insert(ctx, bare(account), nil); err != nil {
				return err
			}
		}
		return nil
	})
	for limit, want := range map[int]int{
		-1: rotate.DefaultBatch, 0: rotate.DefaultBatch, 1: 1, 2: 2, 499: 499,
		rotate.MaxBatch: rotate.MaxBatch, rotate.MaxBatch + 1: rotate.MaxBatch, 1 << 30: rotate.MaxBatch,
	} {
		q := rotate.Query{Limit: limit}
		page, err := s.Page(ctx, q)
		require.NoError(t, err)
		require.Equal(t, names[:want], accounts(page), "limit %d", limit)
		n, last, err := s.Batch(ctx, q, unchanged)
		require.NoError(t, err)
		require.Equal(t, want, n, "limit %d", limit)
		require.Equal(t, names[want-1], last, "limit %d", limit)
		n, err = s.Count(ctx, q)
		require.NoError(t, err)
		require.Equal(t, rows, n, "limit %d", limit)
	}
}

func pages(ctx context.Context, t *testing.T, s rotate.Store) {
	want := numbered(23)
	for _, account := range want {
		c := bare(account)
		c.Changed = at(1)
		insert(ctx, t, s, c)
		// A row between each two that is not selected.
		other := bare(account + "x")
		other.Changed = at(3)
		insert(ctx, t, s, other)
	}
	got := []string{}
	q := rotate.Query{ChangedBefore: at(2), Limit: 5}
	for {
		page, err := s.Page(ctx, q)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, accounts(page)...)
		q.After = page[len(page)-1].Account
	}
	require.Equal(t, want, got)
	n, err := s.Count(ctx, rotate.Query{ChangedBefore: at(2).Add(time.Microsecond), After: want[2]})
	require.NoError(t, err)
	require.Equal(t, 20, n, "Count after a cursor")
}

func cursor(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("b"), bare("d"), bare("f"))
	for after, want := range map[string][]string{
		"a": {"b", "d", "f"}, "b": {"d", "f"}, "c": {"d", "f"}, "d!": {"f"}, "e": {"f"}, "f": {}, "z": {},
	} {
		page, err := s.Page(ctx, rotate.Query{After: after})
		require.NoError(t, err)
		require.Equal(t, want, accounts(page), "after %q", after)
	}
}
