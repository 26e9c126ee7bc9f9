package rotate

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate/keyring"
)

// ticket is what was proven so far, sealed and handed to the visitor between
// two steps. It stands for no session: it opens the next step and nothing else.
type ticket struct {
	// For is the one step it is good for.
	For purpose `json:"f"`
	// Account, Epoch and Factor are the state it was issued for. Any change of
	// password or factor makes it void.
	Account string `json:"a"`
	Epoch   int64  `json:"e"`
	Factor  string `json:"i,omitempty"`
	// Seq is the last order known when the flow began.
	Seq int64 `json:"q"`
	// Methods are the proofs given so far.
	Methods []string `json:"m,omitempty"`
	// Nonce names the ticket, Until ends it.
	Nonce string    `json:"n"`
	Until time.Time `json:"u"`
	// Browser is the SHA-256 of the browser value it is bound to; empty if none.
	Browser []byte `json:"b,omitempty"`
	// Address and OnFile are where a mailed ticket went: the SHA-256 of the
	// address and since when it was on file.
	Address []byte    `json:"d,omitempty"`
	OnFile  time.Time `json:"o,omitzero"`
	// Vouched is true where a member of staff answers for the customer.
	Vouched bool `json:"v,omitempty"`
	// Name is the key of the name counter that a reset frees.
	Name []byte `json:"k,omitempty"`
}

// purpose is the step a ticket is for.
type purpose string

const (
	forCode        purpose = "code"
	forEnroll      purpose = "enroll"
	forNewPassword purpose = "new password"
	forReset       purpose = "reset"
)

const (
	// ticketFor is how long a step may take.
	ticketFor = 5 * time.Minute
	// minBrowserBytes is the least a browser value must have: 16 bytes of text
	// hold at least 64 bits if they are hexadecimal.
	minBrowserBytes = 16
	maxBrowserBytes = 512
	// maxTicketBytes bounds a ticket before it is looked at.
	maxTicketBytes = 4096
)

// checkBrowser reports a browser value too short to bind anything to.
func checkBrowser(browser string) error {
	if len(browser) < minBrowserBytes || len(browser) > maxBrowserBytes {
		return ErrBrowser
	}
	return nil
}

func browserSum(browser string) []byte {
	sum := sha256.Sum256([]byte("browser\x00" + browser))
	return sum[:]
}

func addressSum(address string) []byte {
	sum := sha256.Sum256([]byte("address\x00" + address))
	return sum[:]
}

// sameBrowser compares in constant time.
func (t ticket) sameBrowser(browser string) bool {
	return len(t.Browser) > 0 && subtle.ConstantTimeCompare(t.Browser, browserSum(browser)) == 1
}

// secondFactor tells whether a code was among the proofs.
func (t ticket) secondFactor() bool {
	return slices.Contains(t.Methods, MethodCode) || slices.Contains(t.Methods, MethodRecovery)
}

// missing is what a change still needs beside the ticket: a code that was among
// the proofs is a proof out of band.
func (t ticket) missing(p Proof) Proof {
	if p == ProofOutOfBand && t.secondFactor() {
		return ProofPassword
	}
	return p
}

// holds tells whether the row still is what the ticket was issued for.
func (t ticket) holds(c *Credential) bool {
	return c.Epoch == t.Epoch && factorID(c) == t.Factor
}

// spent tells whether the ticket was used with success.
func (t ticket) spent(c *Credential) bool {
	return slices.ContainsFunc(c.Spent, func(s Spent) bool { return s.Nonce == t.Nonce })
}

// spend marks the ticket as used, and forgets the ones that are too old to be
// accepted. It reports false where the list is full, which takes more sign-ins
// in five minutes than an account has codes for.
func (t ticket) spend(c *Credential, now time.Time) bool {
	c.Spent = slices.DeleteFunc(c.Spent, func(s Spent) bool { return !now.Before(s.Until) })
	if len(c.Spent) >= maxSpent {
		return false
	}
	c.Spent = append(c.Spent, Spent{Nonce: t.Nonce, Until: t.Until})
	return true
}

