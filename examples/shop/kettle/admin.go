package kettle

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/tillkey/tillkey/rotate"
)

// adminPages are for the staff.
func (s *Shop) adminPages(mux *http.ServeMux) {
	mux.Handle("GET /admin", s.staffOnly(s.adminOverview))
	mux.Handle("GET /admin/customers", s.staffOnly(s.adminCustomers))
	mux.Handle("GET /admin/customers/{id}", s.staffOnly(s.adminCustomer))
	mux.Handle("POST /admin/customers/{id}/unlock", s.staffOnly(s.adminUnlock))
	mux.Handle("POST /admin/customers/{id}/sessions", s.staffOnly(s.adminEndSessions))
	mux.Handle("GET /admin/orders", s.staffOnly(s.adminOrders))
	mux.Handle("GET /admin/orders/new", s.staffOnly(s.adminOrderForm))
	mux.Handle("POST /admin/orders/preview", s.staffOnly(s.adminOrderPreview))
	mux.Handle("POST /admin/orders", s.staffOnly(s.adminOrderPlace))
	mux.Handle("POST /admin/orders/{id}/withdraw", s.staffOnly(s.adminWithdraw))
	mux.Handle("GET /admin/audit", s.staffOnly(s.adminAudit))
}

// pageSize is how many rows a list of the staff shows.
const pageSize = 50

// known is a customer with what Tillkey knows of the credential.
type known struct {
	customer
	Status rotate.Status
}

type customersPage struct {
	List []known
	// More is the id after which the next page begins; 0 if there is none.
	More int64
}

// adminCustomers lists the customers. Who has not signed in since Tillkey came
// is adopted by being looked at, so that an order counts everybody.
func (s *Shop) adminCustomers(w http.ResponseWriter, r *http.Request, _ customer) {
	after, err := strconv.ParseInt(r.FormValue("after"), 10, 64)
	if err != nil {
		after = 0
	}
	list, err := s.customers.page(r.Context(), after, pageSize)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var page customersPage
	for _, c := range list {
		status, err := s.keeper.Lookup(r.Context(), c.Account())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		page.List = append(page.List, known{c, status})
	}
	if len(list) == pageSize {
		page.More = list[pageSize-1].ID
	}
	s.show(w, r, http.StatusOK, "admin-customers", page)
}

type customerPage struct {
	known
	Events []audited
}

func (s *Shop) adminCustomer(w http.ResponseWriter, r *http.Request, _ customer) {
	c, err := s.customers.load(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page := customerPage{known: known{customer: c}}
	if page.Status, err = s.keeper.Lookup(r.Context(), c.Account()); err != nil {
		s.fail(w, r, err)
		return
	}
	events, err := s.keeper.Events(r.Context(), c.Account(), "", pageSize)
	if err == nil {
		page.Events, err = s.audited(r.Context(), events)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "admin-customer", page)
}

// adminUnlock forgets wrong guesses, when the customer was recognised on the
// phone.
func (s *Shop) adminUnlock(w http.ResponseWriter, r *http.Request, staff customer) {
	c, err := s.customers.load(r.Context(), r.PathValue("id"))
	if err == nil {
		err = s.keeper.Unlock(r.Context(), c.Account(), staff.Account(), c.Email)
	}
	s.backTo(w, r, "/admin/customers/"+r.PathValue("id"), err)
}

func (s *Shop) adminEndSessions(w http.ResponseWriter, r *http.Request, staff customer) {
	c, err := s.customers.load(r.Context(), r.PathValue("id"))
	if err == nil {
		err = s.keeper.EndSessions(r.Context(), c.Account(), staff.Account())
	}
	s.backTo(w, r, "/admin/customers/"+r.PathValue("id"), err)
}

// adminAudit lists who did what to which account, newest first.
func (s *Shop) adminAudit(w http.ResponseWriter, r *http.Request, _ customer) {
	events, err := s.keeper.Events(r.Context(), "", plain(r.FormValue("before")), pageSize)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	page := auditPage{}
	if page.Events, err = s.audited(r.Context(), events); err != nil {
		s.fail(w, r, err)
		return
	}
	if len(events) == pageSize {
		page.More = events[pageSize-1].ID
	}
	s.show(w, r, http.StatusOK, "admin-audit", page)
}

type auditPage struct {
	Events []audited
	More   string
}

// audited is an event with what staff wrote about it.
type audited struct {
	rotate.Event
	// Whom and Who are addresses, "" of those that are gone; Note is that of
	// the order.
	Whom, Who, Note string
}

// audited adds names and notes to events.
func (s *Shop) audited(ctx context.Context, events []rotate.Event) ([]audited, error) {
	orders, err := s.keeper.Orders(ctx)
	if err != nil {
		return nil, err
	}
	notes, names := map[rotate.ID]string{}, map[string]string{}
	for _, o := range orders {
		notes[o.ID] = o.Note
		if o.Withdraws != "" {
			notes[o.Withdraws+withdrawal] = o.Note
		}
	}
	name := func(account string) (string, error) {
		if email, known := names[account]; known || account == "" {
			return email, nil
		}
		c, err := s.customers.load(ctx, account)
		if errors.Is(err, rotate.ErrNotFound) {
			err = nil
		}
		names[account] = c.Email
		return c.Email, err
	}
	list := make([]audited, len(events))
	for i, e := range events {
		list[i] = audited{Event: e, Note: notes[e.Order]}
		if e.Kind == rotate.OrderWithdrawn {
			list[i].Note = notes[e.Order+withdrawal]
		}
		if list[i].Whom, err = name(e.Account); err != nil {
			return nil, err
		}
		if list[i].Who, err = name(e.Actor); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// withdrawal tells the note of a withdrawal from that of its order.
const withdrawal = " withdrawn"

// backTo leads back to a page after a form, or tells what went wrong.
func (s *Shop) backTo(w http.ResponseWriter, r *http.Request, page string, err error) {
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
}
