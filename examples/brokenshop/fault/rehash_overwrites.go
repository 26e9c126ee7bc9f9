package fault

import (
	"context"

	"github.com/tillkey/tillkey/rotate"
)

// rehashOverwrites: the stored hash is of an old kind, so the sign-in makes a
// better one and says UPDATE ... SET password = ? WHERE id = ?, without AND
// password = the one that was verified. If the customer, or a reset, has changed
// the password while it was hashed, the old one is back.
func rehashOverwrites() parts {
	m := &reads{}
	return parts{
		store:   func(s rotate.Store) rotate.Store { return overwriting{s, m} },
		handler: m.handler,
	}
}

type overwriting struct {
	rotate.Store
	reads *reads
}

func (s overwriting) Load(ctx context.Context, account string) (rotate.Credential, error) {
	return s.reads.load(ctx, s.Store, account)
}

func (s overwriting) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.Store.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
		if old, ok := s.reads.row(ctx, account); ok && old.Password != c.Password {
			if events, err := fn(&old); err == nil && happened(events, rotate.HashUpgraded) {
				c.Password, c.Format = old.Password, old.Format
				return events, nil
			}
		}
		return fn(c)
	})
}
