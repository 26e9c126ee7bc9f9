package rotate

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Request asks for a ticket to be mailed.
type Request struct {
	// Name and Account are those of [Attempt].
	Name    string
	Account string
	// Source and Browser are those of [Attempt]; the ticket satisfies a
	// compromise order only in this browser.
	Source  string
	Browser string
	// Vouched is the id of a member of staff who has made sure who the customer
	// is by other means. The ticket then satisfies a compromise order even if
	// the address is new. "" for customers' own requests.
	Vouched string
}

func (r Request) clone() Request {
	return Request{Name: strings.Clone(r.Name), Account: strings.Clone(r.Account), Source: strings.Clone(r.Source),
		Browser: strings.Clone(r.Browser), Vouched: strings.Clone(r.Vouched)}
}

// Format hides the name and the browser's value from package fmt.
func (r Request) Format(f fmt.State, _ rune) { redacted(f, "Request") }

// LogValue hides the name and the browser's value from package log/slog.
func (r Request) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// MarshalJSON refuses to write the name and the browser's value.
func (r Request) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// Issued is a ticket to be mailed now. The zero value means that nothing is to
// be mailed, and the visitor is told the same either way.
type Issued struct {
	Account string
	// Address is where it must go.
	Address string
	// Ticket opens Reset once, and is a proof in Continue and Change.
	Ticket string
	Until  time.Time
}

// Format hides the ticket and the address from package fmt.
func (i Issued) Format(f fmt.State, _ rune) { redacted(f, "Issued") }

// LogValue hides the ticket and the address from package log/slog.
func (i Issued) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(i)) }

// MarshalJSON refuses to write secrets.
func (i Issued) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// mailThrottle is how many mails one name gets: three at once, then waits from
// one minute to an hour. It locks no sign-in.
var mailThrottle = Throttle{From: 3, First: time.Minute, Max: time.Hour}

// Issue makes the ticket of a forgotten password, or of a proof that a
// compromise asks for. Call it for every request, for unknown names too, and
// when the mail is about to be sent: the ticket must be in no queue. Answer
// the visitor before it is known whether anything was mailed.
//
// A request above the limit of mails for one name issues nothing. Errors are
// those of the configuration and the Store.
func (k *Keeper) Issue(ctx context.Context, r Request) (Issued, error) {
	r = r.clone()
	if wait, ok := k.sources.take(r.Source, k.now()); !ok {
		return Issued{}, &Denied{RetryAfter: wait}
	}
	if k.addresses == nil {
		return Issued{}, fmt.Errorf("%w: Addresses is needed to mail anything", ErrConfig)
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Issued{}, err
	}
	name := guessName(Attempt{Name: r.Name, Account: r.Account})
	mails, err := k.nameKey(f.key, "mail", name)
	if err != nil {
		return Issued{}, err
	}
	guesses, err := k.nameKey(f.key, "password", name)
	if err != nil {
		return Issued{}, err
	}
	now := k.now()
	_, limited, err := k.count(ctx, mails, mailThrottle)
	if err != nil {
		return Issued{}, err
	}
	c, p, err := k.find(ctx, f, r.Name, r.Account)
	if err != nil {
		return Issued{}, err
	}
	// An account has several names where the shop's look-up is kind.
	known := name
	if c != nil {
		known = c.Account
	}
	if limited == 0 {
		if mails, err = k.nameKey(f.key, "mail account", known); err != nil {
			return Issued{}, err
		}
		if _, limited, err = k.count(ctx, mails, mailThrottle); err != nil {
			return Issued{}, err
		}
	}
	if c == nil || limited > 0 && r.Vouched == "" {
		return Issued{}, nil
	}
	address, since, err := k.addresses.Address(ctx, c.Account)
	if err != nil || address == "" {
		return Issued{}, err
	}
	t := k.newTicket(forReset, c, f.seq, nil, r.Browser)
	t.Until = now.Add(p.Rules.ResetFor)
	t.Address, t.OnFile, t.Vouched, t.Name = addressSum(address), since, r.Vouched != "", guesses[:]
	text, err := k.sealTicket(f.key, t)
	if err != nil {
		return Issued{}, err
	}
	e := k.event(ResetIssued, c.Account)
	e.Actor = r.Vouched
	if err := k.store.Update(ctx, c.Account, func(*Credential) ([]Event, error) {
		return []Event{e}, ErrUnchanged
	}); err != nil {
		return Issued{}, err
	}
	return Issued{Account: c.Account, Address: address, Ticket: text, Until: t.Until}, nil
}

// Reset sets a new password with a mailed ticket, and signs nobody in: the
// Decision is SignInAgain. Where there is a second factor it asks for a code
// (NeedCode, with the same ticket) beside the new password, and leaves the
// factor as it is. Without a new password it tells what is needed and counts
// nothing.
//
// Errors: [ErrTicket], ask for a new mail (as after twenty passwords that were
// refused); [*Denied], the code was wrong;
// [*policy.Refusal], ask for another password with the same ticket;
// [ErrProof], after a compromise only the browser that asked for the mail, and
// an address on file before it, will do.
func (k *Keeper) Reset(ctx context.Context, text string, p Proofs) (Decision, error) {
	text, p = strings.Clone(text), p.clone()
	t, f, c, profile, err := k.redeem(ctx, text, p, forReset)
	if err != nil {
		return Decision{}, err
	}
	current, err := k.currentAddress(ctx, t)
	if err != nil {
		return Decision{}, err
	}
	if !current {
		return Decision{}, ErrTicket
	}
	now := k.now()
	due := profile.Due(c, f.orders, now)
	again := Decision{Next: NeedNewPassword, Ticket: text, Reason: due.Reason, Proof: due.Proof, By: due.By}
	if due.Proof == ProofOutOfBand && c.Factor == nil && !(t.sameBrowser(p.Browser) && t.provesAgainst(due)) {
		return again, ErrProof
	}
	if c.Factor != nil && !p.hasCode() {
		again.Next = NeedCode
		return again, nil
	}
	if p.NewPassword == "" {
		return again, nil
	}
	if err := k.tryTicket(ctx, f.key, t); err != nil {
		return Decision{}, err
	}
	code, err := k.codeCheck(c, p, profile)
	if err != nil {
		return Decision{}, k.reportUnreadable(ctx, c)
	}
	n, err := k.newPassword(profile.proven(ctx), f, c, profile, "", p.NewPassword, nil)
	if err != nil {
		return again, err
	}
	var denied *Denied
	err = k.store.Update(ctx, t.Account, func(c *Credential) ([]Event, error) {
		denied = nil
		if !t.holds(c) {
			return nil, ErrTicket
		}
		var events []Event
		if c.Factor != nil {
			method, more, refused := code.use(k, c, now)
			events = more
			if method == "" {
				denied = refused
				return events, nil
			}
		}
		more, err := n.write(k, c, f, due, now)
		if err != nil {
			return nil, err
		}
		return append(events, more, k.event(PasswordReset, c.Account)), nil
	})
	switch {
	case err != nil:
		return Decision{}, err
	case denied != nil:
		again.Next = NeedCode
		return again, denied
	}
	if len(t.Name) == 32 {
		k.free(ctx, [32]byte(t.Name))
	}
	return Decision{Next: SignInAgain}, nil
}
