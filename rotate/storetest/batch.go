package storetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func batchLaws() []law {
	return []law{
		{"it ends with an empty cursor", batchEnd},
		{"a loop meets each selected row once", batchLoop},
		{"a loop goes on past deleted rows", batchDeleted},
		{"an error undoes all rows and events", batchUndone},
		{"ErrUnchanged concerns one row", batchUnchanged},
		{"what fn was handed is a copy", batchCopies},
	}
}

func batchEnd(ctx context.Context, t *testing.T, s rotate.Store) {
	ran := false
	never := func(*rotate.Credential) ([]rotate.Event, error) {
		ran = true
		return nil, nil
	}
	insert(ctx, t, s, bare("b"))
	for _, q := range []rotate.Query{{After: "b"}, {Account: "a"}, {Group: "g"}, {HasPassword: true}, {ClearedBelow: -1}} {
		n, last, err := s.Batch(ctx, q, never)
		require.NoError(t, err)
		require.Zero(t, n, "%+v", q)
		require.Empty(t, last, "%+v", q)
	}
	require.False(t, ran)
}

// loop runs fn over everything q selects, as a sweep does.
func loop(ctx context.Context, s rotate.Store, q rotate.Query, fn edit) (n int, err error) {
	for {
		ran, last, err := s.Batch(ctx, q, fn)
		n += ran
		if err != nil || last == "" {
			return n, err
		}
		q.After = last
	}
}

func batchLoop(ctx context.Context, t *testing.T, s rotate.Store) {
	for _, account := range numbered(25) {
		c := bare(account)
		c.ClearedSeq = int64(len(account)) % 2
		insert(ctx, t, s, c)
		c = bare("skip " + account)
		c.ClearedSeq = 9
		insert(ctx, t, s, c)
	}
	// 25 rows in batches of 4, 5 and 25: a short last one, a full one, one.
	for i, limit := range []int{4, 5, 25} {
		n, err := loop(ctx, s, rotate.Query{ClearedBelow: 5, Limit: limit}, guessed)
		require.NoError(t, err)
		require.Equal(t, 25, n)
		for _, account := range numbered(25) {
			require.Equal(t, i+1, load(ctx, t, s, account).PasswordGuesses.Total, account)
			require.Zero(t, load(ctx, t, s, "skip "+account).PasswordGuesses.Total, account)
		}
	}
	// Rows that leave the selection as they are changed do not move the cursor.
	n, err := loop(ctx, s, rotate.Query{ClearedBelow: 5, Limit: 4}, func(c *rotate.Credential) ([]rotate.Event, error) {
		c.ClearedSeq = 5
		return nil, nil
	})
	require.NoError(t, err)
	require.Equal(t, 25, n)
}

func batchDeleted(ctx context.Context, t *testing.T, s rotate.Store) {
	names := numbered(9)
	for _, account := range names {
		insert(ctx, t, s, bare(account))
	}
	n, last, err := s.Batch(ctx, rotate.Query{Limit: 3}, guessed)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Equal(t, names[2], last)
	require.NoError(t, s.Erase(ctx, names[2], nil))
	require.NoError(t, s.Erase(ctx, names[3], nil))
	rest, err := loop(ctx, s, rotate.Query{After: last, Limit: 3}, guessed)
	require.NoError(t, err)
	require.Equal(t, 5, rest)
	for _, account := range append(names[:2:2], names[4:]...) {
		require.Equal(t, 1, load(ctx, t, s, account).PasswordGuesses.Total, account)
	}
}

func batchUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	names := numbered(5)
	for _, account := range names {
		insert(ctx, t, s, r.full(account))
	}
	_, _, err := s.Batch(ctx, rotate.Query{}, func(c *rotate.Credential) ([]rotate.Event, error) {
		account := c.Account
		*c = bare(account)
		c.Password = r.seal(1, account, 1)
		events := []rotate.Event{event(account, 1)}
		if account == names[3] {
			return events, errBoom
		}
		return events, nil
	})
	require.True(t, err == errBoom, "the error is %v, not what fn returned", err)
	for _, account := range names {
		require.Len(t, load(ctx, t, s, account).Retired, 64, account)
	}
	written(ctx, t, s)
	used(ctx, t, s, r, 5, 0)
}

func batchUnchanged(ctx context.Context, t *testing.T, s rotate.Store) {
	names := numbered(5)
	events := make(map[string]rotate.Event)
	var all []rotate.Event
	for i, account := range names {
		insert(ctx, t, s, bare(account))
		events[account] = event(account, i)
		all = append(all, events[account])
	}
	n, last, err := s.Batch(ctx, rotate.Query{}, func(c *rotate.Credential) ([]rotate.Event, error) {
		c.PasswordGuesses.Total++
		if c.Account == names[1] || c.Account == names[4] {
			return []rotate.Event{events[c.Account]}, rotate.ErrUnchanged
		}
		return []rotate.Event{events[c.Account]}, nil
	})
	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.Equal(t, names[4], last)
	for i, account := range names {
		want := [5]int{1, 0, 1, 1, 0}[i]
		require.Equal(t, want, load(ctx, t, s, account).PasswordGuesses.Total, account)
	}
	written(ctx, t, s, all...)
}

func batchCopies(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	want := map[string]rotate.Credential{"a": r.full("a"), "b": r.full("b")}
	insert(ctx, t, s, bare("a"), bare("b"))
	var kept []*rotate.Credential
	_, _, err := s.Batch(ctx, rotate.Query{}, func(c *rotate.Credential) ([]rotate.Event, error) {
		row := want[c.Account]
		*c = row.Clone()
		kept = append(kept, c)
		return nil, nil
	})
	require.NoError(t, err)
	for _, c := range kept {
		if c.Forced != nil {
			scribble(c)
		}
		*c = bare("c")
	}
	equalRow(t, want["a"], load(ctx, t, s, "a"))
	equalRow(t, want["b"], load(ctx, t, s, "b"))
}
