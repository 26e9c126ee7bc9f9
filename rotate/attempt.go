package rotate

import (
	"fmt"
	"log/slog"
	"strings"
)

// Attempt is one try to sign in.
type Attempt struct {
	// Name is what the customer typed as name or e-mail address.
	Name string
	// Account is the shop's id for that name where the shop has looked it up
	// itself; "" asks [Customers], and means an unknown name without them.
	Account string
	// Password is what was typed, at most 1024 bytes.
	Password string
	// Code or Recovery may come along at once; else the answer is NeedCode.
	Code     string
	Recovery string
	// Source is the network address of the visitor, as the shop trusts it, for
	// a limit in memory; "" is not limited.
	Source string
	// Browser is the value of a random cookie of at least 16 bytes that tickets
	// are bound to; package web sets one.
	Browser string
}

// clone copies what may outlive the call: some frameworks reuse the memory of
// a request's strings.
func (a Attempt) clone() Attempt {
	return Attempt{
		Name: strings.Clone(a.Name), Account: strings.Clone(a.Account), Password: strings.Clone(a.Password),
		Code: strings.Clone(a.Code), Recovery: strings.Clone(a.Recovery),
		Source: strings.Clone(a.Source), Browser: strings.Clone(a.Browser),
	}
}

// Format hides the secrets from package fmt.
func (a Attempt) Format(f fmt.State, _ rune) { redacted(f, "Attempt") }

// LogValue hides the secrets from package log/slog.
func (a Attempt) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// MarshalJSON refuses to write secrets.
func (a Attempt) MarshalJSON() ([]byte, error) { return nil, errNotJSON }

// Proofs is everything a customer may show in a later step. Fill in what the
// form held; a step looks only at what it needs.
type Proofs struct {
	// Password is the current password.
	Password string
	// NewPassword is the one to set.
	NewPassword string
	// Code is a code of the second factor, Recovery a recovery code.
	Code     string
	Recovery string
	// Mailed is a ticket from [Keeper.Issue] that came by mail.
	Mailed string
	// Ticket stands for the session in Enroll and Confirm after NeedEnroll.
	Ticket string
	// Source and Browser are those of [Attempt].
	Source  string
	Browser string
}

func (p Proofs) clone() Proofs {
	return Proofs{
		Password: strings.Clone(p.Password), NewPassword: strings.Clone(p.NewPassword),
		Code: strings.Clone(p.Code), Recovery: strings.Clone(p.Recovery),
		Mailed: strings.Clone(p.Mailed), Ticket: strings.Clone(p.Ticket),
		Source: strings.Clone(p.Source), Browser: strings.Clone(p.Browser),
	}
}

// hasCode tells whether a code of either kind was typed.
func (p Proofs) hasCode() bool { return p.Code != "" || p.Recovery != "" }

// Format hides the secrets from package fmt.
func (p Proofs) Format(f fmt.State, _ rune) { redacted(f, "Proofs") }

// LogValue hides the secrets from package log/slog.
func (p Proofs) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }

// MarshalJSON refuses to write secrets.
func (p Proofs) MarshalJSON() ([]byte, error) { return nil, errNotJSON }
