package rotate

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// NewAccount is an account that is about to get a credential.
type NewAccount struct {
	// Account is the shop's own immutable id of the customer, not an address.
	Account string
	// Group is the path of the profile; "" means Config.Group.
	Group string
	// Password is the one the customer chose.
	Password string
	// NoPassword makes an account without one, for those who sign in by other
	// means ([Keeper.Admit]) or choose their first password by mail
	// ([Keeper.Issue]). Password must be "" then.
	NoPassword bool
	// FirstUse marks a password that somebody else made for the customer: it is
	// good for one sign-in, at which it must be changed (PCI DSS 4.0.1, 8.3.5;
	// ASVS 5.0, 6.4.1). Neither it nor one made of it by a small change can take
	// its place, and it stays refused for ever.
	FirstUse bool
	// About are words the password must not be made of, beside those of
	// [Customers]: the name and the e-mail address that were just typed. With
	// those of Customers, which come first, 32 are used, 256 bytes of each.
	About []string
	// Source and Browser are those of [Attempt].
	Source  string
	Browser string
}

func (a NewAccount) clone() NewAccount {
	a.Account, a.Group = strings.Clone(a.Account), strings.Clone(a.Group)
	a.Password = strings.Clone(a.Password)
	a.Source, a.Browser = strings.Clone(a.Source), strings.Clone(a.Browser)
	about := make([]string, len(a.About))
	for i, w := range a.About {
		about[i] = strings.Clone(w)
	}
	a.About = about
	return a
}

// Format hides the secrets from package fmt.
func (a NewAccount) Format(f fmt.State, _ rune) { redacted(f, "NewAccount") }

// LogValue hides the secrets from package log/slog.
func (a NewAccount) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// MarshalJSON refuses to write secrets.
func (a NewAccount) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// Draft is a checked and hashed password on its way into the Store. It holds
// the hash, prints nothing of it, and is good for one Create within minutes.
type Draft struct {
	account  NewAccount
	profile  Profile
	flow     flow
	password *newPassword
}

// Format hides the secrets from package fmt.
func (d Draft) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "rotate.Draft{redacted}") }

// LogValue hides the secrets from package log/slog.
func (d Draft) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(d)) }

// SignUp makes the credential of a new customer, and signs them in. It is Draft
// and Create in one; use those where the shop's own row is to be written in the
// same transaction. For an address that is taken, do not call it: give the
// visitor the same answer and mail the owner. Write the shop's own row after it,
// or in the same transaction: an account that Customers finds is adopted by the
// first sign-in that names it, and then exists.
//
// Errors: [*policy.Refusal], show all its problems; [ErrExists];
// [ErrAccount], [ErrGroup]; [*Denied], too many tries from one address.
func (k *Keeper) SignUp(ctx context.Context, a NewAccount) (Decision, error) {
	d, err := k.Draft(ctx, a)
	if err != nil {
		return Decision{}, err
	}
	return k.Create(ctx, d)
}

// Draft checks and hashes the password of a new account. It writes nothing and
// holds no lock: call it before the transaction of [Keeper.Create] begins.
// Account may still be empty, and be given to [Draft.For] when it is known.
//
// Errors are those of [Keeper.SignUp] except ErrExists.
func (k *Keeper) Draft(ctx context.Context, a NewAccount) (*Draft, error) {
	a = a.clone()
	if wait, ok := k.sources.take(a.Source, k.now()); !ok {
		return nil, &Denied{RetryAfter: wait}
	}
	if a.Group == "" {
		a.Group = k.group
	}
	if a.Account != "" {
		if err := checkAccount(a.Account); err != nil {
			return nil, err
		}
	}
	if a.NoPassword && a.Password != "" {
		return nil, fmt.Errorf("%w: NoPassword comes with a password", ErrConfig)
	}
	p, err := k.profile(a.Group)
	if err != nil {
		return nil, err
	}
	d := &Draft{account: a, profile: p}
	if d.flow, err = k.begin(ctx); err != nil {
		return nil, err
	}
	if a.NoPassword {
		return d, nil
	}
	row := Credential{Account: a.Account, Group: a.Group}
	d.password, err = k.newPassword(ctx, d.flow, &row, p, "", a.Password, a.About)
	if err != nil {
		return nil, err
	}
	d.account.Password = ""
	return d, nil
}

// For names the account of a draft that was made before the shop had its id.
func (d *Draft) For(account string) *Draft {
	named := *d
	named.account.Account = strings.Clone(account)
	return &named
}

// Create writes a draft. On a Keeper from [Keeper.Within] it does so in the
// shop's own transaction: tell the visitor only after the commit.
//
// The Decision is Proceed with a session, NeedEnroll where a second factor is
// required, or SignInAgain for a first-use password, as it is not the customer
// who sits here. Errors: [ErrExists], [ErrAccount], [ErrBrowser].
func (k *Keeper) Create(ctx context.Context, d *Draft) (Decision, error) {
	a := d.account
	if err := checkAccount(a.Account); err != nil {
		return Decision{}, err
	}
	enroll := d.profile.Rules.RequireFactor && !a.NoPassword && !a.FirstUse
	if enroll {
		if err := checkBrowser(a.Browser); err != nil {
			return Decision{}, err
		}
	}
	now := k.now()
	c := Credential{Account: a.Account, Group: a.Group, Created: now, Epoch: newEpoch(), ClearedSeq: d.flow.seq}
	if d.password != nil {
		if err := k.sealPassword(d.flow.key, &c, d.password.encoded); err != nil {
			return Decision{}, err
		}
		c.Changed, c.PolicyName, c.PolicyFingerprint, c.Recheck = now, d.password.policy, d.password.fingerprint, d.password.unchecked
	}
	var out outcome
	if a.FirstUse {
		c.Forced = &Forced{Reason: FirstUse, Proof: FirstUse.Proof(), Since: now, By: now}
	} else if d.password != nil {
		out.settle(k, &c, d.flow, d.profile, []string{MethodPassword}, a.Browser, now)
	}
	if err := k.store.Insert(ctx, c, []Event{k.event(SignedUp, a.Account)}); err != nil {
		return Decision{}, err
	}
	return k.decide(ctx, out)
}
