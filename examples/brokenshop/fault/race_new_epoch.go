package fault

import (
	"context"
	"errors"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// raceNewEpoch: a sign-in reads the row, verifies for a while, and then reads the
// version for the session, or the session library does when it opens one. A
// change in between ended every session of the old password but this one, which
// begins after it and is valid.
func raceNewEpoch() parts {
	m := &reads{}
	var store rotate.Store
	return parts{
		store:   func(s rotate.Store) rotate.Store { return blind{s, m} },
		handler: m.handler,
		keeper:  func(k *rotate.Config) { store = k.Store },
		gate: func(g *web.Gate) {
			keep := g.Keep
			g.Keep = func(w http.ResponseWriter, r *http.Request, s rotate.Session) error {
				c, err := store.Load(r.Context(), s.Account)
				if err != nil {
					return err
				}
				s.Epoch = c.Epoch
				return keep(w, r, s)
			}
		},
	}
}

// blind lets a sign-in decide by the row that it has read, where the row of now
// would stop it.
type blind struct {
	rotate.Store
	reads *reads
}

func (s blind) Load(ctx context.Context, account string) (rotate.Credential, error) {
	return s.reads.load(ctx, s.Store, account)
}

func (s blind) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.Store.Update(ctx, account, func(c *rotate.Credential) ([]rotate.Event, error) {
		events, err := fn(c)
		old, ok := s.reads.row(ctx, account)
		if !errors.Is(err, rotate.ErrUnchanged) || !ok || old.Epoch == c.Epoch {
			return events, err
		}
		if events, err = fn(&old); err == nil {
			c.SignedIn, c.PasswordGuesses = old.SignedIn, old.PasswordGuesses
		}
		return events, err
	})
}
