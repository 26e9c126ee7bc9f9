package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func eraseLaws() []law {
	return []law{
		{"without a row nothing happens", eraseMissing},
		{"no row names the account any more", eraseComplete},
		{"no other account is touched", eraseAlone},
		{"the account can come back as a stranger", eraseAgain},
		{"a sequence never comes back", eraseSequence},
		{"of parallel calls one finds the row", eraseParallel},
	}
}

func eraseMissing(ctx context.Context, t *testing.T, s rotate.Store) {
	// Of an account without a row there may be events all the same.
	e := event("b", 1)
	require.NoError(t, s.Insert(ctx, bare("a"), []rotate.Event{e}))
	require.ErrorIs(t, s.Erase(ctx, "b", []rotate.Event{event("", 2)}), rotate.ErrNotFound)
	load(ctx, t, s, "a")
	written(ctx, t, s, e)
}

func eraseComplete(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	var about []rotate.Event
	for i := range 4 {
		about = append(about, event("a", i))
	}
	full := fullEvent("a")
	moved := event("before", 5)
	moved.Kind, moved.To = rotate.Moved, "a"
	require.NoError(t, s.Insert(ctx, r.full("a"), append(about, full, moved)))
	require.NoError(t, s.Delivered(ctx, []string{about[0].ID}))
	_, err := s.Lease(ctx, 1, at(0), at(1000))
	require.NoError(t, err)
	placed := event("", 6)
	require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		return fullOrder(seq, "a"), []rotate.Event{placed}, nil
	}))

	// As a member of staff, the account acted on others. That is about them.
	acted := event("b", 7)
	acted.Actor = "a"
	require.NoError(t, s.Insert(ctx, bare("b"), []rotate.Event{acted}))

	end := event("", 8)
	require.NoError(t, s.Erase(ctx, "a", []rotate.Event{end}))
	gone(ctx, t, s, "a")
	for _, q := range []rotate.Query{{Account: "a"}, {Group: r.full("x").Group}, {HasPassword: true}} {
		page, err := s.Page(ctx, q)
		require.NoError(t, err)
		require.Empty(t, page)
		n, err := s.Count(ctx, q)
		require.NoError(t, err)
		require.Zero(t, n)
		n, last, err := s.Batch(ctx, q, unchanged)
		require.NoError(t, err)
		require.Zero(t, n)
		require.Empty(t, last)
	}
	require.Empty(t, trail(ctx, t, s, "a"))
	written(ctx, t, s, placed, acted, end)
	require.Empty(t, log(ctx, t, s))
	used(ctx, t, s, r, 0)
	require.ErrorIs(t, s.Erase(ctx, "a", nil), rotate.ErrNotFound)
}

func eraseAlone(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	others := []string{"A", "a ", "ä", "aa", "a/b", "a%", "%", "_", "\uffee"}
	all := append([]string{"a"}, others...)
	kept := make(map[string]rotate.Credential)
	var left []rotate.Event
	for i, account := range all {
		e, c := event(account, i), r.full(account)
		require.NoError(t, s.Insert(ctx, c, []rotate.Event{e}))
		place(ctx, t, s, account)
		if account != "a" {
			kept[account] = c
			left = append(left, e)
		}
	}
	realm := event("", 100)
	place(ctx, t, s, "", realm)
	require.NoError(t, s.Erase(ctx, "a", nil))
	for account, c := range kept {
		equalRow(t, c, load(ctx, t, s, account))
	}
	written(ctx, t, s, append(left, realm)...)
	about := []string{}
	for _, o := range log(ctx, t, s) {
		about = append(about, o.Account)
	}
	require.Equal(t, append(others, ""), about, "accounts of the orders")
	used(ctx, t, s, r, len(others))
}

func eraseAgain(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	require.NoError(t, s.Insert(ctx, r.full("a"), []rotate.Event{event("a", 1)}))
	require.NoError(t, s.Erase(ctx, "a", nil))
	require.ErrorIs(t, s.Update(ctx, "a", guessed), rotate.ErrNotFound)
	e := event("a", 2)
	require.NoError(t, s.Insert(ctx, bare("a"), []rotate.Event{e}))
	equalRow(t, bare("a"), load(ctx, t, s, "a"))
	written(ctx, t, s, e)
}

// eraseSequence guards sessions: they compare the sequence they carry with
// those of orders.
func eraseSequence(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"))
	require.Equal(t, int64(1), place(ctx, t, s, "").Seq)
	require.Equal(t, int64(2), place(ctx, t, s, "a").Seq)
	require.NoError(t, s.Erase(ctx, "a", nil))
	require.Equal(t, int64(3), place(ctx, t, s, "").Seq)
	require.Equal(t, []int64{1, 3}, seqs(log(ctx, t, s)))
}

func eraseParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	insert(ctx, t, s, bare("a"))
	var won atomic.Int32
	parallel(t, 6, func(i int) error {
		err := s.Erase(ctx, "a", []rotate.Event{event("", i)})
		if errors.Is(err, rotate.ErrNotFound) {
			return nil
		}
		won.Add(1)
		return err
	})
	require.EqualValues(t, 1, won.Load())
	require.Len(t, trail(ctx, t, s, ""), 1)
}
