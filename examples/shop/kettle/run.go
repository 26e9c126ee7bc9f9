package kettle

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it could not start, or had to stop
	exitUsage  = 2 // the command line is wrong
)

// Run is the whole program: args is the command line without the program's
// name. What to try goes to stdout, what happens is logged to stderr. It serves
// until ctx ends, and returns the exit code.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "shop: %v\nRun with -h for help.\n", err)
		return exitUsage
	}
	c.Now, c.Log = clock(), slog.New(slog.NewTextHandler(logTo(stderr), nil))
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
func serve(ctx context.Context, c Config, stdout io.Writer) (err error) {
	s, err := Open(ctx, c)
	if err != nil {
		return err
	}
	pages, shut, err := front(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shut()) }()
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("%w: choose another -addr", err)
	}
	server := &http.Server{
		Handler: pages, MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(c.Log.Handler(), slog.LevelError),
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
	}
	s.welcome(stdout, listener.Addr().String())

	failed := make(chan error, 1)
	go func() {
		if c.Cert != "" {
			failed <- server.ServeTLS(listener, c.Cert, c.CertKey)
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	c.Log.Info("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return server.Shutdown(late)
}
