package strength_test

import (
	"fmt"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

func ExampleEstimate() {
	for _, password := range []string{"Password123!", "winter harbor nine zebra"} {
		fmt.Println(strength.Estimate(password).Score)
	}
	// Output:
	// 1
	// 4
}

func ExampleExplain() {
	e := strength.Explain("Tillkey1987", "Tillkey", "maria.lopez@shop.example")
	for _, m := range e.Matches {
		fmt.Println(m.Code, m.From, m.To)
	}
	fmt.Println(e.Text)
	// Output:
	// about 0 7
	// year 7 11
	// It is easy to guess because it is built on something about you or this shop and a year. Add two or three words that have nothing to do with each other.
}

func ExampleEstimateChange() {
	fmt.Println(strength.EstimateChange("walnut-Harbor-77", "walnut-Harbor-78").Score < 2)
	// Output: true
}

// A policy takes the estimator as it is.
func ExampleEstimator() {
	p := policy.ShopCustomer()
	p.Estimator = strength.Estimator{}
	verdict := p.Preview("Tillkey-Maria-1987", "maria.lopez@tillkey.example")
	fmt.Println(verdict.Err() != nil)
	// Output: true
}
