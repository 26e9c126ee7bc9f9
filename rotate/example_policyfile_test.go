package rotate_test

import (
	"fmt"
	"strings"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
	"github.com/tillkey/tillkey/rotate"
)

// A shop whose policies are in a file, which the command line and the storefront
// read, too. Config.Profile is asked at every step, so each group is merged with
// those above it once, and kept.
func ExampleConfig_policyFile() {
	file := strings.NewReader(`{
		"version": 1,
		"base": {"words": ["Tillkey"], "breach": ["leaked"]},
		"groups": {
			"customers": {"preset": "ShopCustomer", "estimator": "strength"},
			"store-17": {"min_length": 16},
			"store-17/staff": {"preset": "ShopStaff", "estimator": "strength", "need_digit": true}
		}
	}`)
	groups, err := policy.Read(file, policy.Sources{ // or ReadFile
		Breach:     map[string]policy.List{"leaked": policy.NewList("correct horse battery staple")},
		Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	profiles := map[string]rotate.Profile{}
	for _, group := range []string{"customers", "store-17/staff"} {
		p, err := rotate.ShopProfile(group)
		if err != nil {
			fmt.Println(err)
			return
		}
		if p.Policy, err = groups.Policy(group); err != nil {
			fmt.Println(err)
			return
		}
		profiles[group] = p
	}
	config := rotate.Config{Profile: func(group string) (rotate.Profile, error) {
		p, ok := profiles[group]
		if !ok {
			return rotate.Profile{}, fmt.Errorf("%w %q", policy.ErrUnknownGroup, group)
		}
		return p, nil
	}}

	for _, group := range []string{"customers", "store-17/staff", "partners"} {
		p, err := config.Profile(group)
		fmt.Println(p.Policy.MinLength, p.Policy.NeedDigit, p.Policy.Words, err)
	}
	// Output:
	// 15 false [Tillkey] <nil>
	// 16 true [Tillkey] <nil>
	// 0 false [] policy: unknown group "partners"
}
