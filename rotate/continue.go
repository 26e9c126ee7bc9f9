package rotate

import (
	"context"
	"strings"
)

// Continue takes the next step of a sign-in with the ticket of the last one:
// the code after NeedCode, the new password after NeedNewPassword. (After
// NeedEnroll, call Enroll and Confirm with the ticket.) A form that asks for the
// current password beside the new one lets the two be compared; it proves nothing
// here, and one that is wrong is ignored.
//
// Errors: [ErrTicket], start again; [*Denied], the code was wrong and the
// ticket is still good; [*policy.Refusal], tell the customer all its problems
// and ask again with the same ticket; [ErrProof], the new password needs the
// proof that Decision.Proof names.
func (k *Keeper) Continue(ctx context.Context, text string, p Proofs) (Decision, error) {
	text, p = strings.Clone(text), p.clone()
	if err := checkBrowser(p.Browser); err != nil {
		return Decision{}, err
	}
	t, f, c, profile, err := k.redeem(ctx, text, p, forCode, forNewPassword)
	if err != nil {
		return Decision{}, err
	}
	if t.For == forCode {
		return k.continueWithCode(ctx, f, c, profile, t, p, text)
	}
	return k.continueWithPassword(ctx, f, c, profile, t, p, text)
}

// continueWithCode finishes the sign-in of somebody with a second factor.
func (k *Keeper) continueWithCode(ctx context.Context, f flow, c *Credential, profile Profile, t ticket, p Proofs, text string) (Decision, error) {
	if !p.hasCode() {
		return Decision{Next: NeedCode, Ticket: text}, nil
	}
	code, err := k.codeCheck(c, p, profile)
	if err != nil {
		return Decision{}, k.reportUnreadable(ctx, c)
	}
	f.seq = t.Seq
	now := k.now()
	var out outcome
	err = k.store.Update(ctx, t.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if !t.holds(c) || t.spent(c) {
			return nil, ErrTicket
		}
		method, events, denied := code.use(k, c, now)
		if method == "" {
			out.next, out.denied = NeedCode, denied
			return events, nil
		}
		if !t.spend(c, now) {
			return nil, ErrTicket
		}
		out.settle(k, c, f, profile, append(t.Methods, method), p.Browser, now)
		return events, nil
	})
	if err != nil {
		return Decision{}, err
	}
	if out.denied != nil {
		return Decision{Next: NeedCode, Ticket: text}, out.denied
	}
	return k.decide(ctx, out)
}

// continueWithPassword sets the password that was due, and signs in.
func (k *Keeper) continueWithPassword(ctx context.Context, f flow, c *Credential, profile Profile, t ticket, p Proofs, text string) (Decision, error) {
	now := k.now()
	due := profile.Due(c, f.orders, now)
	again := Decision{Next: NeedNewPassword, Ticket: text, Reason: due.Reason, Proof: t.missing(due.Proof), By: due.By}
	if p.NewPassword == "" {
		return again, nil
	}
	code, err := k.codeCheck(c, p, profile)
	if err != nil {
		return Decision{}, k.reportUnreadable(ctx, c)
	}
	outOfBand := t.secondFactor()
	if due.Proof == ProofOutOfBand && !outOfBand && !(c.Factor != nil && p.hasCode()) {
		if outOfBand, err = k.mailedProof(ctx, p, c, due); err != nil {
			return Decision{}, err
		}
		if !outOfBand {
			return again, ErrProof
		}
	}
	if err := k.tryTicket(ctx, f.key, t); err != nil {
		return Decision{}, err
	}
	proven := profile.proven(ctx)
	old, err := k.ifCurrent(proven, c, p.Password)
	if err != nil {
		return again, err
	}
	n, err := k.newPassword(proven, f, c, profile, old, p.NewPassword, nil)
	if err != nil {
		return again, err
	}
	var out outcome
	err = k.store.Update(ctx, t.Account, func(c *Credential) ([]Event, error) {
		out = outcome{}
		if !t.holds(c) || t.spent(c) {
			return nil, ErrTicket
		}
		methods := t.Methods
		var events []Event
		if due.Proof == ProofOutOfBand && !outOfBand {
			method, more, denied := code.use(k, c, now)
			events = more
			if method == "" {
				out.denied = denied
				return events, nil
			}
			methods = append(methods, method)
		}
		if !t.spend(c, now) {
			return nil, ErrTicket
		}
		more, err := n.write(k, c, f, due, now)
		if err != nil {
			return nil, err
		}
		events = append(events, more, k.event(PasswordChanged, c.Account))
		out.settle(k, c, f, profile, methods, p.Browser, now)
		return events, nil
	})
	if err != nil {
		return Decision{}, err
	}
	if out.denied != nil {
		return again, out.denied
	}
	return k.decide(ctx, out)
}

// reportUnreadable tells the operator, and the visitor no more than ErrDenied.
func (k *Keeper) reportUnreadable(ctx context.Context, c *Credential) error {
	e := k.event(Unreadable, c.Account)
	if err := k.store.Update(ctx, c.Account, func(*Credential) ([]Event, error) {
		return []Event{e}, ErrUnchanged
	}); err != nil {
		return err
	}
	return &Denied{}
}
