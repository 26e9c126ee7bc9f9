// Fiber is a small shop on fiber v3 that keeps its passwords with Tillkey.
//
//	go run .
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "fiber:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("fiber", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "address to listen on")
	db := flags.String("db", "", "SQLite file (default one in a directory that is deleted at the end)")
	keys := flags.String("keys", "", "key file, apart from the database (required with -db)")
	cert := flags.String("cert", "", "certificate file, for https")
	certKey := flags.String("certkey", "", "key file of the certificate")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if (*db == "") != (*keys == "") {
		return errors.New("-db and -keys go together")
	}
	if *db == "" {
		dir, err := os.MkdirTemp("", "tillkey-fiber-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*db, *keys = filepath.Join(dir, "shop.db"), filepath.Join(dir, "keys", "shop.keys")
		if err := os.Mkdir(filepath.Dir(*keys), 0o700); err != nil {
			return err
		}
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	s, err := open(ctx, config{db: *db, keys: *keys, https: *cert != "", log: log, now: clock(), every: 5 * time.Second})
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.seed(ctx); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "http%s://%s\n%s", map[bool]string{true: "s"}[s.https], *addr, demoText)
	return s.app().Listen(*addr, fiber.ListenConfig{
		GracefulContext: ctx, ShutdownTimeout: 10 * time.Second, DisableStartupMessage: true, CertFile: *cert, CertKeyFile: *certKey,
	})
}
