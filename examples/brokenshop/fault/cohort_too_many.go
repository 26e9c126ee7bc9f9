package fault

import (
	"context"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// cohortTooMany: the page asks for the day, the dry run counts by it, and the
// statement that writes the order has no clause for it. Nobody notices in a test
// database in which every password is old; in the shop, customers who changed
// yesterday are told to change again.
func cohortTooMany() parts {
	return parts{store: func(s rotate.Store) rotate.Store { return withoutDay{s} }}
}

type withoutDay struct{ rotate.Store }

func (s withoutDay) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	return s.Store.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		o, events, err := fn(seq)
		o.Before = time.Time{}
		return o, events, err
	})
}
