package rotate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// logStore is a Store of which only the log of orders is there. It tells how it
// was asked.
type logStore struct {
	Store
	mu    sync.Mutex
	log   []Order
	asked []int64
	err   error
}

func (s *logStore) add(orders ...Order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range orders {
		o.Seq = int64(len(s.log) + 1)
		s.log = append(s.log, o)
	}
}

func (s *logStore) Orders(_ context.Context, after int64) ([]Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, after)
	return slices.Clone(s.log[min(after, int64(len(s.log))):]), s.err
}

func seqs(orders []Order) (all []int64) {
	for _, o := range orders {
		all = append(all, o.Seq)
	}
	return all
}

// TestOrderLog: a copy is at most a second old, and only the new end of the log
// is ever read again, with the last order known to tell whether it is the same log. The clock of the copy is the process's own, here a
// bubble's.
func TestOrderLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &logStore{}
		k := &Keeper{store: s, log: &orderLog{}}
		read := func(maxAge time.Duration, want ...int64) int64 {
			t.Helper()
			orders, last, err := k.orders(t.Context(), maxAge)
			require.NoError(t, err)
			require.Equal(t, want, seqs(orders))
			return last
		}
		require.Zero(t, read(time.Second))
		s.add(Order{ID: "a"}, Order{ID: "b"})
		require.Zero(t, read(time.Second), "this copy is young enough")
		time.Sleep(time.Second)
		require.Zero(t, read(time.Second))
		require.Equal(t, []int64{0}, s.asked)
		time.Sleep(time.Nanosecond)
		require.Equal(t, int64(2), read(time.Second, 1, 2))
		s.add(Order{ID: "w", Withdraws: "a"}, Order{ID: "c"})
		require.Equal(t, int64(2), read(time.Second, 1, 2))
		require.Equal(t, int64(4), read(0, 2, 4), "0 reads the Store")
		require.Equal(t, int64(4), read(time.Second, 2, 4), "and what it read is known from then on")
		require.Equal(t, []int64{0, 0, 1}, s.asked)
		s.add(Order{ID: "d"})
		k.log.refresh()
		require.Equal(t, int64(5), read(time.Second, 2, 4, 5))
		require.Equal(t, []int64{0, 0, 1, 3}, s.asked)
		k.log.forget()
		require.Equal(t, int64(5), read(time.Second, 2, 4, 5))
		require.Equal(t, []int64{0, 0, 1, 3, 0}, s.asked)
	})
}

// TestOrderLogKeepsTryingAfterAnError: an old copy is never given for a new one.
func TestOrderLogKeepsTryingAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &logStore{}
		s.add(Order{ID: "a"})
		k := &Keeper{store: s, log: &orderLog{}}
		_, _, err := k.orders(t.Context(), time.Second)
		require.NoError(t, err)
		s.err = errors.New("away")
		_, _, err = k.orders(t.Context(), time.Second)
		require.NoError(t, err)
		time.Sleep(time.Second + 1)
		for range 3 {
			_, _, err = k.orders(t.Context(), time.Second)
			require.ErrorIs(t, err, s.err)
		}
		s.err = nil
		orders, last, err := k.orders(t.Context(), time.Second)
		require.NoError(t, err)
		require.Equal(t, int64(1), last)
		require.Len(t, orders, 1)
	})
}

// TestOrderLogInParallel: readers see a beginning of the log, whatever is added
// meanwhile, and may append to what they got.
func TestOrderLogInParallel(t *testing.T) {
	s := &logStore{}
	k := &Keeper{store: s, log: &orderLog{}}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 100 {
				s.add(Order{ID: ID(fmt.Sprint(i, "-", j))})
				orders, last, err := k.orders(t.Context(), time.Duration(j%2)*time.Second)
				if err != nil || int64(len(orders)) != last {
					t.Errorf("%d orders up to %d: %v", len(orders), last, err)
				}
				_ = append(orders, Order{ID: "mine"})
			}
		})
	}
	group.Wait()
	orders, last, err := k.orders(t.Context(), 0)
	require.NoError(t, err)
	require.Equal(t, int64(800), last)
	for i, o := range orders {
		require.Equal(t, int64(i+1), o.Seq)
	}
}

// TestOrderLogOfAStoreThatWentBack to a backup, or whose last order was erased:
// the copy is dropped, and read in full.
func TestOrderLogOfAStoreThatWentBack(t *testing.T) {
	for name, back := range map[string]func(*logStore){
		"shorter": func(s *logStore) { s.log = s.log[:1] },
		"empty":   func(s *logStore) { s.log = nil },
		"another order in its place": func(s *logStore) {
			s.log = slices.Clone(s.log)
			s.log[2].ID = "another"
		},
		"grown again": func(s *logStore) {
			s.log = slices.Clone(s.log[:1])
			s.add(Order{ID: "x"}, Order{ID: "y"}, Order{ID: "z"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &logStore{}
			s.add(Order{ID: "a"}, Order{ID: "b"}, Order{ID: "c"})
			k := &Keeper{store: s, log: &orderLog{}}
			_, last, err := k.orders(t.Context(), 0)
			require.NoError(t, err)
			require.Equal(t, int64(3), last)
			back(s)
			orders, last, err := k.orders(t.Context(), 0)
			require.NoError(t, err)
			require.Equal(t, int64(len(s.log)), last)
			require.Equal(t, seqs(s.log), seqs(orders))
			for i, o := range orders {
				require.Equal(t, s.log[i].ID, o.ID)
			}
		})
	}
}
