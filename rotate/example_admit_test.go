package rotate_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A customer without a password signs in with a passkey, which the shop itself
// has checked.
func ExampleKeeper_Admit() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const browser = "a random cookie of the visitor"
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", NoPassword: true}); err != nil {
		fmt.Println(err)
		return
	}

	_, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "", Browser: browser})
	fmt.Println("no password is no empty one:", errors.Is(err, rotate.ErrDenied))
	d, err := realm.Keeper.Admit(ctx, rotate.Admission{Account: "c-1", Methods: []string{"hwk"}, Browser: browser})
	fmt.Println(d.Next, d.Session.Methods, err)
	_, err = realm.Keeper.Admit(ctx, rotate.Admission{Account: "c-1", Methods: []string{"hwk", "otp"}, Browser: browser})
	fmt.Println("a code is for the Keeper to check:", errors.Is(err, rotate.ErrSession))
	// Output:
	// no password is no empty one: true
	// proceed [hwk] <nil>
	// a code is for the Keeper to check: true
}
