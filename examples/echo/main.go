// Echo is a small shop on echo, scs and SQLite that keeps the credentials of its
// customers with Tillkey.
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
	"path/filepath"
	"syscall"
	"time"

	"github.com/labstack/echo/v5"
)

// flags are those of the command line.
type flags struct{ addr, db, keys, cert, certKey string }

func main() {
	var f flags
	flag.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to listen on")
	flag.StringVar(&f.db, "db", "", "SQLite file that keeps the data (default a temporary one)")
	flag.StringVar(&f.keys, "keys", "", "key file, apart from the database and its backups; goes with -db")
	flag.StringVar(&f.cert, "cert", "", "certificate file, for https")
	flag.StringVar(&f.certKey, "certkey", "", "key file of the certificate; goes with -cert")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(logOutput(), nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, f, log, os.Stdout)
	stop()
	if err != nil {
		log.Error("stopped", "error", err)
		os.Exit(1)
	}
}

// run opens the shop and serves it until ctx ends.
func run(ctx context.Context, f flags, log *slog.Logger, stdout io.Writer) (err error) {
	if (f.db == "") != (f.keys == "") || (f.cert == "") != (f.certKey == "") {
		return errors.New("-db and -keys go together, and so do -cert and -certkey")
	}
	if f.db == "" {
		dir, err := os.MkdirTemp("", "echo-shop-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f.db, f.keys = filepath.Join(dir, "shop.db"), filepath.Join(dir, "shop.keys")
	}
	s, err := open(ctx, config{db: f.db, keys: f.keys, https: f.cert != "", log: log, now: clock()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	people, err := s.seedDemo(ctx)
	if err != nil {
		return err
	}
	e, err := s.handler()
	if err != nil {
		return err
	}
	server := serverConfig(f.addr)
	server.ListenerAddrFunc = func(at net.Addr) { welcome(stdout, at, f.cert != "", people) }
	if f.cert == "" {
		return server.Start(ctx, e)
	}
	cert, err := os.ReadFile(f.cert)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(f.certKey)
	if err != nil {
		return err
	}
	return server.StartTLS(ctx, e, cert, key)
}

// serverConfig bounds how long a request may take. Requests that are under way
// come to their end when the context does.
func serverConfig(addr string) echo.StartConfig {
	return echo.StartConfig{
		Address: addr, HideBanner: true, HidePort: true,
		BeforeServeFunc: func(s *http.Server) error {
			s.ReadHeaderTimeout, s.ReadTimeout = 10*time.Second, 30*time.Second
			s.WriteTimeout, s.IdleTimeout = time.Minute, 2*time.Minute
			s.MaxHeaderBytes = 32 << 10
			return nil
		},
	}
}

// welcome prints where to look, and who there is in a new database.
func welcome(w io.Writer, at net.Addr, https bool, people []person) {
	scheme := "http"
	if https {
		scheme = "https"
	}
	fmt.Fprintf(w, "%s is open at %s://%s/ and its mails are at /outbox. Sign in as\n", brand, scheme, at)
	for _, p := range people {
		fmt.Fprintf(w, "  %-17s %-33s %s\n", p.email, p.password, p.about)
	}
}
