package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A change ends every session but the one that comes back.
func ExampleKeeper_Change() {
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
	before := d.Session

	_, err = realm.Keeper.Change(ctx, before, rotate.Proofs{Password: "nine violet lanterns", NewPassword: "seven copper lanterns", Browser: browser})
	fmt.Println("wrong password:", err)
	d, err = realm.Keeper.Change(ctx, before, rotate.Proofs{Password: "nine violet umbrellas", NewPassword: "seven copper lanterns", Browser: browser})
	fmt.Println("right one:", d.Next, err)

	after := d.Session
	d, err = realm.Keeper.Valid(ctx, before)
	fmt.Println("session of before:", d.Next, err)
	d, err = realm.Keeper.Valid(ctx, after)
	fmt.Println("session of after:", d.Next, err)
	// Output:
	// wrong password: rotate: denied
	// right one: proceed <nil>
	// session of before: sign_in_again <nil>
	// session of after: proceed <nil>
}

// A forgotten password. The shop asks for a ticket for every name that is
// typed, just before the mail goes out, and tells the visitor the same whether
// there is an address or not.
func ExampleKeeper_Issue() {
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

	nothing, err := realm.Keeper.Issue(ctx, rotate.Request{Name: "bob@example.com", Browser: browser})
	fmt.Printf("unknown name: %q %v\n", nothing.Address, err)
	mail, err := realm.Keeper.Issue(ctx, rotate.Request{Name: "ada@example.com", Browser: browser})
	fmt.Printf("known name: %q until %s %v\n", mail.Address, mail.Until.Format("15:04"), err)

	// The link of the mail was opened. A reset signs nobody in.
	d, err := realm.Keeper.Reset(ctx, mail.Ticket, rotate.Proofs{NewPassword: "seven copper lanterns", Browser: browser})
	fmt.Println("reset:", d.Next, err)
	_, err = realm.Keeper.Reset(ctx, mail.Ticket, rotate.Proofs{NewPassword: "four amber kettles", Browser: browser})
	fmt.Println("twice:", errors.Is(err, rotate.ErrTicket))
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Name: "ada@example.com", Password: "seven copper lanterns", Browser: browser})
	fmt.Println("sign in:", d.Next, err)
	// Output:
	// unknown name: "" <nil>
	// known name: "ada@example.com" until 13:00 <nil>
	// reset: sign_in_again <nil>
	// twice: true
	// sign in: proceed <nil>
}

// Before something that matters a signed-in customer proves anew who they are.
func ExampleKeeper_StepUp() {
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

	// The fifth wrong proof ends this session, and locks nobody out.
	for range 5 {
		_, err = realm.Keeper.StepUp(ctx, session, rotate.Proofs{Password: "a guess", Browser: browser})
	}
	fmt.Println("denied:", errors.Is(err, rotate.ErrDenied), "over:", errors.Is(err, rotate.ErrSession))

	realm.Clock.Advance(time.Minute)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	realm.Clock.Advance(time.Hour)
	d, err = realm.Keeper.StepUp(ctx, d.Session, rotate.Proofs{Password: "nine violet umbrellas", Browser: browser})
	fmt.Println(d.Next, d.Session.AuthTime.Format("15:04"), err)
	// Output:
	// denied: true over: true
	// proceed 13:01 <nil>
}
