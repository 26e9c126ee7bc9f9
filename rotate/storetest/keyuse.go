package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

// used requires how many rows use each key of a ring.
func used(ctx context.Context, t *testing.T, s rotate.Store, r ring, want ...int) {
	t.Helper()
	for i, id := range r.ids {
		n, err := s.KeyUse(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want[i], n, "rows under key %d", i)
	}
}

func keyUseLaws() []law {
	return []law{
		{"it looks at every sealed column", keyUseColumns},
		{"it counts a row once", keyUseOnce},
		{"it follows every write", keyUseFollows},
		{"a Batch that seals again moves the count", keyUseReseal},
	}
}

func keyUseColumns(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 6)
	c := bare("a")
	c.Password = r.seal(0, "a", 1)
	c.Factor = &rotate.Factor{ID: "f", Seed: r.seal(1, "a", 1)}
	c.Pending = &rotate.Factor{ID: "p", Seed: r.seal(2, "a", 1)}
	c.Retired = []rotate.Retired{{Password: r.seal(3, "a", 1)}, {Password: r.seal(4, "a", 1)}}
	insert(ctx, t, s, c, bare("b"))
	used(ctx, t, s, r, 1, 1, 1, 1, 1, 0)

	// A query for rows under other keys looks there too.
	for _, id := range r.ids {
		n, err := s.Count(ctx, rotate.Query{KeyOtherThan: id})
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
}

func keyUseOnce(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	insert(ctx, t, s, r.full("a"), r.full("b"))
	used(ctx, t, s, r, 2, 0)
	n, err := s.Count(ctx, rotate.Query{KeyOtherThan: r.ids[0]})
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = s.Count(ctx, rotate.Query{KeyOtherThan: r.ids[1]})
	require.NoError(t, err)
	require.Equal(t, 2, n)
}

func keyUseFollows(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 3)
	sealed := func(account string, keys ...int) rotate.Credential {
		c := bare(account)
		for _, key := range keys {
			c.Retired = append(c.Retired, rotate.Retired{Password: r.seal(key, account, 1)})
		}
		return c
	}
	insert(ctx, t, s, sealed("a", 0, 1), sealed("b", 0))
	used(ctx, t, s, r, 2, 1, 0)
	require.NoError(t, s.Update(ctx, "a", replace(sealed("a", 1, 2, 2))))
	used(ctx, t, s, r, 1, 1, 1)
	require.NoError(t, s.Update(ctx, "a", guessed))
	used(ctx, t, s, r, 1, 1, 1)
	require.NoError(t, s.Rename(ctx, "a", "c", replace(sealed("c", 2))))
	used(ctx, t, s, r, 1, 0, 1)
	require.NoError(t, s.Erase(ctx, "c", nil))
	used(ctx, t, s, r, 1, 0, 0)
	require.NoError(t, s.Update(ctx, "b", replace(bare("b"))))
	used(ctx, t, s, r, 0, 0, 0)
}

func keyUseReseal(ctx context.Context, t *testing.T, s rotate.Store) {
	const rows = 7
	r := newRing(t, 2)
	for _, account := range numbered(rows) {
		c := bare(account)
		c.Password = r.seal(0, account, 1)
		insert(ctx, t, s, c)
	}
	q := rotate.Query{KeyOtherThan: r.ids[1], Limit: 3}
	for done := 0; done < rows; {
		n, last, err := s.Batch(ctx, q, func(c *rotate.Credential) ([]rotate.Event, error) {
			c.Password = r.seal(1, c.Account, 1)
			return nil, nil
		})
		require.NoError(t, err)
		require.NotEmpty(t, last)
		done += n
		used(ctx, t, s, r, rows-done, done)
	}
	n, err := s.Count(ctx, rotate.Query{KeyOtherThan: r.ids[1]})
	require.NoError(t, err)
	require.Zero(t, n)
}
