package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/rotate"
)

// config is what the command line says, and what a test may set.
type config struct {
	addr          string
	db            string
	keys          string
	corpus        string
	cert, certKey string

	log     *slog.Logger
	now     func() time.Time
	sources rotate.SourceLimit
	hasher  *hash.Hasher  // nil means the default one
	every   time.Duration // between two sweeps; 0 means 5 s
	// temporary is true where database and keys end with the program.
	temporary bool
}

const usage = `Shop is a demonstration of Tillkey. Without flags it keeps its data in a fresh
directory that is deleted when it stops.

Its outbox page shows every mail to visitors from this machine, so it is not for
the Internet.

Usage: shop [-addr HOST:PORT] [-db FILE [-keys FILE]] [-corpus FILE]
            [-cert FILE -certkey FILE]

Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage.

`

// parse reads the command line.
func parse(args []string, stderr io.Writer) (config, error) {
	var c config
	f := flag.NewFlagSet("shop", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.addr, "addr", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&c.db, "db", "", "SQLite file that keeps the data (default a temporary one)")
	f.StringVar(&c.keys, "keys", "", "key file, apart from the database and its backups; made if\nthe database holds no credential (with -db, default\ntillkey-shop/shop.keys in the user's configuration directory)")
	f.StringVar(&c.corpus, "corpus", "", "sorted HASH:COUNT file of leaked passwords")
	f.StringVar(&c.cert, "cert", "", "certificate file, for https")
	f.StringVar(&c.certKey, "certkey", "", "key file of the certificate")
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		f.SetOutput(stderr)
		f.PrintDefaults()
		return c, err
	case err != nil:
		return c, err
	case f.NArg() > 0:
		return c, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case c.keys != "" && c.db == "":
		return c, errors.New("-keys needs -db: keys outlive a temporary database")
	case (c.cert == "") != (c.certKey == ""):
		return c, errors.New("-cert and -certkey go together")
	}
	return c, nil
}

// places fills in where database and keys are. forget deletes what is
// temporary; it is never nil.
func (c *config) places() (forget func(), err error) {
	forget = func() {}
	if c.db != "" {
		if c.keys == "" {
			dir, err := os.UserConfigDir()
			if err != nil {
				return forget, fmt.Errorf("%w: say with -keys where the key file is", err)
			}
			c.keys = filepath.Join(dir, "tillkey-shop", "shop.keys")
		}
		return forget, nil
	}
	c.temporary = true
	var dirs []string
	forget = func() {
		for _, d := range dirs {
			_ = os.RemoveAll(d)
		}
	}
	for _, at := range []*string{&c.db, &c.keys} {
		dir, err := os.MkdirTemp("", "tillkey-shop-")
		if err != nil {
			return forget, fmt.Errorf("%w: say with -db where the data is to be", err)
		}
		dirs = append(dirs, dir)
		*at = dir
	}
	c.db, c.keys = filepath.Join(c.db, "shop.db"), filepath.Join(c.keys, "shop.keys")
	return forget, nil
}
