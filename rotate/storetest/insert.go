package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func insertLaws() []law {
	return []law{
		{"an empty Store holds nothing", emptyStore},
		{"an account has one row", insertTwice},
		{"of parallel inserts one wins", insertParallel},
		{"events come with the row", insertEvents},
		{"the row is a copy", insertCopies},
	}
}

func emptyStore(ctx context.Context, t *testing.T, s rotate.Store) {
	gone(ctx, t, s, "a")
	page, err := s.Page(ctx, rotate.Query{})
	require.NoError(t, err)
	require.Empty(t, page)
	n, err := s.Count(ctx, rotate.Query{})
	require.NoError(t, err)
	require.Zero(t, n)
	written(ctx, t, s)
	require.Empty(t, log(ctx, t, s))
	keys, err := s.Keys(ctx)
	require.NoError(t, err)
	require.Empty(t, keys)
	n, err = s.KeyUse(ctx, "kaaaaaaaa")
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = s.Prune(ctx, start(), 0)
	require.NoError(t, err)
	require.Zero(t, n)
}

func insertTwice(ctx context.Context, t *testing.T, s rotate.Store) {
	first, second := newRing(t, 1).full("a"), bare("a")
	e := event("a", 1)
	require.NoError(t, s.Insert(ctx, first, []rotate.Event{e}))
	require.ErrorIs(t, s.Insert(ctx, second, []rotate.Event{event("a", 2)}), rotate.ErrExists)
	equalRow(t, first, load(ctx, t, s, "a"))
	written(ctx, t, s, e)
}

func insertParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers = 8
	won := make([]bool, workers)
	own := make([]rotate.Event, workers)
	for i := range own {
		own[i] = event("a", i)
	}
	parallel(t, workers, func(i int) error {
		c := bare("a")
		c.Epoch = int64(i)
		err := s.Insert(ctx, c, own[i:i+1])
		won[i] = err == nil
		if errors.Is(err, rotate.ErrExists) {
			return nil
		}
		return err
	})
	winner := int(load(ctx, t, s, "a").Epoch)
	for i := range won {
		require.Equal(t, i == winner, won[i], "worker %d, where %d won", i, winner)
	}
	written(ctx, t, s, own[winner])
}

func insertEvents(ctx context.Context, t *testing.T, s rotate.Store) {
	// All at one moment: what keeps them in order is the list.
	var events []rotate.Event
	for range 9 {
		events = append(events, event("a", 1))
	}
	require.NoError(t, s.Insert(ctx, bare("a"), events))
	written(ctx, t, s, events...)
}

func insertCopies(ctx context.Context, t *testing.T, s rotate.Store) {
	r := newRing(t, 1)
	c := r.full("a")
	want := c.Clone()
	e := event("a", 1)
	events := []rotate.Event{e}
	require.NoError(t, s.Insert(ctx, c, events))
	scribble(&c)
	events[0] = rotate.Event{}
	got := load(ctx, t, s, "a")
	equalRow(t, want, got)
	written(ctx, t, s, e)

	scribble(&got)
	equalRow(t, want, load(ctx, t, s, "a"))
	page, err := s.Page(ctx, rotate.Query{})
	require.NoError(t, err)
	require.Len(t, page, 1)
	scribble(&page[0])
	equalRow(t, want, load(ctx, t, s, "a"))
}

// scribble writes over everything that a row points to.
func scribble(c *rotate.Credential) {
	*c.Forced, *c.Factor, *c.Pending = rotate.Forced{}, rotate.Factor{}, rotate.Factor{}
	clear(c.Recovery)
	clear(c.Retired)
	clear(c.Spent)
	clear(c.Ended)
}
