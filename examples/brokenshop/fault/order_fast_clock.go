package fault

import (
	"context"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// orderFastClock: "changed since the order?" is asked as changed_at > ordered_at,
// and two machines wrote the two times. Where the one that took the password runs
// a minute ahead, the accounts of its last minute look as if they had obeyed an
// order that came after them.
func orderFastClock() parts {
	return parts{store: func(s rotate.Store) rotate.Store { return byTheClock{s} }}
}

type byTheClock struct{ rotate.Store }

func (s byTheClock) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	orders, err := s.Store.Orders(ctx, after)
	for i, o := range orders {
		if later := o.At.Add(time.Microsecond); o.Before.IsZero() || later.Before(o.Before) {
			orders[i].Before = later
		}
	}
	return orders, err
}
