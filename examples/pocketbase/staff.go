package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/tillkey/tillkey/rotate"
)

// staffRoutes are for customers whom the shop calls staff, with a session of the
// second factor and a proof of the last minutes. For others there are none.
func (s *shop) staffRoutes(g *router.RouterGroup[*core.RequestEvent]) {
	g.BindFunc(staffOnly, apis.WrapStdMiddleware(s.gate.Fresh(0)))
	g.POST("/orders/count", s.ordered(func(ctx context.Context, o rotate.Order) (any, error) {
		n, err := s.preview(ctx, o)
		return map[string]int{"count": n}, err
	}))
	g.POST("/orders", s.ordered(func(ctx context.Context, o rotate.Order) (any, error) {
		id, err := s.keeper.Force(ctx, o)
		return map[string]rotate.ID{"id": id}, err
	}))
	g.POST("/orders/withdraw", s.ordered(func(ctx context.Context, o rotate.Order) (any, error) {
		return nil, s.keeper.Withdraw(ctx, o.Withdraws, o.Actor, o.Note)
	}))
	g.GET("/orders", s.ordered(func(ctx context.Context, _ rotate.Order) (any, error) { return campaigns(ctx, s.keeper) }))
	g.GET("/audit", func(e *core.RequestEvent) error {
		list, err := audit(e.Request.Context(), s.keeper, e.Request.URL.Query().Get("before"))
		return s.shown(e, list, err)
	})
}

// ordered is the handler of a route that takes an order.
func (s *shop) ordered(do func(context.Context, rotate.Order) (any, error)) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		var typed typedOrder
		if err := e.BindBody(&typed); err != nil {
			return err
		}
		order, err := typed.order(e.Auth.Id)
		if err != nil {
			return err
		}
		result, err := do(e.Request.Context(), order)
		return s.shown(e, result, err)
	}
}

func (s *shop) shown(e *core.RequestEvent, result any, err error) error {
	if err != nil || result == nil {
		return s.finish(e, rotate.Decision{}, nil, err)
	}
	return e.JSON(http.StatusOK, result)
}

// typedOrder is an order as staff types it, here or on the command line.
type typedOrder struct {
	// Account is one customer; Group a group, or "" for everybody.
	Account, Group string
	// Before is a day, as 2026-01-31: passwords chosen earlier are meant.
	Before string
	Reason rotate.Reason
	// Grace is in days.
	Grace  int
	Note   string
	Expect int
	// ID is the order to withdraw.
	ID rotate.ID
}

const day = 24 * time.Hour

func (t typedOrder) order(actor string) (o rotate.Order, err error) {
	o = rotate.Order{Account: t.Account, Group: t.Group, Reason: t.Reason, Note: t.Note, Expect: t.Expect, Withdraws: t.ID, Actor: actor}
	if t.Grace < 0 || t.Grace > 365 {
		return o, router.NewBadRequestError("Grace is 0 to 365 days.", nil)
	}
	o.Grace = time.Duration(t.Grace) * day
	if t.Before == "" {
		return o, nil
	}
	if o.Before, err = time.Parse(time.DateOnly, t.Before); err != nil {
		return o, router.NewBadRequestError("Give the day as 2026-01-31.", nil)
	}
	return o, nil
}

// preview counts whom an order would concern. Customers whom Tillkey has not met
// yet are adopted first, so that they are counted, too.
func (s *shop) preview(ctx context.Context, o rotate.Order) (int, error) {
	var unseen []string
	err := s.app.ConcurrentDB().NewQuery("SELECT id FROM customers WHERE id NOT IN (SELECT account FROM tillkey_credentials)").
		WithContext(ctx).Column(&unseen)
	if err != nil {
		return 0, err
	}
	for _, account := range unseen {
		if _, err := s.keeper.Lookup(ctx, account); err != nil && !errors.Is(err, rotate.ErrNotFound) {
			return 0, err
		}
	}
	return s.keeper.Preview(ctx, o)
}

// campaign is how far an order has come.
type campaign struct {
	ID        rotate.ID     `json:"id"`
	At        time.Time     `json:"at"`
	Reason    rotate.Reason `json:"reason"`
	By        time.Time     `json:"by"`
	Actor     string        `json:"actor"`
	Note      string        `json:"note"`
	Concerned int           `json:"concerned"`
	Left      int           `json:"left"`
	Withdrawn bool          `json:"withdrawn"`
}

// maxList is how many rows a list shows.
const maxList = 100

// campaigns lists the newest orders.
func campaigns(ctx context.Context, k *rotate.Keeper) ([]campaign, error) {
	log, err := k.Orders(ctx)
	if err != nil {
		return nil, err
	}
	list := []campaign{}
	for i := len(log) - 1; i >= 0 && len(list) < maxList; i-- {
		o := log[i]
		if o.Withdraws != "" {
			continue
		}
		p, err := k.Progress(ctx, o.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, campaign{o.ID, o.At, o.Reason, o.By(), o.Actor, o.Note, p.Concerned, p.Left, p.Withdrawn != nil})
	}
	return list, nil
}

// audited is an event, with the note of the order behind it.
type audited struct {
	rotate.Event
	Note string `json:"note,omitempty"`
}

// audit reads the audit trail, newest first.
func audit(ctx context.Context, k *rotate.Keeper, before string) ([]audited, error) {
	events, err := k.Events(ctx, "", before, maxList)
	if err != nil {
		return nil, err
	}
	log, err := k.Orders(ctx)
	if err != nil {
		return nil, err
	}
	placed, ended := map[rotate.ID]string{}, map[rotate.ID]string{}
	for _, o := range log {
		placed[o.ID], ended[o.Withdraws] = o.Note, o.Note
	}
	list := make([]audited, len(events))
	for i, e := range events {
		list[i] = audited{e, placed[e.Order]}
		if e.Kind == rotate.OrderWithdrawn {
			list[i].Note = ended[e.Order]
		}
	}
	return list, nil
}
