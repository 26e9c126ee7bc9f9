package rotate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Admission is somebody who proved who they are by other means than a
// password: a social login, a passkey, a mailed link of the shop's own.
type Admission struct {
	Account string
	// Methods are the proofs given, in the terms of RFC 8176, as in "hwk" for a
	// passkey; 1 to 5 of them. "otp" and "recovery" are the Keeper's own to say.
	Methods []string
	// Code, Recovery, Source and Browser are those of [Attempt].
	Code     string
	Recovery string
	Source   string
	Browser  string
}

// Format hides the secrets from package fmt.
func (a Admission) Format(f fmt.State, _ rune) { redacted(f, "Admission") }

// LogValue hides the secrets from package log/slog.
func (a Admission) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// MarshalJSON refuses to write secrets.
func (a Admission) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// Admit runs every rule of a sign-in except the password: the second factor,
// what is due, orders that end sessions. The shop vouches for the proof.
//
// Errors: [ErrNotFound], the account has no credential: sign it up with
// NoPassword; [*Denied], the code was wrong, or too many tries from one
// address; [ErrBrowser]; [ErrSession], Methods are malformed.
func (k *Keeper) Admit(ctx context.Context, a Admission) (Decision, error) {
	p := Proofs{Code: strings.Clone(a.Code), Recovery: strings.Clone(a.Recovery)}
	account, browser := strings.Clone(a.Account), strings.Clone(a.Browser)
	if err := checkBrowser(browser); err != nil {
		return Decision{}, err
	}
	methods := make([]string, len(a.Methods))
	for i, m := range a.Methods {
		methods[i] = strings.Clone(m)
	}
	if err := checkAdmitted(account, methods); err != nil {
		return Decision{}, err
	}
	if wait, ok := k.sources.take(a.Source, k.now()); !ok {
		return Decision{}, &Denied{RetryAfter: wait}
	}
	f, err := k.begin(ctx)
	if err != nil {
		return Decision{}, err
	}
	c, profile, err := k.find(ctx, f, "", account)
	if err != nil {
		return Decision{}, err
	}
	if c == nil {
		return Decision{}, ErrNotFound
	}
	code, err := k.codeCheck(c, p, profile)
	if err != nil {
		return Decision{}, k.reportUnreadable(ctx, c)
	}
	now := k.now()
	var out outcome
	err = k.store.Update(ctx, account, func(row *Credential) ([]Event, error) {
		out = outcome{}
		if row.Epoch != c.Epoch || factorID(row) != factorID(c) {
			out.denied = &Denied{}
			return nil, ErrUnchanged
		}
		return out.complete(k, row, f, profile, code, methods, browser, now), nil
	})
	if err != nil {
		return Decision{}, err
	}
	return k.decide(ctx, out)
}

// checkAdmitted reports methods that are malformed or only the Keeper may
// name.
func checkAdmitted(account string, methods []string) error {
	if err := checkAccount(account); err != nil {
		return err
	}
	own := []string{MethodCode, MethodRecovery}
	if len(methods) == 0 || len(methods) > maxMethods-3 ||
		slices.ContainsFunc(methods, func(m string) bool { return slices.Contains(own, m) }) {
		return errors.Join(ErrSession, errors.New("rotate: Methods are 1 to 5 of the shop's own"))
	}
	return checkMethods(methods)
}
