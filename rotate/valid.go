package rotate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Valid decides whether a session is still good: one indexed read, and the
// order log at most once a second. Ask it on every request of a signed-in
// visitor; package web does.
//
// Proceed: go on; Decision.By and Reason announce a change that is due later, and
// Unmet that the password is too weak by now.
// NeedNewPassword: show the change page and nothing else. NeedEnroll: show the
// enrolment page. SignInAgain: drop the sign-in, keep the cart.
// An error means that the Store could not be asked: treat signed-in pages as
// closed (503), and let guests shop.
func (k *Keeper) Valid(ctx context.Context, s Session) (Decision, error) {
	if s.IsZero() {
		return Decision{Next: SignInAgain}, nil
	}
	c, err := k.store.Load(ctx, s.Account)
	if errors.Is(err, ErrNotFound) && s.Epoch == 0 {
		// A sign-in of the time before Tillkey, seen for the first time.
		c, err = k.adoptFor(ctx, s.Account)
	}
	if errors.Is(err, ErrNotFound) {
		return Decision{Next: SignInAgain}, nil
	}
	if err != nil {
		return Decision{}, err
	}
	orders, _, err := k.orders(ctx, maxOrderAge)
	if err != nil {
		return Decision{}, err
	}
	p, err := k.profile(c.Group)
	if err != nil {
		return Decision{}, err
	}
	return judge(&c, s, orders, p, k.now()), nil
}

// judge is the pure part of Valid.
func judge(c *Credential, s Session, orders []Order, p Profile, now time.Time) Decision {
	if !alive(c, s, now) {
		return Decision{Next: SignInAgain}
	}
	due, unmet := p.due(c, orders, now)
	d := Decision{Reason: due.Reason, Proof: due.Proof, By: due.By, Unmet: unmet}
	switch {
	case due.EndSeq > s.Seq:
		d.Next = SignInAgain
	case due.Now(now):
		d.Next = NeedNewPassword
	case p.Rules.RequireFactor && c.Factor == nil && c.Password != "":
		d.Next = NeedEnroll
	default:
		d.Next, d.Session = Proceed, s
	}
	return d
}

// alive tells whether a session is of the row's epoch and was not ended alone.
func alive(c *Credential, s Session, now time.Time) bool {
	return c.Account == s.Account && c.Epoch == s.Epoch && !slices.ContainsFunc(c.Ended, func(e Ended) bool {
		return e.ID == s.ID && now.Before(e.Until)
	})
}

// endedFor is how long a single ended session is remembered. A session that
// old has to be gone for other reasons: NIST SP 800-63B-4, 2.1.3 ends them
// after 30 days.
const endedFor = 31 * 24 * time.Hour

// endAll ends every session and every ticket.
func endAll(c *Credential) {
	c.Epoch, c.Spent, c.Ended = newEpoch(), nil, nil
}

// end ends one session. Where too many are remembered, or it has no id, it ends
// them all.
func end(c *Credential, s Session, now time.Time) {
	c.Ended = slices.DeleteFunc(slices.Clone(c.Ended), func(e Ended) bool { return !now.Before(e.Until) })
	if len(c.Ended) >= maxEnded || s.ID == "" {
		c.Ended, c.Epoch = nil, newEpoch()
		return
	}
	c.Ended = append(c.Ended, Ended{ID: strings.Clone(s.ID), Until: now.Add(endedFor)})
}
