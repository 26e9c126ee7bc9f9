package hash

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// endsLater is a context that ends after it was asked once.
type endsLater struct {
	context.Context
	asked int
}

func (c *endsLater) Err() error {
	if c.asked++; c.asked > 1 {
		return context.Canceled
	}
	return nil
}

// A permit whose call gave up before its first hash says nothing about how long
// hashes take.
func TestHoldIsOfHashesAlone(t *testing.T) {
	t.Parallel()
	budget, err := NewBudget(BudgetConfig{Slots: 1})
	require.NoError(t, err)
	step := work{bytes: 1, steps: []func() error{func() error { return nil }}}
	require.ErrorIs(t, budget.run(&endsLater{Context: context.Background()}, step), context.Canceled)
	require.Zero(t, budget.hold)
	require.NoError(t, budget.acquire(context.Background(), 1))
	budget.release(1, time.Second, 1)
	for range 100 {
		require.ErrorIs(t, budget.run(&endsLater{Context: context.Background()}, step), context.Canceled)
	}
	require.Equal(t, time.Second, budget.hold)
	require.Zero(t, budget.Stats().Running)
	require.EqualValues(t, 102, budget.Stats().Granted)
}

// The default queue is one that may be asked for.
func TestDefaultQueue(t *testing.T) {
	t.Parallel()
	for slots, queue := range map[int]int{1: 64, 4: 256, maxQueue / queuePerSlot: maxQueue, maxSlots: maxQueue} {
		budget, err := NewBudget(BudgetConfig{Slots: slots})
		require.NoError(t, err)
		require.Equal(t, queue, budget.queued)
	}
}
