package rotate_test

import (
	"context"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A second factor is offered, and in force once its first code was typed. From
// then on a password alone opens no session.
func ExampleKeeper_Enroll() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const password, browser = "nine violet umbrellas", "a random cookie of the visitor"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	session := d.Session

	offer, err := realm.Keeper.Enroll(ctx, session, rotate.Proofs{Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The page shows offer.QR; the customer's app shows a code.
	code := offer.Secret.Code(realm.Clock.Now())
	d, recovery, err := realm.Keeper.Confirm(ctx, session, rotate.Proofs{Code: code, Browser: browser})
	fmt.Println("confirm:", d.Next, len(recovery), "recovery codes", err)

	realm.Clock.Advance(time.Minute)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: password, Browser: browser})
	fmt.Println("password:", d.Next, err)
	d, err = realm.Keeper.Continue(ctx, d.Ticket, rotate.Proofs{Code: offer.Secret.Code(realm.Clock.Now()), Browser: browser})
	fmt.Println("code:", d.Next, d.Session.Methods, err)
	// Output:
	// confirm: proceed 10 recovery codes <nil>
	// password: need_code <nil>
	// code: proceed [pwd otp] <nil>
}

// The second factor is removed by who holds the password and a code. The phone
// may be lost: a recovery code does too.
func ExampleKeeper_Unenroll() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const password, browser = "nine violet umbrellas", "a random cookie of the visitor"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	offer, err := realm.Keeper.Enroll(ctx, d.Session, rotate.Proofs{Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, recovery, err := realm.Keeper.Confirm(ctx, d.Session, rotate.Proofs{Code: offer.Secret.Code(realm.Clock.Now()), Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = realm.Keeper.Unenroll(ctx, d.Session, rotate.Proofs{Password: password, Browser: browser})
	fmt.Println("password alone:", err)
	d, err = realm.Keeper.Unenroll(ctx, d.Session, rotate.Proofs{Password: password, Recovery: recovery[0].Reveal(), Browser: browser})
	fmt.Println("with a recovery code:", d.Next, err)
	s, err := realm.Keeper.Lookup(ctx, "c-1")
	fmt.Println("second factor:", s.Factor, err)
	// Output:
	// password alone: rotate: this change needs another proof
	// with a recovery code: proceed <nil>
	// second factor: false <nil>
}

// Ten new recovery codes take the place of those that are left.
func ExampleKeeper_RecoveryCodes() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	const password, browser = "nine violet umbrellas", "a random cookie of the visitor"
	d, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	offer, err := realm.Keeper.Enroll(ctx, d.Session, rotate.Proofs{Password: password, Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, old, err := realm.Keeper.Confirm(ctx, d.Session, rotate.Proofs{Code: offer.Secret.Code(realm.Clock.Now()), Browser: browser})
	if err != nil {
		fmt.Println(err)
		return
	}

	realm.Clock.Advance(time.Minute)
	proofs := rotate.Proofs{Password: password, Code: offer.Secret.Code(realm.Clock.Now()), Browser: browser}
	_, codes, err := realm.Keeper.RecoveryCodes(ctx, d.Session, proofs)
	fmt.Println(len(codes), "new codes", err)

	try := rotate.Attempt{Account: "c-1", Password: password, Recovery: old[0].Reveal(), Browser: browser}
	d, err = realm.Keeper.Login(ctx, try)
	fmt.Println("an old one:", d.Next, err)
	try.Recovery = codes[0].Reveal()
	d, err = realm.Keeper.Login(ctx, try)
	fmt.Println("a new one:", d.Next, d.Session.Methods, err)
	// Output:
	// 10 new codes <nil>
	// an old one: need_code rotate: denied
	// a new one: proceed [pwd recovery] <nil>
}
