package rotate_test

import (
	"context"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// What an account page or a member of staff may see.
func ExampleKeeper_Lookup() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"}); err != nil {
		fmt.Println(err)
		return
	}
	realm.Clock.Advance(24 * time.Hour)
	order := rotate.Order{Reason: rotate.PolicyRaised, Grace: 14 * 24 * time.Hour}
	if _, err := realm.Force(ctx, order); err != nil {
		fmt.Println(err)
		return
	}

	s, err := realm.Keeper.Lookup(ctx, "c-1")
	fmt.Println(s.Group, s.Policy, s.Format, err)
	fmt.Println("chosen on", s.Changed.Format("2 January"))
	fmt.Println("due:", s.Due.Reason, "by", s.Due.By.Format("2 January"), "with", s.Due.Proof)
	// Output:
	// customers ShopCustomer argon2id m=8 t=1 p=1 <nil>
	// chosen on 15 January
	// due: policy_raised by 30 January with password
}

// All accounts, page by page.
func ExampleKeeper_List() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, account := range []string{"c-1", "c-2", "c-3", "c-4", "c-5"} {
		if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: account, NoPassword: true}); err != nil {
			fmt.Println(err)
			return
		}
	}
	query := rotate.Query{Group: "customers", Limit: 2}
	for {
		page, err := realm.Keeper.List(ctx, query)
		if err != nil || len(page) == 0 {
			fmt.Println("end:", err)
			return
		}
		for _, s := range page {
			fmt.Println(s.Account)
		}
		fmt.Println("next page")
		query.After = page[len(page)-1].Account
	}
	// Output:
	// c-1
	// c-2
	// next page
	// c-3
	// c-4
	// next page
	// c-5
	// next page
	// end: <nil>
}

// The audit trail of one account, newest first.
func ExampleKeeper_Events() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", NoPassword: true}); err != nil {
		fmt.Println(err)
		return
	}
	realm.Clock.Advance(time.Hour)
	if err := realm.Keeper.EndSessions(ctx, "c-1", "staff-7"); err != nil {
		fmt.Println(err)
		return
	}
	events, err := realm.Keeper.Events(ctx, "c-1", "", 10)
	for _, e := range events {
		fmt.Printf("%s %s by %q\n", e.At.Format("15:04"), e.Kind, e.Actor)
	}
	fmt.Println(err)
	// Output:
	// 13:00 sessions_ended by "staff-7"
	// 12:00 signed_up by ""
	// <nil>
}
