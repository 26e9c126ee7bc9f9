package policy_test

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

func ExampleGroups() {
	base := policy.Policy{Words: []string{"Tillkey"}}
	store := policy.Policy{Words: []string{"Corner Shop"}, MinLength: 12}
	groups := policy.Groups{
		"":                   base, // every group inherits it
		"customers":          policy.ASVS5(),
		"store-17":           store,
		"store-17/customers": policy.ASVS5(),
	}
	if err := groups.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	for _, group := range groups.Paths() {
		p, _ := groups.Policy(group)
		fmt.Println(group, p.MinLength, p.Words)
	}
	// Output:
	// customers 8 [Tillkey]
	// store-17 12 [Corner Shop Tillkey]
	// store-17/customers 12 [Corner Shop Tillkey]
}

func ExampleGroups_Policy() {
	groups := policy.Groups{"customers": policy.ShopCustomer(), "staff": policy.ShopStaff()}
	_, err := groups.Policy("visitors")
	fmt.Println(errors.Is(err, policy.ErrUnknownGroup), err)
	// Output:
	// true policy: unknown group "visitors"
}

func ExampleGroups_Validate() {
	groups := policy.Groups{
		"shop":      {Name: "shop", MinLength: 15},
		"shop/kids": {Name: "kids", MaxLength: 12},
	}
	fmt.Println(groups.Validate())
	// Output:
	// policy: invalid policy: MinLength 15 of "shop" is above MaxLength 12 of "kids" (group "shop/kids")
}

func ExampleStrictest() {
	// Staff who handle cards are within PCI DSS, and the shop asks for more.
	p, err := policy.Strictest(policy.PCI401Staff(), policy.ShopStaff())
	fmt.Println(p.Name, p.MinLength, p.NeedLetter, p.NeedDigit, p.MinGuessesLog10, err)
	// Output:
	// PCI401Staff + ShopStaff 15 true true 10 <nil>
}

func ExamplePolicy_Fingerprint() {
	// Kept beside a credential, it tells later that the policy has changed.
	p := policy.ASVS5()
	chosenUnder := p.Fingerprint()

	p.Name = "renamed"
	fmt.Println(p.Fingerprint() == chosenUnder)
	p.MinLength = 12
	fmt.Println(p.Fingerprint() == chosenUnder)
	// Output:
	// true
	// false
}

func ExamplePolicy_Stricter() {
	old := policy.ASVS5()
	raised, eased := old, old
	raised.MinLength = 12
	eased.Lists = nil
	fmt.Println(raised.Stricter(old), eased.Stricter(old))
	// Output:
	// true false
}

func ExampleRead() {
	file := `{
  "version": 1,
  "base": {"words": ["Tillkey"]},
  "groups": {
    "customers": {"preset": "ShopCustomer", "estimator": "strength"},
    "staff": {"preset": "ShopStaff", "estimator": "strength", "min_length": 20}
  }
}`
	sources := policy.Sources{Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}}}
	groups, err := policy.Read(strings.NewReader(file), sources)
	if err != nil {
		fmt.Println(err)
		return
	}
	staff, err := groups.Policy("staff")
	fmt.Println(groups.Paths(), staff.MinLength, staff.Words, err)

	_, err = policy.Read(strings.NewReader(strings.Replace(file, "20", "2000", 1)), sources)
	fmt.Println(err)
	// Output:
	// [customers staff] 20 [Tillkey] <nil>
	// policy: 6:77: groups["staff"].min_length: want a whole number from 0 to 1024
}

func ExampleReadFile() {
	// A program that only shows rules needs no breach sources.
	groups, err := policy.ReadFile("testdata/files/shop.json", policy.Sources{
		Estimators: map[string]policy.Estimator{"strength": strength.Estimator{}},
		Absent:     true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := groups.Policy("store-17/customers")
	fmt.Print(p.PlainRules(), err)
	// Output:
	// At least 15 characters.
	// At most 256 characters.
	// No password that many people use.
	// Not just your name, your e-mail address or the name of the shop.
	// Hard to guess: several unrelated words, or many random signs.
	// No password that has appeared in a data leak.
	// <nil>
}

func ExampleWrite() {
	p := policy.PCI401Staff()
	p.Breach = []policy.List{policy.Named("leaked", vault{open: true})}
	if err := policy.Write(os.Stdout, policy.Groups{"staff": p}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "version": 1,
	//   "groups": {
	//     "staff": {
	//       "name": "PCI401Staff",
	//       "min_length": 12,
	//       "need_letter": true,
	//       "need_digit": true,
	//       "lists": [
	//         "common"
	//       ],
	//       "breach": [
	//         "leaked"
	//       ]
	//     }
	//   }
	// }
}

func ExampleNamed() {
	// Another source under the same name is still the same rule.
	before := policy.Policy{Breach: []policy.List{policy.Named("leaked", vault{open: true})}}
	after := policy.Policy{Breach: []policy.List{policy.Named("leaked", &counter{})}}
	fmt.Println(before.Fingerprint() == after.Fingerprint())
	// Output:
	// true
}

func ExampleNamedEstimator() {
	p := policy.ShopCustomer()
	p.Estimator = policy.NamedEstimator("strength", strength.Estimator{})
	fmt.Println(p.Preview("velvet walrus at 9 in the harbor").Err())
	// Output:
	// <nil>
}

func ExampleFileSchema() {
	fmt.Println(strings.Contains(policy.FileSchema(), "Tillkey policy file, version 1"))
	// Output:
	// true
}

func ExampleRulesSchema() {
	fmt.Println(strings.Contains(policy.RulesSchema(), "Rules of a Tillkey password policy"))
	// Output:
	// true
}

func ExampleIsPath() {
	for _, group := range []string{"store-17/customers", "customers/", "", "a\nb"} {
		fmt.Println(policy.IsPath(group))
	}
	// Output:
	// true
	// false
	// false
	// false
}
