package rotate_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// A key is turned: every instance gets the new one, the Store is told of it, new
// seals are made under it, the sweep makes the old seals anew, and when nothing
// is sealed under the old key any more, at two counts a day apart, it goes.
func ExampleKeeper_AddKey() {
	ctx := context.Background()
	old, next := keyring.NewKey(), keyring.NewKey()
	ring, err := keyring.New("shop.example", old)
	if err != nil {
		fmt.Println(err)
		return
	}
	realm, err := tilltest.New(tilltest.Config{Keeper: rotate.Config{Ring: ring}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-1", Password: "nine violet umbrellas"}); err != nil {
		fmt.Println(err)
		return
	}

	// The shop is started again with both keys in its key file.
	if ring, err = keyring.New("shop.example", old, next); err != nil {
		fmt.Println(err)
		return
	}
	keeper, err := rotate.New(rotate.Config{Store: realm.Store, Ring: ring, Hasher: realm.Hasher, Now: realm.Clock.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("add:", keeper.AddKey(ctx, next.ID, "staff-7"))
	fmt.Println("promote:", keeper.PromoteKey(ctx, next.ID, "staff-7"))

	var missing *keyring.MissingKeyError
	var early *rotate.KeyInUseError
	err = keeper.DropKey(ctx, old.ID, "staff-7")
	fmt.Println("drop:", errors.As(err, &early), early.Rows, "row")
	report, err := keeper.Sweep(ctx, 0)
	fmt.Println("sweep:", report.Resealed, "resealed", err)
	err = keeper.DropKey(ctx, old.ID, "staff-7")
	fmt.Println("drop:", errors.As(err, &early), "until", early.Until.Format("2 January 15:04"))
	realm.Clock.Advance(24 * time.Hour)
	fmt.Println("drop:", keeper.DropKey(ctx, old.ID, "staff-7"))

	// From now on the old key may leave the key files.
	without, err := keyring.New("shop.example", next)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = rotate.New(rotate.Config{Store: realm.Store, Ring: without, Hasher: realm.Hasher})
	fmt.Println("without the old key:", err)
	without, err = keyring.New("shop.example", old)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = rotate.New(rotate.Config{Store: realm.Store, Ring: without, Hasher: realm.Hasher})
	fmt.Println("without the new one:", errors.As(err, &missing) && missing.ID == next.ID)
	// Output:
	// add: <nil>
	// promote: <nil>
	// drop: true 1 row
	// sweep: 1 resealed <nil>
	// drop: true until 16 January 12:00
	// drop: <nil>
	// without the old key: <nil>
	// without the new one: true
}

// The database was set back to last night's backup: what was changed, ended or
// enrolled since is gone, so nobody is trusted by session or password alone.
func ExampleKeeper_Restored() {
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

	id, err := realm.Keeper.Restored(ctx, realm.Clock.Now().Add(-9*time.Hour), "staff-7")
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err = realm.Keeper.Valid(ctx, session)
	fmt.Println("session:", d.Next, err)
	d, err = realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "nine violet umbrellas", Browser: browser})
	fmt.Println("password:", d.Next, d.Reason, d.Proof, err)
	p, err := realm.Keeper.Progress(ctx, id)
	fmt.Println(p.Order.Note, "-", p.Left, "left", err)
	// Output:
	// session: sign_in_again <nil>
	// password: need_new_password restored out_of_band <nil>
	// restored from a backup of 2026-01-15T03:00:00Z - 1 left <nil>
}
