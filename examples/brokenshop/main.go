// Brokenshop is the reference shop with faults that are put in on purpose, one
// or several, to try a suite of tests against: a suite that stays green here
// would not notice the same fault in your shop.
//
//	go run ./examples/brokenshop -faults
//	go run ./examples/brokenshop -fault session-survives
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
