package tilltest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A customer's life: she signs up and signs in, all passwords are found to be
// known to somebody else, and she comes back with a proof that is not the
// password.
func ExampleNew() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	realm.Customers.Add(tilltest.Customer{Account: "c-1", Address: "ada@example.com"})

	const old, browser = "nine violet umbrellas", "the value of a cookie"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: old, Browser: browser})
	fmt.Println("sign up:", d.Next, err)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Name: "Ada@example.com", Password: old, Browser: browser})
	fmt.Println("sign in:", d.Next, err)
	session := d.Session

	realm.Clock.Advance(24 * time.Hour)
	if _, err := realm.Force(ctx, rotate.Order{Reason: rotate.Compromise}); err != nil {
		fmt.Println(err)
		return
	}
	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("open session:", d.Next, err)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Name: "ada@example.com", Password: old, Browser: browser})
	fmt.Println("sign in:", d.Next, err)

	proofs := rotate.Proofs{NewPassword: "seven copper lanterns", Browser: browser}
	_, err = realm.Keeper.Continue(ctx, d.Ticket, proofs)
	fmt.Println("no other proof:", errors.Is(err, rotate.ErrProof))
	mail, err := realm.Keeper.Issue(ctx, rotate.Request{Name: "ada@example.com", Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	proofs.Mailed = mail.Ticket
	d, err = realm.Keeper.Continue(ctx, d.Ticket, proofs)
	fmt.Println("change:", d.Next, err)

	events, err := realm.Events(ctx, "c-1")
	for _, e := range events {
		fmt.Println("event:", e.At.Format("02 Jan 15:04"), e.Kind)
	}
	fmt.Println(err)
	// Output:
	// sign up: proceed <nil>
	// sign in: proceed <nil>
	// open session: sign_in_again <nil>
	// sign in: need_new_password <nil>
	// no other proof: true
	// change: proceed <nil>
	// event: 15 Jan 12:00 signed_up
	// event: 16 Jan 12:00 reset_issued
	// event: 16 Jan 12:00 sessions_ended
	// event: 16 Jan 12:00 password_changed
	// <nil>
}

// A clock moves when it is told to, and only then.
func ExampleClock() {
	clock := tilltest.NewClock(time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC))
	clock.Advance(90 * time.Minute)
	fmt.Println(clock.Now())
	// Output: 2026-03-01 10:30:00 +0000 UTC
}

// A Store that is away: the Keeper answers with its error, and a shop closes
// its signed-in pages.
func ExampleStore_Break() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"})
	if err != nil {
		fmt.Println(err)
		return
	}
	realm.Store.Break(errors.New("no route to the database"))
	_, err = realm.Keeper.Valid(ctx, d.Session)
	fmt.Println(err)
	realm.Store.Break(nil)
	d, err = realm.Keeper.Valid(ctx, d.Session)
	fmt.Println(d.Next, err)
	// Output:
	// no route to the database
	// proceed <nil>
}
