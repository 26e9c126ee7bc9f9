package fault

import (
	"context"
	"net/http"
	"sync"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/rotate"
)

// reads remembers for each request the rows it has read, as an object mapper
// does.
type reads struct{ _ byte } // not empty: its address is the key

// handler begins the memory of a request.
func (m *reads) handler(_ kettle.Config, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), m, &sync.Map{})))
	})
}

func (m *reads) of(ctx context.Context) *sync.Map {
	rows, ok := ctx.Value(m).(*sync.Map)
	if !ok {
		return &sync.Map{} // not a request: nothing is remembered
	}
	return rows
}

// load reads a row and remembers it.
func (m *reads) load(ctx context.Context, s rotate.Store, account string) (rotate.Credential, error) {
	c, err := s.Load(ctx, account)
	if err == nil {
		m.of(ctx).Store(account, c.Clone())
	}
	return c, err
}

// row returns the row as this request has read it.
func (m *reads) row(ctx context.Context, account string) (c rotate.Credential, ok bool) {
	v, ok := m.of(ctx).Load(account)
	if ok {
		old := v.(rotate.Credential)
		c = old.Clone()
	}
	return c, ok
}
