// Shop is a small shop that runs the whole story of Tillkey: sign-up with
// reasons, sign-in, a second factor, forced changes, staff who force them.
//
//	go run ./examples/shop
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/tillkey/tillkey/examples/shop/kettle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(kettle.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
