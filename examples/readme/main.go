package main

import (
	"context"
	"fmt"

	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/keyring"
	"github.com/tillkey/tillkey/rotate/memstore"
)

func main() {
	ctx := context.Background()
	ring, _ := keyring.New("my shop", keyring.NewKey())
	keeper, _ := rotate.New(rotate.Config{Store: memstore.New(), Ring: ring})

	_, err := keeper.SignUp(ctx, rotate.NewAccount{Account: "17", Password: "Summer2026!"})
	fmt.Println(err)
	d, _ := keeper.SignUp(ctx, rotate.NewAccount{Account: "17", Password: "plum kettle orbit 92 fjord"})
	fmt.Println(d.Next)
	_, _ = keeper.Force(ctx, rotate.Order{Reason: rotate.Compromise, Actor: "admin", Expect: 1})
	d, _ = keeper.Valid(ctx, d.Session)
	fmt.Println(d.Next)
}
