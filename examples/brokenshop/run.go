package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it could not start, or had to stop
	exitUsage  = 2 // the command line is wrong
)

// run is the whole program: args is the command line without the program's
// name. It serves until ctx ends, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	l, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "brokenshop: %v\nRun with -h for help, with -faults for the list.\n", err)
		return exitUsage
	case l.list:
		for _, f := range fault.All() {
			fmt.Fprintf(stdout, "%-21s %s\n", f.Name, f.What)
		}
		return exitOK
	}
	l.shop.Log = slog.New(slog.NewTextHandler(stderr, nil))
	forget, err := l.places()
	defer forget()
	if err == nil {
		err = serve(ctx, l, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "brokenshop: %v\n", err)
		return exitFailed
	}
	return exitOK
}
