package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// orderPage is the form of an order, or its dry run.
type orderPage struct {
	Order   rotate.Order
	Problem error // its text is written for who places orders
}

// Days and Before are the order's as the form writes them.
func (p orderPage) Days() int { return int(p.Order.Grace / (24 * time.Hour)) }

func (p orderPage) Before() string {
	if p.Order.Before.IsZero() {
		return ""
	}
	return p.Order.Before.Format(time.DateOnly)
}

// Reasons are those that staff can give; the others Tillkey finds by itself.
func (p orderPage) Reasons() []rotate.Reason {
	return []rotate.Reason{rotate.PolicyRaised, rotate.WeakHash, rotate.AdminReset, rotate.Compromise}
}

func (s *shop) orderForm(c fiber.Ctx) error {
	o, _, _ := typedOrder(c)
	return s.show(c, "order", web.Answer{}, orderPage{Order: o})
}

// typedOrder reads the form of an order. It is counted if the count of its dry
// run came with it.
func typedOrder(c fiber.Ctx) (o rotate.Order, counted bool, err error) {
	o = rotate.Order{
		Account: c.FormValue("account"), Group: c.FormValue("group"), Reason: rotate.Reason(c.FormValue("reason")),
		Note: clip(c.FormValue("note"), maxText), Actor: held(c).Account,
	}
	days, wrong := strconv.Atoi(c.FormValue("grace", "0"))
	o.Grace = time.Duration(min(max(days, 0), 365)) * 24 * time.Hour
	if before := c.FormValue("before"); before != "" && wrong == nil {
		o.Before, wrong = time.Parse(time.DateOnly, before)
	}
	if expect := c.FormValue("expect"); expect != "" && wrong == nil {
		o.Expect, wrong = strconv.Atoi(expect)
		counted = true
	}
	if wrong != nil {
		err = fmt.Errorf("%w: grace is a number of days, before a day as 2026-01-31", rotate.ErrOrder)
	}
	return o, counted, err
}

// adminOrders lists the orders, newest first, and how far each has come.
func (s *shop) adminOrders(c fiber.Ctx) error {
	all, err := s.keeper.Orders(c.Context())
	if err != nil {
		return err
	}
	var list []rotate.Progress
	for _, o := range all {
		if o.Withdraws != "" {
			continue
		}
		p, err := s.keeper.Progress(c.Context(), o.ID)
		if err != nil {
			return err
		}
		list = append([]rotate.Progress{p}, list...)
	}
	return s.show(c, "orders", web.Answer{}, list)
}

// adminCustomers lists the customers.
func (s *shop) adminCustomers(c fiber.Ctx) error {
	list, err := s.customers.list(c.Context(), c.Query("after"))
	if err != nil {
		return err
	}
	return s.show(c, "admin", web.Answer{}, list)
}

// adminRow is a customer as the staff see one.
type adminRow struct{ Account, Email, Name string }

const pageRows = 100

// list reads a page of customers, those whose account is greater than after.
func (t customers) list(ctx context.Context, after string) (list []adminRow, err error) {
	from, _ := strconv.ParseInt(after, 10, 64)
	rows, err := t.db.QueryContext(ctx, "SELECT id, email, name FROM customers WHERE confirmed_at IS NOT NULL AND id > ? ORDER BY id LIMIT ?", from, pageRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r adminRow
		if err := rows.Scan(&r.Account, &r.Email, &r.Name); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// auditRow is an event, and the note of the order behind it.
type auditRow struct {
	rotate.Event
	Note string
}

// adminAudit shows the audit trail, newest first.
func (s *shop) adminAudit(c fiber.Ctx) error {
	events, err := s.keeper.Events(c.Context(), c.Query("account"), "", pageRows)
	if err != nil {
		return err
	}
	orders, err := s.keeper.Orders(c.Context())
	if err != nil {
		return err
	}
	notes := map[rotate.Kind]map[rotate.ID]string{rotate.OrderPlaced: {}, rotate.OrderWithdrawn: {}}
	for _, o := range orders {
		notes[rotate.OrderPlaced][o.ID], notes[rotate.OrderWithdrawn][o.Withdraws] = o.Note, o.Note
	}
	rows := make([]auditRow, len(events))
	for i, e := range events {
		rows[i] = auditRow{e, notes[e.Kind][e.Order]}
	}
	return s.show(c, "audit", web.Answer{}, rows)
}
