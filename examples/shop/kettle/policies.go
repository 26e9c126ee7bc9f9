package kettle

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
	"github.com/tillkey/tillkey/rotate"
)

// policyFile is also what `pwcheck policy show --policy` takes.
//
//go:embed policies.json
var policyFile string

// The two groups of accounts.
const (
	groupCustomers = "customers"
	groupStaff     = "staff"
)

// readPolicies returns the policies of the groups, each merged with what all of
// them inherit. Of leaked passwords the file has a name alone: the sources are
// those of the configuration.
func readPolicies() (map[string]policy.Policy, error) {
	groups, err := policy.Read(strings.NewReader(policyFile), policy.Sources{
		Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}},
		Absent:     true,
	})
	if err != nil {
		return nil, fmt.Errorf("policies.json: %w", err)
	}
	merged := map[string]policy.Policy{}
	for _, group := range groups.Paths() {
		if merged[group], err = groups.Policy(group); err != nil {
			return nil, fmt.Errorf("policies.json: %w", err)
		}
	}
	return merged, nil
}

// profile is what a group has in common.
func (s *Shop) profile(group string) (rotate.Profile, error) {
	chosen, ok := s.policyOf[group]
	if !ok {
		return rotate.Profile{}, fmt.Errorf("%w %q", policy.ErrUnknownGroup, group)
	}
	p, err := rotate.ShopProfile(group)
	if err != nil {
		return p, err
	}
	p.Policy, p.Issuer = chosen, brand
	p.Policy.Breach = s.lists()
	// Who signs in with a password that the policy would refuse today has to
	// change it: customers within two weeks, staff at once.
	p.Rules.Recheck, p.Rules.RecheckGrace = rotate.RecheckForce, 14*day
	if group == groupStaff {
		p.Rules.Recheck, p.Rules.RecheckGrace = rotate.RecheckBlock, 0
	}
	return p, nil
}
