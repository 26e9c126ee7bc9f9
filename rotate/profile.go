package rotate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// Profile is all that a group of accounts has in common.
type Profile struct {
	// Policy says which passwords may be chosen, Rules when they must be changed.
	Policy policy.Policy
	Rules  Rules
	// Issuer is the shop's name as an authenticator app shows it.
	Issuer string
	// Brand are words of the shop that a password must not be made of. With Issuer
	// and Policy.Words they are at most 1000 of 256 bytes each. They are not in the
	// Fingerprint: a word that old passwords are to be rechecked for belongs into
	// Policy.Words.
	Brand []string
	// TooSimilar judges a new password by the old one, where the customer typed
	// both; package policy/strength has what it takes. true refuses the new one.
	// policy.Similar is asked in any case and cannot be overruled; nil asks
	// nothing more. It must do no I/O, keep neither text, and be safe for
	// concurrent use.
	TooSimilar func(old, new string) bool
	// HashClass is that of the hashes for somebody of the group who has shown who
	// it is, by a session, a ticket or the right password; hash.Stranger, which is
	// zero, means hash.Known. Before that, whoever signs in is a stranger. A number
	// that is no class is refused with ErrRules.
	HashClass hash.Class

	// fingerprint is what Fingerprint returned, where many rows are judged by one
	// profile.
	fingerprint string
}

// WithBrand returns Policy with Brand and Issuer among its Words: what a new
// password is judged by. Show a preview by it, and let package policy/generate
// obey it. An Issuer that only [Config] has is not in it. It shares no Words with
// the profile.
func (p Profile) WithBrand() policy.Policy {
	whole := p.Policy
	whole.Words = slices.Concat(whole.Words, p.Brand)
	if p.Issuer != "" {
		whole.Words = append(whole.Words, p.Issuer)
	}
	return whole
}

// ShopProfile returns the profile of the two groups every shop has, "customers"
// and "staff", at the end of any path: policy.ShopCustomer and
// policy.ShopStaff, rated by package strength, with the rules of the same
// names, and hash.Staff for staff. A new password must be as hard to guess for
// who knows the old one. Any other group is an error. It is the default of
// Config.Profile, and what a Profile function of one's own starts from.
func ShopProfile(group string) (Profile, error) {
	var p Profile
	switch group[strings.LastIndexByte(group, '/')+1:] {
	case "customers":
		p.Policy, p.Rules = policy.ShopCustomer(), ShopCustomer()
	case "staff":
		p.Policy, p.Rules, p.HashClass = policy.ShopStaff(), ShopStaff(), hash.Staff
	default:
		return Profile{}, fmt.Errorf("rotate: group %q has no profile", group)
	}
	p.Policy.Estimator = strength.Estimator{}
	p.TooSimilar = followsFrom(p.Policy.MinGuessesLog10)
	return p, nil
}

// proven returns a context for the hashes of somebody of the group who has shown
// who it is. What the shop knows better stays.
func (p Profile) proven(ctx context.Context) context.Context {
	return hash.WithClass(ctx, max(hash.ClassOf(ctx), hash.Known, p.HashClass))
}

// followsFrom tells of a password that takes that many guesses, as a power of
// ten, whether it takes fewer for who knows the old one.
func followsFrom(guessesLog10 float64) func(old, new string) bool {
	return func(old, new string) bool {
		return strength.EstimateChange(old, new).GuessesLog10 < guessesLog10 &&
			strength.Estimate(new).GuessesLog10 >= guessesLog10
	}
}
