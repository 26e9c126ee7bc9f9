// Shop is a small shop that runs the whole story of Tillkey: sign-up with
// reasons, sign-in, a second factor, forced changes, staff who force them.
//
//	go run ./examples/shop
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it could not start, or had to stop
	exitUsage  = 2 // the command line is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program. What to try goes to stdout, what happens is logged
// to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "shop: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	c.now, c.log = clock(), slog.New(slog.NewTextHandler(stderr, nil))
	forget, err := c.places()
	defer forget()
	if err == nil {
		err = serve(ctx, c, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "shop: %v\n", err)
		return exitFailed
	}
	return exitOK
}

const (
	headerTime = 10 * time.Second
	bodyTime   = 30 * time.Second
	answerTime = time.Minute
	idleTime   = 2 * time.Minute
	stopTime   = 10 * time.Second
	maxHeader  = 32 << 10
)

// serve opens the shop and serves it until ctx ends or something fails.
func serve(ctx context.Context, c config, stdout io.Writer) (err error) {
	s, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	listener, err := net.Listen("tcp", c.addr)
	if err != nil {
		return fmt.Errorf("%w: choose another -addr", err)
	}
	server := &http.Server{
		Handler: s.handler(), MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(c.log.Handler(), slog.LevelError),
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
	}
	s.welcome(stdout, listener.Addr().String())

	failed := make(chan error, 1)
	go func() {
		if c.cert != "" {
			failed <- server.ServeTLS(listener, c.cert, c.certKey)
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	c.log.Info("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return server.Shutdown(late)
}
