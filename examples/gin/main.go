// Gin is a shop API on gin, gorm and PostgreSQL, with access and refresh tokens,
// whose customers had bcrypt hashes before Tillkey came in.
//
//	go run . -db postgres://shop@127.0.0.1/shop
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run is the whole program; 0 is stopped as asked, 1 failed, 2 wrong usage.
func run(ctx context.Context, args []string) int {
	c := config{Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now}
	f := flag.NewFlagSet("gin", flag.ContinueOnError)
	addr := f.String("addr", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&c.DB, "db", "postgres://postgres@127.0.0.1/postgres", "URL of the PostgreSQL database; the password, if any, is taken\nfrom PGPASSWORD or PGPASSFILE")
	f.StringVar(&c.Keys, "keys", "shop.keys", "key file, apart from the database; made if the database is empty")
	leave := f.Bool("leave", false, "write every password hash back into the customers table, and stop")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if u, err := url.Parse(c.DB); err != nil || u.User != nil && hasPassword(u.User) || f.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "gin: -db is a URL without a password, and there are no further arguments")
		return 2
	}
	s, err := open(ctx, c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gin:", err)
		return 1
	}
	if *leave {
		err = s.leave(ctx)
	} else if err = s.demo(ctx); err == nil {
		err = serve(ctx, s, *addr)
	}
	err = errors.Join(err, s.close())
	if err != nil {
		fmt.Fprintln(os.Stderr, "gin:", err)
		return 1
	}
	return 0
}

func hasPassword(u *url.Userinfo) bool {
	_, has := u.Password()
	return has
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, s *shop, addr string) error {
	server := &http.Server{
		Addr: addr, Handler: s.handler(), MaxHeaderBytes: 32 << 10,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	fmt.Printf("The shop listens on http://%s. Try:\n\n%s\nCtrl-C stops it.\n", addr, tryThis(addr))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(late)
}
