package rotate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// All problems of a password come at once, each with a code and a text.
func ExampleKeeper_SignUp() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	account := rotate.NewAccount{
		Account: "c-1", Password: "Lovelace1815", About: []string{"Ada Lovelace", "ada@example.com"},
		Browser: "a random cookie of the visitor", Source: "192.0.2.1",
	}
	_, err = realm.Keeper.SignUp(ctx, account)
	var refusal *policy.Refusal
	if errors.As(err, &refusal) {
		for _, p := range refusal.Problems {
			fmt.Println("refused:", p.Code)
		}
	}
	account.Password = "nine violet umbrellas"
	d, err := realm.Keeper.SignUp(ctx, account)
	fmt.Println(d.Next, d.Session.Methods, err)
	_, err = realm.Keeper.SignUp(ctx, account)
	fmt.Println(errors.Is(err, rotate.ErrExists))
	// Output:
	// refused: too_short
	// refused: too_common
	// refused: contains_context
	// refused: too_guessable
	// proceed [pwd] <nil>
	// true
}

// A shop that writes its own row and the credential in one transaction hashes
// the password before the transaction begins. With package sqlstore, the Store
// of the last step is store.On(tx).
func ExampleKeeper_Draft() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	draft, err := realm.Keeper.Draft(ctx, rotate.NewAccount{Password: "nine violet umbrellas", Browser: "a random cookie of the visitor"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(draft)

	// The transaction begins: the shop inserts its row and learns the new id.
	const account = "c-1"
	d, err := realm.Keeper.Within(realm.Store).Create(ctx, draft.For(account))
	if err != nil {
		fmt.Println(err) // roll back
		return
	}
	// The shop commits, and only then tells the visitor.
	fmt.Println(d.Next, d.Session.Account)
	// Output:
	// rotate.Draft{redacted}
	// proceed c-1
}
