package rotate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A wrong password, an unknown name and a right password. Only the last opens
// a session; the first two cannot be told apart.
func ExampleKeeper_Login() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	realm.Customers.Add(tilltest.Customer{Account: "c-1", Address: "ada@example.com"})
	_, err = realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, try := range []rotate.Attempt{
		{Name: "ada@example.com", Password: "nine violet lanterns", Browser: browser, Source: "192.0.2.1"},
		{Name: "bob@example.com", Password: "nine violet umbrellas", Browser: browser, Source: "192.0.2.1"},
		{Name: "Ada@Example.com", Password: "nine violet umbrellas", Browser: browser, Source: "192.0.2.1"},
	} {
		d, err := realm.Keeper.Login(ctx, try)
		fmt.Println(d.Next, d.Session.Account, err)
	}
	// Output:
	// sign_in_again  rotate: denied
	// sign_in_again  rotate: denied
	// proceed c-1 <nil>
}

// The password is right, but it has to be changed first: the ticket of the
// answer goes into the next form.
func ExampleKeeper_Continue() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	// Somebody at the till made this account; its password is good for one sign-in.
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas", FirstUse: true, Browser: browser})
	fmt.Println("sign up:", d.Next, err)

	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println("sign in:", d.Next, d.Reason, d.Proof, err)

	// A password that is refused leaves the ticket as good as it was.
	_, err = realm.Keeper.Continue(ctx, d.Ticket, rotate.Proofs{NewPassword: "nine violet umbrellas", Browser: browser})
	fmt.Println("same again:", err)
	d, err = realm.Keeper.Continue(ctx, d.Ticket, rotate.Proofs{NewPassword: "seven copper lanterns", Browser: browser})
	fmt.Println("another:", d.Next, d.Session.Account, err)
	// Output:
	// sign up: sign_in_again <nil>
	// sign in: need_new_password first_use password <nil>
	// same again: policy: password refused: same_as_current
	// another: proceed c-1 <nil>
}

// What a shop asks on every request of a signed-in visitor.
func ExampleKeeper_Valid() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas", Browser: "a random cookie of the visitor"})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := d.Session // kept in the shop's session table

	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("as it was:", d.Next, err)
	if err := realm.Keeper.EndSessions(ctx, "c-1", "staff-7"); err != nil {
		fmt.Println(err)
		return
	}
	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("ended:", d.Next, err)
	d, err = realm.Keeper.Valid(ctx, rotate.Session{})
	fmt.Println("a guest:", d.Next, err)

	// When the Store is away, signed-in pages are closed and guests shop on.
	realm.Store.Break(errors.New("no route to the database"))
	_, err = realm.Keeper.Valid(ctx, session)
	fmt.Println(err)
	// Output:
	// as it was: proceed <nil>
	// ended: sign_in_again <nil>
	// a guest: sign_in_again <nil>
	// no route to the database
}
