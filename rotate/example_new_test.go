package rotate_test

import (
	"context"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

// The least a shop needs: a Store and the keys that seal what lies in it. A
// real one reads the keys from a file apart from the database, and takes its
// Store from package sqlstore.
func ExampleNew() {
	ring, err := keyring.New("shop.example", keyring.NewKey())
	if err != nil {
		fmt.Println(err)
		return
	}
	keeper, err := rotate.New(rotate.Config{Store: memstore.New(), Ring: ring})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := keeper.SignUp(context.Background(), rotate.NewAccount{
		Account: "c-1", Password: "nine violet umbrellas", About: []string{"ada@example.com"},
		Browser: "a random cookie of the visitor",
	})
	fmt.Println(d.Next, d.Session.Account, err)
	// Output: proceed c-1 <nil>
}
