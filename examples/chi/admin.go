package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

const (
	maxRows   = 500
	maxOrders = 50
	maxGrace  = 365 // days
)

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
func (s *shop) staffOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, _ := web.From(r.Context())
		c, err := s.byAccount(r.Context(), session.Account)
		switch {
		case err != nil:
			s.fail(w, r, err)
		case c.Foreign.Group != "staff" || !session.SecondFactor():
			s.notFound(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (s *shop) admin(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	p := adminPage{Reasons: []rotate.Reason{rotate.PolicyRaised, rotate.WeakHash, rotate.AdminReset, rotate.Compromise}}
	var err error
	if p.Orders, err = s.progress(ctx); err == nil {
		p.Customers, err = s.known(ctx)
	}
	if err == nil {
		p.Events, err = s.keeper.Events(ctx, "", "", maxOrders)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, "admin", web.Answer{}, p)
}

// progress is how far each order has come, newest first.
func (s *shop) progress(ctx context.Context) (list []rotate.Progress, err error) {
	orders, err := s.keeper.Orders(ctx)
	for i := len(orders) - 1; i >= 0 && err == nil && len(list) < maxOrders; i-- {
		if orders[i].Withdraws != "" {
			continue
		}
		var p rotate.Progress
		if p, err = s.keeper.Progress(ctx, orders[i].ID); err == nil {
			list = append(list, p)
		}
	}
	return list, err
}

// known lists customers. Who has not signed in since Tillkey came is adopted by
// being looked at, so that an order counts everybody.
func (s *shop) known(ctx context.Context) ([]known, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, email FROM customers WHERE confirmed_at IS NOT NULL ORDER BY email LIMIT $1", maxRows)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k known, err error) {
		return k, row.Scan(&k.Account, &k.Email)
	})
	for i := 0; i < len(list) && err == nil; i++ {
		list[i].Status, err = s.keeper.Lookup(ctx, list[i].Account)
	}
	return list, err
}

// order is an order to choose new passwords, for one customer or many. Without
// a count it is a dry run: it counts, and places nothing. If the count is off by
// the time it is placed, the Keeper refuses.
func (s *shop) order(w http.ResponseWriter, r *http.Request) {
	o, counted, err := readOrder(r)
	switch {
	case err != nil:
	case counted:
		_, err = s.keeper.Force(r.Context(), o)
	default:
		if o.Expect, err = s.keeper.Preview(r.Context(), o); err == nil {
			s.show(w, r, "counted", web.Answer{}, o)
			return
		}
	}
	s.ordered(w, r, err)
}

// readOrder reads the form of an order; counted tells whether it was counted.
func readOrder(r *http.Request) (o rotate.Order, counted bool, err error) {
	session, _ := web.From(r.Context())
	o = rotate.Order{
		Account: r.FormValue("account"), Group: r.FormValue("group"), Reason: rotate.Reason(r.FormValue("reason")),
		Note: r.FormValue("note"), Actor: session.Account,
	}
	if day := r.FormValue("before"); day != "" {
		if o.Before, err = time.Parse(time.DateOnly, day); err != nil {
			return o, false, web.ErrInput
		}
	}
	if days := r.FormValue("grace"); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > maxGrace {
			return o, false, web.ErrInput
		}
		o.Grace = time.Duration(n) * 24 * time.Hour
	}
	if count := r.FormValue("count"); count != "" {
		if o.Expect, err = strconv.Atoi(count); err != nil {
			return o, false, web.ErrInput
		}
		counted = true
	}
	return o, counted, nil
}

// withdraw ends an order that should not have been placed.
func (s *shop) withdraw(w http.ResponseWriter, r *http.Request) {
	session, _ := web.From(r.Context())
	s.ordered(w, r, s.keeper.Withdraw(r.Context(), rotate.ID(chi.URLParam(r, "id")), session.Account, r.FormValue("note")))
}

// ordered leads back to the orders, or tells what was wrong with one: the errors
// of an order are written for who places it.
func (s *shop) ordered(w http.ResponseWriter, r *http.Request, err error) {
	switch a := web.Failure(err); {
	case err == nil:
		http.Redirect(w, r, "/admin", http.StatusSeeOther)
	case a.Status >= http.StatusInternalServerError:
		s.fail(w, r, err)
	default:
		s.show(w, r, "refused", a, err.Error())
	}
}
