package rotate

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Status is what may be shown about a credential: nothing in it is secret.
type Status struct {
	Account string
	Group   string
	// NoProfile tells that Config.Profile does not know the group; what depends
	// on its rules is empty then.
	NoProfile bool
	// HasPassword is false for accounts that sign in by other means alone.
	HasPassword bool
	// Format describes the stored hash, as in "argon2id m=19456 t=2 p=1".
	Format string
	// Policy is the name of the policy the password was accepted under.
	Policy string
	// Judged tells whether the present policy has judged the password, when it was
	// chosen or at a sign-in; Unmet is since when it is known not to meet it, the
	// zero time where it does or nobody knows.
	Judged bool
	Unmet  time.Time
	// Adopted tells that the hash still is the one from the shop's own table.
	Adopted bool
	// Created, Changed and SignedIn are those of [Credential].
	Created, Changed, SignedIn time.Time
	// Due is what must be changed, and until when.
	Due Due
	// Recheck tells that a list could not answer last time.
	Recheck bool
	// Factor tells whether there is a second factor, FactorSince since when, and
	// RecoveryLeft how many recovery codes are left.
	Factor       bool
	FactorSince  time.Time
	RecoveryLeft int
	// PasswordWait and CodeWait are how long guesses have to wait.
	PasswordWait, CodeWait time.Duration
	// PasswordDisabled and CodeDisabled tell that only a reset or Unlock helps.
	PasswordDisabled, CodeDisabled bool
}

// Lookup reports on one account, for the shop's own account and staff pages.
// An account that only the shop knows is adopted.
//
// Errors: [ErrNotFound], there is none; [ErrAccount].
func (k *Keeper) Lookup(ctx context.Context, account string) (Status, error) {
	account = strings.Clone(account)
	if err := checkAccount(account); err != nil {
		return Status{}, err
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Status{}, err
	}
	c, err := k.store.Load(ctx, account)
	if errors.Is(err, ErrNotFound) {
		c, err = k.adopt(ctx, f, account)
	}
	if err != nil {
		return Status{}, err
	}
	return k.status(&c, f.orders, k.profileOf(c.Group)), nil
}

// List reports on a page of accounts in the order of their ids. The next page
// begins after the last account: set Query.After to it. An empty page is the
// end.
func (k *Keeper) List(ctx context.Context, q Query) ([]Status, error) {
	orders, _, err := k.orders(ctx, maxOrderAge)
	if err != nil {
		return nil, err
	}
	page, err := k.store.Page(ctx, q)
	if err != nil {
		return nil, err
	}
	list := make([]Status, len(page))
	profiles := make(map[string]*Profile)
	for i := range page {
		c := &page[i]
		if _, known := profiles[c.Group]; !known {
			profiles[c.Group] = k.profileOf(c.Group)
		}
		list[i] = k.status(c, orders, profiles[c.Group])
	}
	return list, nil
}

// Events reads the audit trail, newest first: up to limit events older than the
// one whose id is before, or the newest where before is "". An account limits
// it to events of that account.
func (k *Keeper) Events(ctx context.Context, account, before string, limit int) ([]Event, error) {
	return k.store.Events(ctx, account, before, limit)
}

func (k *Keeper) status(c *Credential, orders []Order, p *Profile) Status {
	if p == nil {
		// One group that is gone must not hide all accounts from a report.
		return Status{Account: c.Account, Group: c.Group, HasPassword: c.Password != "", Format: c.Format, NoProfile: true}
	}
	now := k.now()
	s := Status{
		Account: c.Account, Group: c.Group, HasPassword: c.Password != "", Format: c.Format,
		Policy: c.PolicyName, Adopted: c.Adopted && c.Password != "", Created: c.Created, Changed: c.Changed, SignedIn: c.SignedIn,
		Due: p.Due(c, orders, now), Recheck: c.Recheck, RecoveryLeft: len(c.Recovery),
		PasswordDisabled: c.PasswordGuesses.Disabled(p.Rules.Password), CodeDisabled: c.CodeGuesses.Disabled(p.Rules.Code),
	}
	s.PasswordWait, _ = c.PasswordGuesses.Locked(p.Rules.Password, now)
	s.CodeWait, _ = c.CodeGuesses.Locked(p.Rules.Code, now)
	if s.Judged = c.PolicyFingerprint != "" && c.PolicyFingerprint == p.Fingerprint(); s.Judged {
		s.Unmet = c.Unmet
	}
	if c.Factor != nil {
		s.Factor, s.FactorSince = true, c.Factor.Since
	}
	return s
}
