package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func renameLaws() []law {
	return []law{
		{"it needs a row to move and a free account", renameRefused},
		{"the whole row moves", renameRow},
		{"nothing is left under the old account", renameTrace},
		{"an error leaves the row where it is", renameUndone},
		{"of parallel moves to one account one wins", renameParallel},
		{"a moved account can be erased", renameErase},
	}
}

func renameRefused(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	a, b := r.full("a"), r.full("b")
	insert(ctx, t, s, a, b)
	ran := false
	fn := func(*rotate.Credential) ([]rotate.Event, error) {
		ran = true
		return []rotate.Event{event("a", 1)}, nil
	}
	require.ErrorIs(t, s.Rename(ctx, "x", "y", fn), rotate.ErrNotFound)
	require.ErrorIs(t, s.Rename(ctx, "a", "b", fn), rotate.ErrExists)
	require.ErrorIs(t, s.Rename(ctx, "a", "a", fn), rotate.ErrExists)
	require.False(t, ran, "fn ran without a place to write to")
	equalRow(t, a, load(ctx, t, s, "a"))
	equalRow(t, b, load(ctx, t, s, "b"))
	gone(ctx, t, s, "y")
	written(ctx, t, s)
}

func renameRow(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	from, to := r.full("a"), r.full("B")
	insert(ctx, t, s, from)
	e := event("B", 1)
	var seen rotate.Credential
	require.NoError(t, s.Rename(ctx, "a", "B", func(c *rotate.Credential) ([]rotate.Event, error) {
		seen = c.Clone()
		*c = to.Clone()
		c.Password = r.seal(1, "B", 1)
		return []rotate.Event{e}, nil
	}))
	from.Account = "B"
	equalRow(t, from, seen)
	got := load(ctx, t, s, "B")
	to.Password = got.Password
	equalRow(t, to, got)
	gone(ctx, t, s, "a")
	written(ctx, t, s, e)
	used(ctx, t, s, r, 1, 1)

	// The old account is free again, and its own.
	insert(ctx, t, s, bare("a"))
	require.NoError(t, s.Update(ctx, "a", guessed))
	equalRow(t, to, load(ctx, t, s, "B"))
}

func renameTrace(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	before := []rotate.Event{event("a", 1), event("a", 2), event("other", 3)}
	require.NoError(t, s.Insert(ctx, r.full("a"), before))
	insert(ctx, t, s, r.full("other"))
	place(ctx, t, s, "a")
	place(ctx, t, s, "other")
	place(ctx, t, s, "")
	move := event("b", 4)
	require.NoError(t, s.Rename(ctx, "a", "b", func(c *rotate.Credential) ([]rotate.Event, error) {
		return []rotate.Event{move}, nil
	}))

	gone(ctx, t, s, "a")
	for account, want := range map[string][]string{"a": {}, "b": {"b"}, "": {"b", "other"}} {
		page, err := s.Page(ctx, rotate.Query{Account: account})
		require.NoError(t, err)
		require.Equal(t, want, accounts(page))
		n, err := s.Count(ctx, rotate.Query{Account: account})
		require.NoError(t, err)
		require.Equal(t, len(want), n)
	}
	page, err := s.Page(ctx, rotate.Query{Group: r.full("x").Group})
	require.NoError(t, err)
	require.Equal(t, []string{"b", "other"}, accounts(page), "rows of the group")
	used(ctx, t, s, r, 2)

	// What is told and ordered about the account follows it.
	require.Empty(t, trail(ctx, t, s, "a"))
	require.Equal(t, []string{before[0].ID, before[1].ID, move.ID}, trail(ctx, t, s, "b"))
	require.Equal(t, []string{before[2].ID}, trail(ctx, t, s, "other"))
	written(ctx, t, s, append(before, move)...)
	var about []string
	for _, o := range log(ctx, t, s) {
		about = append(about, o.Account)
	}
	require.Equal(t, []string{"b", "other", ""}, about, "accounts of the orders")
}

func renameUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 2)
	want := r.full("a")
	before := event("a", 1)
	require.NoError(t, s.Insert(ctx, want, []rotate.Event{before}))
	place(ctx, t, s, "a")
	err := s.Rename(ctx, "a", "b", func(c *rotate.Credential) ([]rotate.Event, error) {
		*c = bare("b")
		c.Password = r.seal(1, "b", 1)
		return []rotate.Event{event("b", 2)}, errBoom
	})
	require.True(t, err == errBoom, "the error is %v, not what fn returned", err)
	equalRow(t, want, load(ctx, t, s, "a"))
	gone(ctx, t, s, "b")
	written(ctx, t, s, before)
	require.Equal(t, []string{before.ID}, trail(ctx, t, s, "a"))
	require.Equal(t, "a", log(ctx, t, s)[0].Account)
	used(ctx, t, s, r, 1, 0)
}

func renameParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers = 6
	names := numbered(workers)
	for i, account := range names {
		c := bare(account)
		c.Epoch = int64(i)
		insert(ctx, t, s, c)
	}
	var won [workers]bool
	parallel(t, workers, func(i int) error {
		err := s.Rename(ctx, names[i], "to", guessed)
		won[i] = err == nil
		if errors.Is(err, rotate.ErrExists) {
			return nil
		}
		return err
	})
	c := load(ctx, t, s, "to")
	require.Equal(t, 1, c.PasswordGuesses.Total)
	for i, account := range names {
		require.Equal(t, int(c.Epoch) == i, won[i], "worker %d, where %d won", i, c.Epoch)
		if won[i] {
			gone(ctx, t, s, account)
		} else {
			load(ctx, t, s, account)
		}
	}
}

// renameErase checks that erasing finds what a former account left.
func renameErase(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	require.NoError(t, s.Insert(ctx, r.full("a"), []rotate.Event{event("a", 1)}))
	place(ctx, t, s, "a", event("a", 2))
	require.NoError(t, s.Rename(ctx, "a", "b", func(c *rotate.Credential) ([]rotate.Event, error) {
		moved := rotate.Event{ID: event("", 0).ID, At: at(3), Kind: rotate.Moved, Account: "a", To: "b"}
		return []rotate.Event{moved, event("b", 3)}, nil
	}))
	end := event("", 4)
	require.NoError(t, s.Erase(ctx, "b", []rotate.Event{end}))
	written(ctx, t, s, end)
	require.Empty(t, log(ctx, t, s))
	used(ctx, t, s, r, 0)
}
