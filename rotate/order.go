package rotate

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ID names an order.
type ID string

// Order makes many accounts due at once: one row, whoever it concerns. Orders
// are only ever added; [Keeper.Withdraw] adds a row that ends another.
type Order struct {
	// ID, Seq and At are set when the order is placed. Seq grows by one with
	// each order, in the order in which they become visible.
	ID  ID
	Seq int64
	At  time.Time

	// Group is the path of the accounts meant, with everything below it:
	// "store-17" means "store-17/customers" too. "" means every group.
	Group string
	// Account limits the order to one account; "" means all of the group.
	Account string
	// Before limits it to passwords chosen before this time; the zero time
	// means any. A password of unknown age counts as oldest. When a password was
	// chosen is told by the clock of the instance that took it.
	Before time.Time

	// Reason is why; it has no default.
	Reason Reason
	// Proof is what a change needs; "" means the proof of the reason. It can
	// ask for more than the reason does, never for less.
	Proof Proof
	// Grace is how long the old password still signs in. It must be 0 for
	// [Compromise].
	Grace time.Duration
	// EndSessions ends open sessions at once instead of sending them to the
	// change page. It is always on for [Compromise].
	EndSessions bool

	// Actor is who placed the order, for the audit trail: the id of a member of
	// staff, not a name. Note is free text for the same.
	Actor string
	Note  string
	// Expect is how many accounts the actor was told the order would make due,
	// by [Keeper.Preview]. [Keeper.Force] refuses if it is off by more than 1 %.
	Expect int
	// Concerned is how many accounts it made due when it was placed.
	Concerned int

	// Withdraws is the order that this row ends; all else but Actor and Note is
	// empty then.
	Withdraws ID
}

// ErrOrder reports an order that cannot be placed as it is; the error says
// what to change.
var ErrOrder = errors.New("rotate: order refused")

// By is when the old password stops working.
func (o Order) By() time.Time { return o.At.Add(o.Grace) }

// Query selects the accounts the order still makes due.
func (o Order) Query() Query {
	return Query{Group: o.Group, Account: o.Account, ChangedBefore: o.Before, ClearedBelow: o.Seq}
}

// Matches tells whether the order makes the account due. It does not look at
// the clock: an order binds from its sequence on, and a password written by a
// flow that began later clears it.
func (o Order) Matches(c *Credential) bool {
	if o.Withdraws != "" || c.Password == "" {
		return false
	}
	return o.Query().Matches(c)
}

// complete fills what follows from the rest and reports what is missing.
func (o Order) complete() (Order, error) {
	if err := o.Reason.Valid(); err != nil {
		return o, fmt.Errorf("%w: %w", ErrOrder, err)
	}
	if o.Proof == "" {
		o.Proof = o.Reason.Proof()
	}
	if o.Reason == Compromise {
		o.EndSessions = true
	}
	switch {
	case o.Proof != ProofPassword && o.Proof != ProofOutOfBand:
		return o, fmt.Errorf("%w: proof %q is unknown", ErrOrder, string(o.Proof))
	case stricter(o.Proof, o.Reason.Proof()) != o.Proof:
		return o, fmt.Errorf("%w: reason %q needs proof %q", ErrOrder, string(o.Reason), string(o.Reason.Proof()))
	case strings.TrimSpace(o.Actor) == "":
		return o, fmt.Errorf("%w: it has no actor", ErrOrder)
	case o.Grace < 0:
		return o, fmt.Errorf("%w: grace %v is negative", ErrOrder, o.Grace)
	case o.Reason == Compromise && o.Grace != 0:
		return o, fmt.Errorf("%w: a compromised password gets no grace", ErrOrder)
	case len(o.Note) > maxNoteBytes || len(o.Actor) > maxNoteBytes:
		return o, fmt.Errorf("%w: actor and note are at most %d bytes each", ErrOrder, maxNoteBytes)
	case o.Withdraws != "":
		return o, fmt.Errorf("%w: use Withdraw to end an order", ErrOrder)
	}
	if o.Group != "" {
		if err := checkGroup(o.Group); err != nil {
			return o, fmt.Errorf("%w: %w", ErrOrder, err)
		}
	}
	if o.Account != "" {
		if err := checkAccount(o.Account); err != nil {
			return o, fmt.Errorf("%w: %w", ErrOrder, err)
		}
	}
	return o, nil
}

const maxNoteBytes = 1024

// standing drops the withdrawn orders and the withdrawals from a log.
func standing(log []Order) []Order {
	gone := make(map[ID]bool)
	for _, o := range log {
		if o.Withdraws != "" {
			gone[o.Withdraws] = true
		}
	}
	var kept []Order
	for _, o := range log {
		if o.Withdraws == "" && !gone[o.ID] {
			kept = append(kept, o)
		}
	}
	return kept
}
