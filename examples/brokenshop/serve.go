package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
	"github.com/tillkey/tillkey/examples/shop/kettle"
)

const (
	headerTime = 10 * time.Second
	answerTime = time.Minute
	stopTime   = 10 * time.Second
)

// serve opens the shop with its faults and serves it until ctx ends or something
// fails.
func serve(ctx context.Context, l line, stdout io.Writer) (err error) {
	shop, handler, err := fault.Open(ctx, l.shop, l.faults...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.Close()) }()
	listener, err := net.Listen("tcp", l.shop.Addr)
	if err != nil {
		return fmt.Errorf("%w: choose another -addr", err)
	}
	server := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(l.shop.Log.Handler(), slog.LevelError),
		ReadHeaderTimeout: headerTime, ReadTimeout: answerTime, WriteTimeout: answerTime,
	}
	scheme, answer := "http", func() error { return server.Serve(listener) }
	if l.shop.Cert != "" {
		scheme, answer = "https", func() error { return server.ServeTLS(listener, l.shop.Cert, l.shop.CertKey) }
	}
	warn(stdout, l.faults, shop.Accounts(), scheme+"://"+listener.Addr().String())

	failed := make(chan error, 1)
	go func() { failed <- answer() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return server.Shutdown(late)
}

// warn says what this is, and how to get in. It is no log: passwords stand in it.
func warn(w io.Writer, faults []fault.Fault, accounts []kettle.Account, url string) {
	const bar = "**********************************************************************"
	fmt.Fprintf(w, "%s\n*  THIS SHOP IS BROKEN ON PURPOSE. Never let a real password near it. *\n%s\n\n", bar, bar)
	for _, f := range faults {
		fmt.Fprintf(w, "  %s: %s\n", f.Name, f.What)
	}
	fmt.Fprintf(w, "\nIt is open at %s/, its mails are at %s/outbox. Stop with Ctrl-C.\n\n", url, url)
	for _, a := range accounts {
		if a.What != "" {
			fmt.Fprintf(w, "  %-17s %-33q %s\n", a.Email, a.Password, a.What)
		}
	}
}
