package kettle

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// orderPage is the form of an order, and its dry run.
type orderPage struct {
	Reasons []rotate.Reason
	// What was typed.
	Account, Group, Before, Format, Grace, Note string
	Reason                                      rotate.Reason
	// Formats are those that passwords are stored in.
	Formats []string
	// Unseen are customers who are not counted yet, as Tillkey has not met them.
	Unseen int
	// Customer is whom an order for one account concerns; nil otherwise.
	Customer *customer
	// Count is how many accounts the order would concern, once it was Counted.
	Count   int
	Counted bool
	// Who says so in words, Days is the grace.
	Who     string
	Days    int
	Problem string
}

// Groups are those that can be chosen.
func (orderPage) Groups() []string { return []string{groupCustomers, groupStaff, everybody} }

// told is an error that the staff are told in their language.
type told struct {
	wording string
	args    []any
}

func (e told) Error() string { return fmt.Sprintf(e.wording, e.args...) }

// errorText tells the staff what is wrong with an order. What Tillkey says itself
// is in English.
func (t tongue) errorText(err error) string {
	var e told
	if errors.As(err, &e) {
		return t.say(e.wording, e.args...)
	}
	return err.Error()
}

// reasonsToForce are the reasons that staff can give. The others are found by
// Tillkey itself.
func reasonsToForce() []rotate.Reason {
	return []rotate.Reason{rotate.PolicyRaised, rotate.WeakHash, rotate.AdminReset, rotate.Compromise}
}

const (
	// everybody stands for all groups in the form of an order.
	everybody = "everybody"
	// weakerFormats stands for every format other than that of new hashes.
	weakerFormats = "weaker"
)

func (s *Shop) adminOrderForm(w http.ResponseWriter, r *http.Request, _ customer) {
	page := orderPage{Account: r.FormValue("account"), Group: groupCustomers, Grace: "0"}
	if _, err := s.order(r, &page); err != nil && page.Account != "" && page.Customer == nil {
		s.fail(w, r, err)
		return
	}
	page.Problem = ""
	s.show(w, r, http.StatusOK, "admin-order", page)
}

// order reads the form of an order.
func (s *Shop) order(r *http.Request, page *orderPage) (_ rotate.Order, err error) {
	page.Reasons = reasonsToForce()
	o := rotate.Order{Reason: page.Reason, Note: page.Note}
	if page.Account != "" {
		c, err := s.customers.load(r.Context(), page.Account)
		if err != nil {
			return o, err
		}
		page.Customer, o.Account = &c, c.Account()
		page.Format = ""
	} else {
		page.Formats, err = s.formats(r.Context())
		if err == nil {
			page.Unseen, err = s.unseen(r.Context())
		}
		if err != nil {
			return o, err
		}
		switch page.Group {
		case groupCustomers, groupStaff:
			o.Group = page.Group
		case everybody:
		default:
			return o, told{wording: "say whom it concerns"}
		}
		if page.Format != "" && page.Format != weakerFormats && !slices.Contains(page.Formats, page.Format) {
			return o, told{wording: "no password is stored in this format"}
		}
	}
	page.Days, err = strconv.Atoi(page.Grace)
	if err != nil || page.Days < 0 || page.Days > 365 {
		return o, told{wording: "grace is 0 to 365 days"}
	}
	o.Grace = time.Duration(page.Days) * 24 * time.Hour
	if page.Before != "" {
		if o.Before, err = time.Parse(time.DateOnly, page.Before); err != nil {
			return o, told{wording: "give the day as 2006-01-31"}
		}
	}
	if page.Reason == rotate.Compromise && o.Grace > 0 {
		return o, told{wording: "a compromised password gets no grace"}
	}
	page.Who = s.tongues.of(r).accounts(o, page.Format)
	return o, nil
}

func (s *Shop) typedOrder(r *http.Request, staff customer) (orderPage, rotate.Order, error) {
	page := orderPage{
		Account: r.FormValue("account"), Group: r.FormValue("group"), Before: r.FormValue("before"), Format: r.FormValue("format"),
		Grace: r.FormValue("grace"), Note: plain(r.FormValue("note")), Reason: rotate.Reason(r.FormValue("reason")),
	}
	o, err := s.order(r, &page)
	o.Actor = staff.Account()
	return page, o, err
}

// adminOrderPreview is the dry run: it counts, and places nothing.
func (s *Shop) adminOrderPreview(w http.ResponseWriter, r *http.Request, staff customer) {
	page, o, err := s.typedOrder(r, staff)
	if err == nil {
		page.Count, err = s.reach(r.Context(), o, page.Format)
	}
	if err != nil {
		s.orderProblem(w, r, page, err)
		return
	}
	page.Counted = true
	s.show(w, r, http.StatusOK, "admin-order", page)
}

// reach counts whom an order would concern, without placing it.
func (s *Shop) reach(ctx context.Context, o rotate.Order, format string) (int, error) {
	n, err := s.keeper.Preview(ctx, o) // it looks at the whole order, too
	if err != nil || format == "" {
		return n, err
	}
	accounts, err := s.members(ctx, o, format)
	return len(accounts), err
}

func (s *Shop) force(ctx context.Context, o rotate.Order, format string) error {
	if format != "" {
		return s.forceCohort(ctx, o, format)
	}
	_, err := s.keeper.Force(ctx, o)
	return err
}

// formats are those that passwords are stored in, the most used first.
func (s *Shop) formats(ctx context.Context) (list []string, err error) {
	err = s.db.each(ctx, "SELECT format FROM tillkey_credentials WHERE password <> '' GROUP BY format ORDER BY COUNT(*) DESC, format", nil, func(scan func(...any) error) error {
		var format string
		err := scan(&format)
		list = append(list, format)
		return err
	})
	return list, err
}

// adminOrderPlace places the order that was previewed. If it would concern
// other numbers by now, it shows the new count and asks again.
func (s *Shop) adminOrderPlace(w http.ResponseWriter, r *http.Request, staff customer) {
	page, o, err := s.typedOrder(r, staff)
	if err == nil {
		if o.Expect, err = strconv.Atoi(r.FormValue("expect")); err != nil {
			err = told{wording: "look at the count first"}
		}
	}
	if err == nil {
		err = s.force(r.Context(), o, page.Format)
	}
	var off *rotate.ExpectError
	switch {
	case errors.As(err, &off):
		page.Count, page.Counted, page.Problem = off.Found, true, s.tongues.of(r).say("The number of accounts has changed. Please look again.")
		s.show(w, r, http.StatusConflict, "admin-order", page)
	case err != nil:
		s.orderProblem(w, r, page, err)
	default:
		http.Redirect(w, r, "/admin/orders", http.StatusSeeOther)
	}
}

// orderProblem tells staff what is wrong with an order: its errors are written
// for those who place it.
func (s *Shop) orderProblem(w http.ResponseWriter, r *http.Request, page orderPage, err error) {
	page.Problem = s.tongues.of(r).errorText(err)
	s.show(w, r, http.StatusUnprocessableEntity, "admin-order", page)
}

// adminOrders lists the orders, newest first, and how far each has come.
func (s *Shop) adminOrders(w http.ResponseWriter, r *http.Request, _ customer) {
	list, err := s.campaigns(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "admin-orders", list)
}

func (s *Shop) adminWithdraw(w http.ResponseWriter, r *http.Request, staff customer) {
	err := s.withdraw(r.Context(), plain(r.PathValue("id")), staff.Account(), plain(r.FormValue("note")))
	s.backTo(w, r, "/admin/orders", err)
}