// ticketThrottle is how many new passwords one ticket may try. Each is compared
// with the current and the former ones, and a refusal tells if it was one.
var ticketThrottle = Throttle{DisableAfter: 20}

// tryTicket counts a new password; ErrTicket after too many.
func (k *Keeper) tryTicket(ctx context.Context, key string, t ticket) error {
	tries, err := k.nameKey(key, "ticket", t.Nonce)
	if err != nil {
		return err
	}
	if _, wait, err := k.count(ctx, tries, ticketThrottle); err != nil || wait == 0 {
		return err
	}
	return ErrTicket
}

// newTicket starts a ticket for the state of a row.
func (k *Keeper) newTicket(p purpose, c *Credential, seq int64, methods []string, browser string) ticket {
	t := ticket{
		For: p, Account: c.Account, Epoch: c.Epoch, Factor: factorID(c), Seq: seq,
		Methods: methods, Nonce: newID(), Until: k.now().Add(ticketFor),
	}
	if browser != "" {
		t.Browser = browserSum(browser)
	}
	return t
}

// sealTicket makes the text form of a ticket.
func (k *Keeper) sealTicket(key string, t ticket) (string, error) {
	plain, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	return k.ring.Seal(key, keyring.Context{Purpose: purposeTicket, Binding: string(t.For)}, plain)
}

// openTicket reads a ticket for one of the given steps. Everything wrong with
// it is ErrTicket.
func (k *Keeper) openTicket(text, browser string, steps ...purpose) (ticket, error) {
	if text == "" || len(text) > maxTicketBytes {
		return ticket{}, ErrTicket
	}
	for _, p := range steps {
		plain, err := k.ring.Open(keyring.Context{Purpose: purposeTicket, Binding: string(p)}, text)
		if err != nil {
			continue
		}
		var t ticket
		if json.Unmarshal(plain, &t) != nil || t.For != p || !k.now().Before(t.Until) {
			return ticket{}, ErrTicket
		}
		if p != forReset && !t.sameBrowser(browser) {
			return ticket{}, ErrTicket
		}
		return t, nil
	}
	return ticket{}, ErrTicket
}

// ticketDecision seals a ticket and wraps it into the step it is for.
func (k *Keeper) ticketDecision(ctx context.Context, n Next, t ticket, d Due) (Decision, error) {
	key, err := k.primary(ctx)
	if err != nil {
		return Decision{}, err
	}
	text, err := k.sealTicket(key, t)
	if err != nil {
		return Decision{}, err
	}
	return Decision{Next: n, Ticket: text, Reason: d.Reason, Proof: t.missing(d.Proof), By: d.By}, nil
}

// redeem opens a ticket for one of the given steps, begins the flow and loads
// the row, for every step that a ticket leads to.
func (k *Keeper) redeem(ctx context.Context, text string, p Proofs, steps ...purpose) (ticket, flow, *Credential, Profile, error) {
	fail := func(err error) (ticket, flow, *Credential, Profile, error) {
		return ticket{}, flow{}, nil, Profile{}, err
	}
	if wait, ok := k.sources.take(p.Source, k.now()); !ok {
		return fail(&Denied{RetryAfter: wait, Code: true})
	}
	t, err := k.openTicket(text, p.Browser, steps...)
	if err != nil {
		return fail(err)
	}
	f, err := k.begin(ctx)
	if err != nil {
		return fail(err)
	}
	c, profile, err := k.holder(ctx, t)
	if err != nil {
		return fail(err)
	}
	return t, f, c, profile, nil
}

// holder loads the row of a ticket; ErrTicket if it moved on.
func (k *Keeper) holder(ctx context.Context, t ticket) (*Credential, Profile, error) {
	c, err := k.store.Load(ctx, t.Account)
	if errors.Is(err, ErrNotFound) {
		return nil, Profile{}, ErrTicket
	}
	if err != nil {
		return nil, Profile{}, err
	}
	if !t.holds(&c) || t.spent(&c) {
		return nil, Profile{}, ErrTicket
	}
	p, err := k.profile(c.Group)
	return &c, p, err
}
