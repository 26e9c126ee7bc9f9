package storetest

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/rotate"
)

func orderLaws() []law {
	return []law{
		{"an order comes back as it was", orderFields},
		{"times are UTC and of microseconds", orderTimes},
		{"sequences have no gaps", orderParallel},
		{"they become visible in order", orderVisible},
		{"an error uses up no sequence", orderUndone},
		{"an order with another sequence is refused", orderSequence},
		{"they are read after a sequence, lowest first", orderAfter},
		{"events come with the order", orderEvents},
	}
}

func orderFields(ctx context.Context, t *testing.T, s rotate.Store) {
	var want []rotate.Order
	for i := range 3 {
		require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
			o := fullOrder(seq, "a")
			if i == 1 {
				// Nothing but what no order can do without.
				o = rotate.Order{ID: o.ID, Seq: seq}
			}
			want = append(want[:i], o)
			return o, nil, nil
		}))
	}
	require.Equal(t, want, log(ctx, t, s))
}

func orderTimes(ctx context.Context, t *testing.T, s rotate.Store) {
	given := start().Add(789 * time.Nanosecond).In(time.FixedZone("Kathmandu", (5*60+45)*60))
	require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		o := fullOrder(seq, "a")
		o.At, o.Before = given, given
		return o, nil, nil
	}))
	o := log(ctx, t, s)[0]
	for _, got := range []time.Time{o.At, o.Before} {
		require.Equal(t, time.UTC, got.Location())
		require.Zero(t, got.Nanosecond()%1000)
		require.Less(t, got.Sub(given).Abs(), time.Microsecond)
	}
}

func orderParallel(ctx context.Context, t *testing.T, s rotate.Store) {
	const workers, rounds = 10, 5
	parallel(t, workers, func(int) error {
		for range rounds {
			if err := s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
				e := event("", int(seq))
				e.Left = int(seq)
				return order(seq, ""), []rotate.Event{e}, nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	for i, seq := range seqs(log(ctx, t, s)) {
		require.Equal(t, int64(i+1), seq)
	}
	require.Len(t, log(ctx, t, s), workers*rounds)
	events, err := s.Events(ctx, "", "", 1000)
	require.NoError(t, err)
	require.Len(t, events, workers*rounds)
	for i, e := range events {
		require.Equal(t, workers*rounds-i, e.Left, "events are in the order of their writing")
	}
}

// orderVisible reads the new end of the log while others add to it, as every
// process does with its copy: an order that shows up late would never be read.
func orderVisible(ctx context.Context, t *testing.T, s rotate.Store) {
	const writers, rounds = 4, 10
	parallel(t, writers+1, func(i int) error {
		if i < writers {
			for range rounds {
				if err := s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
					return order(seq, ""), nil, nil
				}); err != nil {
					return err
				}
			}
			return nil
		}
		for last := int64(0); last < writers*rounds; {
			fresh, err := s.Orders(ctx, last)
			if err != nil {
				return err
			}
			for _, o := range fresh {
				if o.Seq != last+1 {
					return fmt.Errorf("order %d became visible before order %d", o.Seq, last+1)
				}
				last = o.Seq
			}
		}
		return nil
	})
}

func orderUndone(ctx context.Context, t *testing.T, s rotate.Store) {
	require.Equal(t, int64(1), place(ctx, t, s, "").Seq)
	for range 3 {
		err := s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
			return order(seq, ""), []rotate.Event{event("", 1)}, errBoom
		})
		require.True(t, err == errBoom, "the error is %v, not what fn returned", err)
	}
	written(ctx, t, s)
	require.Equal(t, int64(2), place(ctx, t, s, "").Seq)
	require.Equal(t, []int64{1, 2}, seqs(log(ctx, t, s)))
}

func orderSequence(ctx context.Context, t *testing.T, s rotate.Store) {
	for _, off := range []int64{-1, 1, 1000} {
		require.Error(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
			return order(seq+off, ""), []rotate.Event{event("", 1)}, nil
		}))
	}
	require.Empty(t, log(ctx, t, s))
	written(ctx, t, s)
	require.Equal(t, int64(1), place(ctx, t, s, "").Seq)
}

func orderAfter(ctx context.Context, t *testing.T, s rotate.Store) {
	var placed []rotate.Order
	for i := range 12 {
		o := place(ctx, t, s, "")
		if i == 7 {
			// A withdrawal is a row like any other.
			require.NoError(t, s.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
				o = rotate.Order{ID: o.ID + "-w", Seq: seq, At: at(int(seq)), Actor: "staff", Withdraws: placed[0].ID}
				return o, nil, nil
			}))
		}
		placed = append(placed, o)
	}
	all := log(ctx, t, s)
	require.Len(t, all, 13)
	for after := int64(-1); after < 15; after++ {
		got, err := s.Orders(ctx, after)
		require.NoError(t, err)
		require.Equal(t, seqs(all[min(max(after, 0), 13):]), seqs(got), "after %d", after)
	}
	got, err := s.Orders(ctx, math.MaxInt64)
	require.NoError(t, err)
	require.Empty(t, got)

	// What was handed out is the caller's.
	all[0].Actor, all[0].Account = "changed", "changed"
	require.Equal(t, placed[0], log(ctx, t, s)[0])
}

func orderEvents(ctx context.Context, t *testing.T, s rotate.Store) {
	first, second, third := event("", 1), event("", 1), event("", 1)
	place(ctx, t, s, "", first, second)
	place(ctx, t, s, "", third)
	written(ctx, t, s, first, second, third)
}
