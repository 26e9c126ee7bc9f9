package rotate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// "Sign out everywhere".
func ExampleKeeper_EndSessions() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := d.Session
	err = realm.Keeper.EndSessions(ctx, "c-1", "") // the customer did it
	fmt.Println(err)
	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("session:", d.Next, err)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println("password:", d.Next, err)
	// Output:
	// <nil>
	// session: sign_in_again <nil>
	// password: proceed <nil>
}

// A customer who has to wait after too many wrong guesses calls the shop, which
// makes sure who is calling.
func ExampleKeeper_Unlock() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	realm.Customers.Add(tilltest.Customer{Account: "c-1", Address: "ada@example.com"})
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas", Browser: browser}); err != nil {
		fmt.Println(err)
		return
	}
	for range 5 {
		_, err = realm.Keeper.Login(ctx, rotate.Attempt{Name: "ada@example.com", Password: "a guess", Browser: browser})
	}
	fmt.Println(err)
	right := rotate.Attempt{Name: "ada@example.com", Password: "nine violet umbrellas", Browser: browser}
	_, err = realm.Keeper.Login(ctx, right)
	fmt.Println("right password:", err)

	err = realm.Keeper.Unlock(ctx, "c-1", "staff-7", "ada@example.com")
	fmt.Println(err)
	d, err := realm.Keeper.Login(ctx, right)
	fmt.Println("right password:", d.Next, err)
	// Output:
	// rotate: denied, retry after 1s
	// right password: rotate: denied, retry after 1s
	// <nil>
	// right password: proceed <nil>
}

// A customer leaves. The shop deletes its own row first, or the account would
// be adopted from there again.
func ExampleKeeper_Erase() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	realm.Customers.Add(tilltest.Customer{Account: "c-1", Address: "ada@example.com"})
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"}); err != nil {
		fmt.Println(err)
		return
	}
	realm.Customers.Remove("c-1")
	err = realm.Keeper.Erase(ctx, "c-1", "staff-7")
	fmt.Println(err)

	_, err = realm.Keeper.Lookup(ctx, "c-1")
	fmt.Println(errors.Is(err, rotate.ErrNotFound))
	events, err := realm.Keeper.Events(ctx, "c-1", "", 100)
	fmt.Println(len(events), "events name the account", err)
	// Output:
	// <nil>
	// true
	// 0 events name the account <nil>
}

// The shop renumbers its customers. The password goes with the account, the
// sessions do not.
func ExampleKeeper_Move() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "17", Password: "nine violet umbrellas", Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := d.Session
	err = realm.Keeper.Move(ctx, "17", "c-00017", "staff-7")
	fmt.Println(err)
	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("session:", d.Next, err)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-00017", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println("password:", d.Next, d.Session.Account, err)
	// Output:
	// <nil>
	// session: sign_in_again <nil>
	// password: proceed c-00017 <nil>
}

// A customer joins the staff, whose rules ask for a second factor.
func ExampleKeeper_Regroup() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Group: "store-17/customers", Password: "nine violet umbrellas"}); err != nil {
		fmt.Println(err)
		return
	}
	err = realm.Keeper.Regroup(ctx, "c-1", "store-17/staff", "staff-7")
	fmt.Println(err)
	d, err := realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println(d.Next, err)
	// Output:
	// <nil>
	// need_enroll <nil>
}
