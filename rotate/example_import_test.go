package rotate_test

import (
	"context"
	"fmt"
	"time"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/tilltest"
)

// Hashes of another system come as they are. Each is made anew at the first
// sign-in of its owner.
func ExampleKeeper_Import() {
	ctx := context.Background()
	realm, err := tilltest.New(tilltest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// A real shop reads these from its old table, and yields the error of a row
	// that it cannot read.
	rows := func(yield func(rotate.Imported, error) bool) {
		_ = yield(rotate.Imported{
			Account: "c-1", Encoded: "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga",
			Changed: time.Date(2019, time.May, 1, 0, 0, 0, 0, time.UTC),
		}, nil) && yield(rotate.Imported{Account: "c-2", Encoded: "5f4dcc3b5aa765d61d8327deb882cf99"}, nil)
	}
	for range 2 {
		report, err := realm.Keeper.Import(ctx, rows)
		fmt.Println("new:", report.Inserted, "kept:", report.Kept, "refused:", report.Refused, err)
		for _, p := range report.Problems {
			fmt.Println("row", p.Row, p.Account, p.Err)
		}
	}
	s, err := realm.Keeper.Lookup(ctx, "c-1")
	fmt.Println("before:", s.Format, s.Changed.Year(), err)
	d, err := realm.Keeper.Login(ctx, rotate.Attempt{Account: "c-1", Password: "allmine", Browser: "a random cookie of the visitor"})
	fmt.Println("sign in:", d.Next, err)
	s, err = realm.Keeper.Lookup(ctx, "c-1")
	fmt.Println("after:", s.Format, s.Changed.Year(), err)
	// Output:
	// new: 1 kept: 0 refused: 1 <nil>
	// row 2 c-2 hash: stored string has an unknown or broken format: no scheme knows its prefix
	// new: 0 kept: 1 refused: 1 <nil>
	// row 2 c-2 hash: stored string has an unknown or broken format: no scheme knows its prefix
	// before: bcrypt cost=10 2019 <nil>
	// sign in: proceed <nil>
	// after: argon2id m=8 t=1 p=1 2019 <nil>
}

// Leaving is possible: the hashes come out as they would lie in a table of the
// shop's own.
func ExampleKeeper_Export() {
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
	if _, err := realm.Keeper.SignUp(ctx, rotate.NewAccount{Account: "c-2", NoPassword: true}); err != nil {
		fmt.Println(err)
		return
	}
	err = realm.Keeper.Export(ctx, rotate.Query{Group: "customers"}, func(account, encoded string) error {
		fmt.Println(account, encoded[:len("$argon2id$v=19$m=8,t=1,p=1$")])
		fmt.Println("right:", realm.Hasher.Verify(ctx, encoded, "nine violet umbrellas"))
		return nil
	})
	fmt.Println(err)
	// Output:
	// c-1 $argon2id$v=19$m=8,t=1,p=1$
	// right: <nil>
	// <nil>
}
