package kettle

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// campaign is what staff placed at once: one order, or one for each account of
// a cohort that no single order can name.
type campaign struct {
	// ID is that of the order, or of the cohort.
	ID string
	// Order is the only one, or the first of a cohort.
	Order rotate.Order
	// Email is that of the single account it concerns, "" of others and of one
	// that is gone.
	Email string
	// Cohort is the format that its accounts were stored in; "" for a single
	// order.
	Cohort          string
	Concerned, Left int
	Withdrawn       *rotate.Order
}

// Done is how many accounts have changed. Accounts that came later may be left,
// too.
func (c campaign) Done() int { return max(0, c.Concerned-c.Left) }

// who names the accounts it concerns, but for a single one.
func (t tongue) who(c campaign) string {
	if c.Cohort == "" && c.Order.Account != "" {
		return ""
	}
	return t.accounts(c.Order, c.Cohort)
}

// accounts says what the accounts of an order have in common, and of a format
// if it is not "".
func (t tongue) accounts(o rotate.Order, format string) string {
	who := t.say("everybody")
	if o.Group != "" {
		who = t.say("group %s", t.group(o.Group))
	}
	if !o.Before.IsZero() {
		who += ", " + t.say("password chosen before %s", t.date(o.Before))
	}
	switch format {
	case "":
	case weakerFormats:
		who += ", " + t.say("stored weaker than today")
	default:
		who += ", " + t.say("stored as %s", format)
	}
	return who
}

// cohort is the row of an order that belongs to one.
type cohort struct{ ID, Format string }

// campaigns lists the newest, newest first, and how far each has come.
func (s *Shop) campaigns(ctx context.Context) (list []campaign, err error) {
	log, err := s.keeper.Orders(ctx)
	if err != nil {
		return nil, err
	}
	cohorts, left, err := s.cohorts(ctx)
	if err != nil {
		return nil, err
	}
	withdrawn := map[rotate.ID]*rotate.Order{}
	for i, o := range log {
		if o.Withdraws != "" {
			withdrawn[o.Withdraws] = &log[i]
		}
	}
	at := map[string]int{}
	for _, o := range slices.Backward(log) {
		if o.Withdraws != "" {
			continue
		}
		c := campaign{ID: string(o.ID), Order: o, Concerned: o.Concerned, Withdrawn: withdrawn[o.ID]}
		if part, ok := cohorts[o.ID]; ok {
			if i, seen := at[part.ID]; seen {
				list[i].Concerned += o.Concerned
				list[i].Order = o
				continue
			}
			c.ID, c.Cohort, c.Left = part.ID, part.Format, left[part.ID]
			at[part.ID] = len(list)
		}
		if len(list) == pageSize {
			continue // but count on what belongs to one that is shown
		}
		if c.Cohort == "" && o.Account != "" {
			customer, err := s.customers.load(ctx, o.Account)
			if err != nil && !errors.Is(err, rotate.ErrNotFound) {
				return nil, err
			}
			c.Email = customer.Email
		}
		if c.Cohort == "" && c.Withdrawn == nil {
			p, err := s.keeper.Progress(ctx, o.ID)
			if err != nil {
				return nil, err
			}
			c.Left = p.Left
		}
		list = append(list, c)
	}
	return list, nil
}

// leftOfCohorts counts the accounts that a cohort's orders still make due.
const leftOfCohorts = `SELECT p.cohort, COUNT(*) FROM cohort_orders p
	JOIN tillkey_orders o ON o.id = p.order_id
	JOIN tillkey_credentials c ON c.account = o.account
	WHERE c.password <> '' AND c.cleared_seq < o.seq AND NOT EXISTS (SELECT 1 FROM tillkey_orders w WHERE w.withdraws = o.id)
	GROUP BY p.cohort`

func (s *Shop) cohorts(ctx context.Context) (of map[rotate.ID]cohort, left map[string]int, err error) {
	of, left = map[rotate.ID]cohort{}, map[string]int{}
	err = s.db.each(ctx, "SELECT order_id, cohort, what FROM cohort_orders", nil, func(scan func(...any) error) error {
		var id rotate.ID
		var c cohort
		err := scan(&id, &c.ID, &c.Format)
		of[id] = c
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = s.db.each(ctx, leftOfCohorts, nil, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		left[id] = n
		return err
	})
	return of, left, err
}

// maxCohort bounds what is placed at once: each account takes an order.
const maxCohort = 500

func errCohort() error {
	return told{"these are more than %d accounts: choose a group or a day as well, or leave out the format", []any{maxCohort}}
}

// members are the accounts an order would concern whose hash is stored in a
// format; weakerFormats means every other one than that of today.
func (s *Shop) members(ctx context.Context, o rotate.Order, format string) (accounts []string, err error) {
	q := o.Query()
	q.ClearedBelow, q.HasPassword = 0, true
	err = s.eachStatus(ctx, q, func(st rotate.Status) {
		if st.Format == format || format == weakerFormats && st.Format != s.format {
			accounts = append(accounts, st.Account)
		}
	})
	if err == nil && len(accounts) > maxCohort {
		err = errCohort()
	}
	return accounts, err
}

// forceCohort places one order an account, all or none of them.
func (s *Shop) forceCohort(ctx context.Context, o rotate.Order, format string) error {
	accounts, err := s.members(ctx, o, format)
	if err != nil {
		return err
	}
	if off := max(len(accounts)-o.Expect, o.Expect-len(accounts)); off > o.Expect/100 {
		return &rotate.ExpectError{Expect: o.Expect, Found: len(accounts)}
	}
	if len(accounts) == 0 {
		return told{wording: "there is no such account"}
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	keeper, id := s.within(tx), rand.Text()
	for _, account := range accounts {
		one := o
		one.Account, one.Expect = account, 1
		order, err := keeper.Force(ctx, one)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO cohort_orders (order_id, cohort, what) VALUES ($1, $2, $3)", string(order), id, format); err != nil {
			return err
		}
	}
	return s.commitOrders(ctx, tx, o.Actor)
}

// commitOrders makes orders true that were placed in a transaction, and has this
// instance know them at once: the Keeper of the transaction is another one, and
// the copy of the log may be a second old. Looking somebody up reads its end.
func (s *Shop) commitOrders(ctx context.Context, tx *sql.Tx, account string) error {
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err := s.keeper.Lookup(ctx, account)
	return err
}

// withdraw ends an order, or all orders of a cohort.
func (s *Shop) withdraw(ctx context.Context, id, actor, note string) error {
	var orders []rotate.ID
	err := s.db.each(ctx, "SELECT order_id FROM cohort_orders WHERE cohort = $1 ORDER BY order_id", []any{id}, func(scan func(...any) error) error {
		var order rotate.ID
		err := scan(&order)
		orders = append(orders, order)
		return err
	})
	if err != nil {
		return err
	}
	if len(orders) == 0 {
		return s.keeper.Withdraw(ctx, rotate.ID(id), actor, note)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	keeper := s.within(tx)
	for _, order := range orders {
		// The order of an erased account is gone with it.
		if err := keeper.Withdraw(ctx, order, actor, note); err != nil && !errors.Is(err, rotate.ErrNotFound) {
			return err
		}
	}
	return s.commitOrders(ctx, tx, actor)
}
