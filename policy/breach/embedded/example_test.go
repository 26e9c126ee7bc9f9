package embedded_test

import (
	"context"
	"fmt"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/breach"
	"github.com/tillkey/tillkey/policy/breach/embedded"
)

// The list is the least that a shop has, whatever happens to its other sources.
func Example() {
	rules := policy.ShopCustomer()
	rules.Breach = []policy.List{breach.Chain{Embedded: embedded.List{}}} // and Offline, and Online
	for _, password := range []string{"ilikecookies", "walnut teapot under the stairs"} {
		verdict, err := rules.Check(context.Background(), password)
		fmt.Println(verdict.Has(policy.Breached), err)
	}
	// Output:
	// true <nil>
	// false <nil>
}

func ExampleList_Seen() {
	for _, password := range []string{"123456", "walnut teapot under the stairs"} {
		count, err := embedded.List{}.Seen(context.Background(), password)
		fmt.Println(count, err)
	}
	// Output:
	// 5365167 <nil>
	// 0 <nil>
}

func ExampleList_Info() {
	info := embedded.List{}.Info()
	fmt.Println(info.Kind, info.Keys, info.Counts)
	// Output: SHA-1 277294 true
}
