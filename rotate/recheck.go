package rotate

import (
	"context"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/policy"
)

// Recheck says what follows when a password that was typed at a sign-in, and is
// right, does not meet the policy of its group any more.
//
// Before a sign-in, only a fingerprint is known: where it is not that of the
// present policy, the policy has changed since the password was judged, and
// nobody can tell whether it was raised for this one. That makes nobody due. At
// the next sign-in the password itself is checked by every rule that needs no
// breach list, with today's words about the customer. Only one that is refused
// counts as below a raised policy; one that is too long is not weak, and does not.
// So a policy that became looser makes nobody due by itself: like any change it
// has the password checked at the next sign-in. And any change frees those who
// were due until that sign-in; end their sessions, or place an order for
// PolicyRaised, where they must not be.
//
// Instances of a version without Recheck keep no verdict when a password is
// changed there: replace them all before a policy is raised or Recheck is set.
//
// A password that was imported or adopted was never checked, as only its hash is
// known: its first sign-in is the check. What cannot be asked, such as a list or
// the words about the customer, never holds up a sign-in and is asked again at
// the next one. A hit in a breach list is due at once whatever Recheck says.
type Recheck string

// What may follow. The proof of a change is that of [PolicyRaised].
const (
	// RecheckOff checks nothing at a sign-in.
	RecheckOff Recheck = ""
	// RecheckWarn signs in and sets [Decision].Unmet.
	RecheckWarn Recheck = "warn"
	// RecheckForce makes a change due once Rules.RecheckGrace is over, if only to
	// warn: till then Decision.By announces it. The grace begins when the password is
	// typed and right, even if the second factor does not follow.
	RecheckForce Recheck = "force"
	// RecheckBlock makes a change due at once: the sign-in that finds it ends in
	// NeedNewPassword, and so do open sessions.
	RecheckBlock Recheck = "block"
)

// validate reports an unknown rule, or one whose grace is not its own.
func (r Recheck) validate(grace time.Duration) error {
	switch r {
	case RecheckOff, RecheckWarn, RecheckBlock:
		if grace != 0 {
			return fmt.Errorf("recheck %q comes with a grace of %v", string(r), grace)
		}
	case RecheckForce:
		if grace <= 0 {
			return fmt.Errorf("recheck %q has a grace of %v, not more than nothing", string(r), grace)
		}
	default:
		return fmt.Errorf("recheck %q is not %q, %q or %q", string(r), string(RecheckWarn), string(RecheckForce), string(RecheckBlock))
	}
	return nil
}

// Fingerprint stands for the rules of the policy that can be checked at a
// sign-in: it is that of the policy without its Breach sources, which are asked
// anew at each sign-in, or at none. [Credential].PolicyFingerprint keeps it.
func (p Profile) Fingerprint() string {
	if p.fingerprint != "" {
		return p.fingerprint
	}
	return withoutBreach(p.Policy).Fingerprint()
}

// withoutBreach is a policy without what needs a disk or a network.
func withoutBreach(p policy.Policy) policy.Policy {
	p.Breach, p.BreachThreshold, p.Unchecked = nil, 0, policy.AcceptUnchecked
	return p
}

// Due is [Rules.Due] and what Recheck adds: [PolicyRaised] for a password that
// is known not to meet the present policy.
func (p Profile) Due(c *Credential, orders []Order, now time.Time) Due {
	d, _ := p.due(c, orders, now)
	return d
}

// due also tells whether the password is known not to meet the present policy.
func (p Profile) due(c *Credential, orders []Order, now time.Time) (d Due, unmet bool) {
	d, unmet = p.Rules.Due(c, orders, now), p.unmet(c)
	if unmet && p.Rules.Recheck != RecheckWarn {
		d.add(PolicyRaised, PolicyRaised.Proof(), c.Unmet, c.Unmet.Add(p.Rules.RecheckGrace), "")
		d.AtOnce = d.AtOnce || p.Rules.Recheck == RecheckBlock
	}
	return d, unmet
}

// unmet tells whether the password is known not to meet the present policy, and
// anybody wants to know. A verdict by another policy says nothing of this one.
func (p Profile) unmet(c *Credential) bool {
	return p.Rules.Recheck != RecheckOff && c.Password != "" && !c.Unmet.IsZero() && c.PolicyFingerprint == p.Fingerprint()
}

// recheck checks a right password by the rules of the policy that need no breach
// list, unless this policy is known to have accepted it. What cannot be asked is
// left for another sign-in.
func (v *verified) recheck(ctx context.Context, k *Keeper, password string, p Profile) {
	if p.Rules.Recheck == RecheckOff {
		// What is not announced must not run out: a grace begins anew later.
		v.forget = !v.row.Unmet.IsZero()
		return
	}
	ctx, cancel := context.WithTimeout(ctx, k.patience)
	defer cancel()
	fingerprint := p.Fingerprint()
	if v.row.PolicyFingerprint == fingerprint && v.row.Unmet.IsZero() && !v.row.Recheck {
		return
	}
	words, err := k.about(ctx, v.row.Account, nil)
	if err != nil {
		return
	}
	verdict, err := withoutBreach(p.WithBrand()).Check(ctx, password, words...)
	switch {
	case err != nil, verdict.Has(policy.TooLong):
	case len(verdict.Problems) > 0:
		v.judgedBy, v.unmet = fingerprint, true
	case len(verdict.Unchecked) > 0:
		v.unchecked = true
	default:
		v.judgedBy = fingerprint
		// Where there is no breach list either, everybody has answered.
		v.asked = v.asked || len(p.Policy.Breach) == 0
	}
}

// writeVerdict keeps what recheck found. The time of a first refusal stays until
// the password meets a policy, so that no later policy makes its grace longer.
func (v *verified) writeVerdict(c *Credential, now time.Time) {
	switch {
	case v.forget:
		c.Unmet = time.Time{}
	case v.judgedBy == "":
		return
	case !v.unmet:
		c.Unmet = time.Time{}
	case c.Unmet.IsZero():
		c.Unmet = now
	}
	c.PolicyFingerprint = v.judgedBy
}
