package main

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// maxRows is how many customers and events a page of the staff shows.
const maxRows = 500

// adminPage is what the staff see.
type adminPage struct {
	Reasons   []rotate.Reason
	Orders    []rotate.Progress
	Customers []known
	Events    []rotate.Event
}

// known is a customer with what Tillkey knows of the credential.
type known struct {
	rotate.Status
	Email string
}

// staffOnly tells everybody else that there is no such page.
func (s *shop) staffOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		session, _ := web.From(c.Request().Context())
		customer, err := s.byID(c.Request().Context(), session.Account)
		switch {
		case err != nil:
			return err
		case customer.Foreign.Group != "staff" || !session.SecondFactor():
			return echo.ErrNotFound
		}
		return next(c)
	}
}

func (s *shop) admin(c *echo.Context) error {
	ctx := c.Request().Context()
	p := adminPage{Reasons: []rotate.Reason{rotate.PolicyRaised, rotate.WeakHash, rotate.AdminReset, rotate.Compromise}}
	var err error
	if p.Customers, err = s.known(ctx); err != nil {
		return err
	}
	if p.Orders, err = s.progress(ctx); err != nil {
		return err
	}
	if p.Events, err = s.keeper.Events(ctx, "", "", 50); err != nil {
		return err
	}
	return s.show(c, "admin", web.Answer{}, p)
}

// progress is how far each order has come, newest first.
func (s *shop) progress(ctx context.Context) (list []rotate.Progress, err error) {
	orders, err := s.keeper.Orders(ctx)
	if err != nil {
		return nil, err
	}
	for i := len(orders) - 1; i >= 0 && len(list) < 50; i-- {
		if orders[i].Withdraws != "" {
			continue
		}
		p, err := s.keeper.Progress(ctx, orders[i].ID)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// known lists customers. Who has not signed in since Tillkey came is adopted by
// being looked at, so that an order counts everybody.
func (s *shop) known(ctx context.Context) (list []known, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, email FROM customers WHERE confirmed_at IS NOT NULL ORDER BY email LIMIT ?", maxRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k known
		if err := rows.Scan(&k.Account, &k.Email); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, k := range list {
		if list[i].Status, err = s.keeper.Lookup(ctx, k.Account); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// readOrder reads the form of an order. That of one account is of no group.
func readOrder(c *echo.Context) (o rotate.Order, err error) {
	session, _ := web.From(c.Request().Context())
	days := 0
	err = echo.FormFieldBinder(c).String("account", &o.Account).String("group", &o.Group).String("note", &o.Note).
		Time("before", &o.Before, time.DateOnly).Int("grace", &days).Int("count", &o.Expect).BindError()
	if o.Account != "" {
		o.Group = ""
	}
	o.Actor, o.Reason = session.Account, rotate.Reason(c.FormValue("reason"))
	o.Grace = time.Duration(days) * 24 * time.Hour
	return o, err
}

// ordered leads back to the orders, or tells what was wrong with one: the errors
// of an order are written for who places it.
func (s *shop) ordered(c *echo.Context, err error) error {
	switch a := web.Failure(err); {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, "/admin")
	case a.Status >= http.StatusInternalServerError:
		return err
	default:
		return s.show(c, "refused", a, err)
	}
}
