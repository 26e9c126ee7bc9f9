package fault

import (
	"errors"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// sessionSurvives: what the session holds is the customer's number, as in every
// tutorial. A password that was changed because somebody else was signed in
// leaves that somebody signed in.
func sessionSurvives() parts {
	var store rotate.Store
	return parts{
		keeper: func(k *rotate.Config) { store = k.Store },
		gate: func(g *web.Gate) {
			load := g.Load
			g.Load = func(r *http.Request) (rotate.Session, error) {
				s, err := load(r)
				if err != nil || s.IsZero() {
					return s, err
				}
				c, err := store.Load(r.Context(), s.Account)
				if errors.Is(err, rotate.ErrNotFound) {
					return rotate.Session{}, nil
				}
				s.Epoch = c.Epoch
				return s, err
			}
		},
	}
}
