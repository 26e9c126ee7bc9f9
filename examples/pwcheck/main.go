// Command pwcheck checks, hashes, verifies and makes passwords, keeps files of
// leaked ones, and serves the administrator's side of one-time codes and sealing
// keys.
//
// A secret is typed at a prompt that does not echo, or comes from standard
// input. It is never an argument, and no output repeats one that came in.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
