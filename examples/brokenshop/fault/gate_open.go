package fault

import (
	"context"
	"math"
	"net/http"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// gateOpen lets the gate, and nothing else, see no reason to stop a request. A
// shop would return at the top of its middleware; the pages of this one ask the
// gate once more, so the mistake is made where both ask.
func gateOpen(past func(*http.Request) bool) parts {
	mark := new(int) // one of this fault and this instance alone
	return parts{
		gate: func(g *web.Gate) {
			load := g.Load
			g.Load = func(r *http.Request) (rotate.Session, error) {
				s, err := load(r)
				if past(r) {
					// The gate asks its Keeper with this request, and the pages get
					// another.
					*r = *r.WithContext(context.WithValue(r.Context(), mark, true))
				}
				return s, err
			}
		},
		store: func(s rotate.Store) rotate.Store { return lenient{s, mark} },
	}
}

// lenient shows a row for which nothing is due to who brings the mark.
type lenient struct {
	rotate.Store
	mark any
}

func (s lenient) Load(ctx context.Context, account string) (rotate.Credential, error) {
	c, err := s.Store.Load(ctx, account)
	if ctx.Value(s.mark) != nil {
		c.Forced, c.ClearedSeq = nil, math.MaxInt64
	}
	return c, err
}
