package rotate

import (
	"context"
	"slices"
	"time"
)

// outcome is what a locked closure decided. It is made anew each time the
// closure runs.
type outcome struct {
	next    Next
	session Session
	ticket  ticket
	due     Due
	unmet   bool
	denied  *Denied
}

// complete asks for the second factor where there is one, consumes its code,
// and then settles.
func (o *outcome) complete(k *Keeper, c *Credential, f flow, p Profile, code codeCheck, methods []string, browser string, now time.Time) (events []Event) {
	if c.Factor != nil {
		var method string
		if method, events, o.denied = code.use(k, c, now); method == "" {
			o.next = NeedCode
			o.ticket = k.newTicket(forCode, c, f.seq, methods, browser)
			return events
		}
		methods = append(slices.Clip(methods), method)
	}
	o.settle(k, c, f, p, methods, browser, now)
	return events
}

// settle decides what follows when all proofs of a sign-in are given: the
// change that is due, the factor that is missing, or the session.
func (o *outcome) settle(k *Keeper, c *Credential, f flow, p Profile, methods []string, browser string, now time.Time) {
	o.due, o.unmet = p.due(c, f.orders, now)
	switch {
	case o.due.Now(now):
		o.next = NeedNewPassword
		o.ticket = k.newTicket(forNewPassword, c, f.seq, methods, browser)
	case p.Rules.RequireFactor && c.Factor == nil:
		o.next = NeedEnroll
		o.ticket = k.newTicket(forEnroll, c, f.seq, methods, browser)
	default:
		o.next = Proceed
		c.SignedIn = now
		o.session = Session{Account: c.Account, ID: newID(), Epoch: c.Epoch, Seq: f.seq, AuthTime: now, Methods: slices.Clone(methods)}
	}
}

// decide turns an outcome into what the shop gets.
func (k *Keeper) decide(ctx context.Context, o outcome) (Decision, error) {
	if o.denied != nil && !o.denied.Code {
		return Decision{}, o.denied
	}
	var d Decision
	var err error
	if o.next == Proceed || o.ticket.For == "" {
		d = Decision{Next: o.next, Session: o.session, Reason: o.due.Reason, Proof: o.due.Proof, By: o.due.By}
	} else if d, err = k.ticketDecision(ctx, o.next, o.ticket, o.due); err != nil {
		return Decision{}, err
	}
	d.Unmet = o.unmet
	if o.denied != nil {
		return d, o.denied
	}
	return d, nil
}
