package rotate

import (
	"context"
	"time"
)

const (
	// sweepSlice is how many rows Run sweeps between two deliveries.
	sweepSlice = 10 * MaxBatch
	// deliverAtOnce is how many events are leased at once, leaseFor for how long.
	deliverAtOnce = 100
	leaseFor      = time.Minute
)

// Run sweeps and delivers events until the context ends, and then returns the
// context's error. Every instance of a shop may run it; there is no leader.
// What goes wrong is told to Config.Failed and tried again after Config.Every.
func (k *Keeper) Run(ctx context.Context) error {
	ticker := time.NewTicker(k.every)
	defer ticker.Stop()
	for {
		if err := k.round(ctx); err != nil && ctx.Err() == nil && k.failed != nil {
			k.failed(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// round is one sweep over all accounts, with deliveries in between.
func (k *Keeper) round(ctx context.Context) error {
	for {
		report, err := k.Sweep(ctx, sweepSlice)
		if _, late := k.Deliver(ctx); err == nil {
			err = late
		}
		if err != nil || report.Done {
			return err
		}
	}
}

// Deliver hands the waiting events to Config.Events, oldest first, and returns
// how many it took. An event that Config.Events refuses comes again after a
// minute, and holds up no other; the error is that of the first one refused.
// Events that are delivered stay in the Store as the audit trail. Run calls it.
func (k *Keeper) Deliver(ctx context.Context) (int, error) {
	total := 0
	for {
		now := k.now()
		events, err := k.store.Lease(ctx, deliverAtOnce, now, now.Add(leaseFor))
		if err != nil || len(events) == 0 {
			return total, err
		}
		ids, refused := k.hand(ctx, events)
		// What was delivered must be marked even if the context ended meanwhile.
		marked := k.store.Delivered(context.WithoutCancel(ctx), ids)
		total += len(ids)
		if refused != nil {
			return total, refused
		}
		if marked != nil {
			return total, marked
		}
	}
}

// hand gives events to the shop. It returns the ids of those that were taken,
// and the first error.
func (k *Keeper) hand(ctx context.Context, events []Event) (ids []string, refused error) {
	for _, e := range events {
		if k.events != nil {
			if err := k.events(ctx, e); err != nil {
				if refused == nil {
					refused = err
				}
				if ctx.Err() != nil {
					break
				}
				continue
			}
		}
		ids = append(ids, e.ID)
	}
	return ids, refused
}
