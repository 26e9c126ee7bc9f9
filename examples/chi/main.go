// Chi is a small shop on chi, pgx, templ and scs. Any number of its instances
// share one PostgreSQL database.
//
//	go run . -db postgres://postgres@127.0.0.1/postgres
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
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// flags are those of the command line.
type flags struct{ addr, db, keys, cert, certKey string }

func main() {
	var f flags
	flag.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to listen on")
	flag.StringVar(&f.db, "db", "postgres://postgres@127.0.0.1/postgres", "URL of the PostgreSQL database; the password, if any, is taken\nfrom PGPASSWORD or PGPASSFILE")
	flag.StringVar(&f.keys, "keys", "shop.keys", "key file that all instances share, apart from the database and its\nbackups; made if the database is empty")
	flag.StringVar(&f.cert, "cert", "", "certificate file, for https")
	flag.StringVar(&f.certKey, "certkey", "", "key file of the certificate; goes with -cert")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, f, slog.New(slog.NewTextHandler(os.Stderr, nil)), os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chi:", err)
		os.Exit(1)
	}
}

// run opens the shop and serves it until ctx ends.
func run(ctx context.Context, f flags, log *slog.Logger, stdout io.Writer) (err error) {
	if (f.cert == "") != (f.certKey == "") {
		return errors.New("-cert and -certkey go together")
	}
	u, err := url.Parse(f.db)
	if err != nil || u.User != nil && hasPassword(u.User) {
		return errors.New("-db is a URL without a password: set PGPASSWORD or PGPASSFILE")
	}
	s, err := open(ctx, config{DB: f.db, Keys: f.keys, HTTPS: f.cert != "", Log: log, Now: time.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	people, err := s.seedDemo(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("%w: choose another -addr", err)
	}
	server := newServer(s.handler())
	welcome(stdout, listener.Addr(), f.cert != "", people)
	failed := make(chan error, 1)
	go func() {
		if f.cert != "" {
			failed <- server.ServeTLS(listener, f.cert, f.certKey)
			return
		}
		failed <- server.Serve(listener)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Requests that are under way come to their end.
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(late)
}

func hasPassword(u *url.Userinfo) bool {
	_, has := u.Password()
	return has
}

// newServer bounds how long a request may take.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
}

// welcome prints where to look, and who there is in a new database.
func welcome(w io.Writer, at net.Addr, https bool, people []person) {
	scheme := "http"
	if https {
		scheme = "https"
	}
	fmt.Fprintf(w, "The %s is open at %s://%s/ and the mails of this instance are at /outbox.\n", brand, scheme, at)
	if len(people) == 0 {
		fmt.Fprintln(w, "Its accounts were printed at the first start.")
		return
	}
	fmt.Fprintln(w, "Sign in as")
	for _, p := range people {
		fmt.Fprintf(w, "  %-17s %-33s %s\n", p.email, p.password, p.about)
	}
}
