package fault

import (
	"context"
	"net/http"

	"github.com/tillkey/tillkey/examples/shop/kettle"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// Open opens an instance of the reference shop with faults, and returns it with
// the handler to serve, which holds some of them. Without faults it is the
// reference shop. Seams of the configuration that are taken already come first.
// The caller closes the shop.
func Open(ctx context.Context, c kettle.Config, faults ...Fault) (*kettle.Shop, http.Handler, error) {
	var all []parts
	for _, f := range faults {
		all = append(all, f.parts())
	}
	first := c
	c.Store = func(s rotate.Store) rotate.Store {
		if first.Store != nil {
			s = first.Store(s)
		}
		for _, p := range all {
			if p.store != nil {
				s = p.store(s)
			}
		}
		return s
	}
	c.Lists = func(list []policy.List) []policy.List {
		if first.Lists != nil {
			list = first.Lists(list)
		}
		for _, p := range all {
			if p.lists != nil {
				list = p.lists(list)
			}
		}
		return list
	}
	c.Keeper = func(k *rotate.Config) {
		if first.Keeper != nil {
			first.Keeper(k)
		}
		for _, p := range all {
			if p.keeper != nil {
				p.keeper(k)
			}
		}
	}
	c.Gate = func(g *web.Gate) {
		if first.Gate != nil {
			first.Gate(g)
		}
		for _, p := range all {
			if p.gate != nil {
				p.gate(g)
			}
		}
	}
	shop, err := kettle.Open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	handler := shop.Handler()
	for _, p := range all {
		if p.handler != nil {
			handler = p.handler(c, handler)
		}
	}
	return shop, handler, nil
}
