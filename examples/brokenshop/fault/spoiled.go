package fault

import (
	"context"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// spoiled is a Store that changes every write of a row once more, in the same
// transaction.
type spoiled struct {
	rotate.Store
	// spoil gets the row as it was, as it is to be, and what happened.
	spoil func(before, c *rotate.Credential, events []rotate.Event) error
}

func (s spoiled) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.Store.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
		before := c.Clone()
		events, err := fn(c)
		if err == nil {
			err = s.spoil(&before, c, events)
		}
		return events, err
	})
}

// happened tells whether an event of a kind is among those of a write.
func happened(events []rotate.Event, kind rotate.Kind) bool {
	return slices.ContainsFunc(events, func(e rotate.Event) bool { return e.Kind == kind })
}
