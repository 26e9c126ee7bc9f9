package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// One order makes all customers of one branch due. Its actor is told first how
// many that are, and an order that would concern another number is refused.
func ExampleKeeper_Force() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	keeper := realm.Keeper
	for _, account := range []string{"c-1", "c-2", "c-3"} {
		_, err := keeper.SignUp(ctx, rotate.NewAccount{Account: account, Group: "store-17/customers", Password: "nine violet umbrellas"})
		if err != nil {
			fmt.Println(err)
			return
		}
	}

	order := rotate.Order{
		Group: "store-17", Reason: rotate.PolicyRaised, Grace: 14 * 24 * time.Hour,
		Actor: "staff-7", Note: "passphrases from now on",
	}
	n, err := keeper.Preview(ctx, order)
	fmt.Println("would concern:", n, err)
	order.Expect = 2
	_, err = keeper.Force(ctx, order)
	fmt.Println(err)
	order.Expect = n
	id, err := keeper.Force(ctx, order)
	fmt.Println("placed:", err)

	// One customer comes by and changes the password before it has to be.
	const browser = "a random cookie of the visitor"
	d, err := keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println(d.Next, "and warn:", d.Reason, "by", d.By.Format("2 January"), err)
	if _, err := keeper.Change(ctx, d.Session, rotate.Proofs{Password: "nine violet umbrellas", NewPassword: "seven copper lanterns", Browser: browser}); err != nil {
		fmt.Println(err)
		return
	}
	p, err := keeper.Progress(ctx, id)
	fmt.Println("left:", p.Left, "of", p.Concerned, err)

	err = keeper.Withdraw(ctx, id, "staff-7", "the wrong branch")
	fmt.Println("withdrawn:", err)
	p, err = keeper.Progress(ctx, id)
	fmt.Println("left:", p.Left, "by", p.Withdrawn.Actor, err)
	err = keeper.Withdraw(ctx, id, "staff-7", "")
	fmt.Println("twice:", errors.Is(err, rotate.ErrOrder))
	// Output:
	// would concern: 3 <nil>
	// rotate: the order would concern 3 accounts, not 2
	// placed: <nil>
	// proceed and warn: policy_raised by 29 January <nil>
	// left: 2 of 3 <nil>
	// withdrawn: <nil>
	// left: 0 by staff-7 <nil>
	// twice: true
}
