package rotate_test

import (
	"context"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A shop asks for longer passwords. Who has a short one hears of it at the next
// sign-in and has two weeks; everybody else notices nothing.
func ExampleRecheck() {
	ctx := context.Background()
	shop := rotate.Profile{Policy: policy.ASVS5(), Rules: rotate.ShopCustomer()}
	shop.Rules.Recheck, shop.Rules.RecheckGrace = rotate.RecheckForce, 14*24*time.Hour
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{
		Profile: func(string) (rotate.Profile, error) { return shop, nil },
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	passwords := map[string]string{"c-1": "plum kettle 92", "c-2": "nine violet umbrellas"}
	for account, password := range passwords {
		if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: account, Password: password}); err != nil {
			fmt.Println(err)
			return
		}
	}

	shop.Policy.MinLength = 15
	for _, account := range []string{"c-1", "c-2"} {
		d, err := realm.Keeper.Login(ctx, rotate.Attempt{Account: account, Password: passwords[account], Browser: browser})
		fmt.Println(account, d.Next, d.Unmet, d.Reason, err)
		if d.Unmet {
			fmt.Println("change it by", d.By.Format("2 January"))
		}
	}
	realm.Clock.Advance(14 * 24 * time.Hour)
	d, err := realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: passwords["c-1"], Browser: browser})
	fmt.Println("c-1", d.Next, d.Reason, d.Proof, err)
	// Output:
	// c-1 proceed true policy_raised <nil>
	// change it by 29 January
	// c-2 proceed false  <nil>
	// c-1 need_new_password policy_raised password <nil>
}

// How many passwords the present policy has judged, for a dashboard.
func ExampleKeeper_PolicyProgress() {
	ctx := context.Background()
	shop := rotate.Profile{Policy: policy.ASVS5(), Rules: rotate.ShopCustomer()}
	shop.Rules.Recheck = rotate.RecheckWarn
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{
		Profile: func(string) (rotate.Profile, error) { return shop, nil },
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, account := range []string{"c-1", "c-2", "c-3"} {
		if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: account, Password: "plum kettle 92"}); err != nil {
			fmt.Println(err)
			return
		}
	}
	shop.Policy.MinLength = 15
	if _, err := realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "plum kettle 92", Browser: "a random cookie of the visitor"}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-4", Password: "nine violet umbrellas"}); err != nil {
		fmt.Println(err)
		return
	}
	p, err := realm.Keeper.PolicyProgress(ctx, "customers")
	fmt.Println(p.Policy, err)
	fmt.Println("met:", p.Met, "not met:", p.Unmet, "older:", p.Older, "never judged:", p.Unjudged)
	fmt.Println(p.Waiting(), "of", p.Total(), "wait for their next sign-in")
	// Output:
	// ASVS5 <nil>
	// met: 1 not met: 1 older: 2 never judged: 0
	// 2 of 4 wait for their next sign-in
}

// A profile that asks package strength how fast somebody who knows the old
// password would guess the new one.
func ExampleProfile_tooSimilar() {
	p, err := rotate.ShopProfile("customers")
	if err != nil {
		fmt.Println(err)
		return
	}
	p.TooSimilar = func(old, new string) bool { return strength.EstimateChange(old, new).GuessesLog10 < 8 }
	for _, password := range []string{"vKqz#82mPwx0", "winter harbor nine zebra"} {
		fmt.Println(p.TooSimilar("vKqz#81mPwx0", password))
	}
	// Output:
	// true
	// false
}
