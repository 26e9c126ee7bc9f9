package kettle

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/rotate"
	"github.com/tillkey/tillkey/rotate/web"
)

// Config is what an instance of the shop is made of. Open needs DB and Keys;
// every other field has a default.
type Config struct {
	// Addr is where Run listens; Open does not look at it.
	Addr string
	// DB is where the data is: an SQLite file, which one instance uses and which
	// is made if it is missing, or a postgres:// URL, which several instances
	// share. A database without customers gets the accounts of the demonstration.
	DB string
	// Keys is the file with the keys that seal the credentials. It is made if the
	// database holds no credential. Instances that share a database need the same
	// keys, in one file or in copies of it.
	Keys string
	// Corpus is a file of leaked passwords: a corpus file of package corpus, which
	// is looked at again every minute, or a sorted text HASH:COUNT. "" means none
	// beyond the few that are built in.
	Corpus string
	// Cert and CertKey are the files of a certificate. With them the cookies are
	// for https alone.
	Cert, CertKey string

	// Log is where it tells what happens, without any secret; nil means nowhere.
	Log *slog.Logger
	// Now is the clock; nil means time.Now. A clock that stands still is fine.
	Now func() time.Time
	// Sources limits tries by network address; the zero value is the default of
	// rotate.
	Sources rotate.SourceLimit
	// Hasher makes and verifies hashes; nil means hash.New(hash.Config{}). Tests
	// share a cheap one.
	Hasher *hash.Hasher
	// Every is the time between two sweeps, which deliver the notices too; 0
	// means 5 s.
	Every time.Duration

	// The seams are for programs that try tests against a shop that misbehaves.
	// nil changes nothing.

	// Store puts something before the store of the credentials. It is called
	// during Open, and later for each view of the store inside a transaction, from
	// several goroutines.
	Store func(rotate.Store) rotate.Store
	// Lists changes the lists of leaked passwords, for sign-ins and for passwords
	// that are chosen. It is called again and again, from several goroutines.
	Lists func([]policy.List) []policy.List
	// Keeper changes what the Keeper is made of, during Open, once the shop has
	// filled it in.
	Keeper func(*rotate.Config)
	// Gate changes the gate before the pages, during Open.
	Gate func(*web.Gate)

	// temporary is true where database and keys end with the program.
	temporary bool
	// patience is how long PostgreSQL may take to answer; 0 means 5 s.
	patience time.Duration
}

// filled is the configuration with the defaults in place.
func (c Config) filled() (Config, error) {
	if c.DB == "" || c.Keys == "" {
		return c, errors.New("kettle: Config.DB and Config.Keys are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Every, c.patience = cmp.Or(c.Every, 5*time.Second), cmp.Or(c.patience, 5*time.Second)
	return c, nil
}

const usage = `Shop is a demonstration of Tillkey. Without flags it keeps its data in a fresh
directory that is deleted when it stops.

Its outbox page shows every mail to visitors from this machine, so it is not for
the Internet.

Usage: shop [-addr HOST:PORT] [-db FILE|URL [-keys FILE]] [-corpus FILE]
            [-cert FILE -certkey FILE]

A URL is postgres://USER@HOST/DATABASE. Its password does not belong into it, but
into the file that PGPASSFILE names (or ~/.pgpass), or into PGPASSWORD. Several
instances may share a PostgreSQL database; each needs the same keys.

Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage.

`

// parse reads the command line.
func parse(args []string, stderr io.Writer) (Config, error) {
	var c Config
	f := flag.NewFlagSet("shop", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&c.Addr, "addr", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&c.DB, "db", "", "SQLite file or postgres:// URL that keeps the data (default a\ntemporary file)")
	f.StringVar(&c.Keys, "keys", "", "key file, apart from the database and its backups; made if\nthe database holds no credential (with -db, default\ntillkey-shop/shop.keys in the user's configuration directory)")
	f.StringVar(&c.Corpus, "corpus", "", "file of leaked passwords: one that \"pwcheck corpus build\"\nmakes, or a sorted text HASH:COUNT")
	f.StringVar(&c.Cert, "cert", "", "certificate file, for https")
	f.StringVar(&c.CertKey, "certkey", "", "key file of the certificate")
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
	case c.Keys != "" && c.DB == "":
		return c, errors.New("-keys needs -db: keys outlive a temporary database")
	case isPostgres(c.DB) && checkURL(c.DB) != nil:
		return c, checkURL(c.DB)
	case !isPostgres(c.DB) && strings.Contains(c.DB, "://"):
		return c, errors.New("-db is neither a file nor a postgres:// URL")
	case (c.Cert == "") != (c.CertKey == ""):
		return c, errors.New("-cert and -certkey go together")
	}
	return c, nil
}

// places fills in where database and keys are. forget deletes what is
// temporary; it is never nil.
func (c *Config) places() (forget func(), err error) {
	forget = func() {}
	if c.DB != "" {
		if c.Keys == "" {
			dir, err := os.UserConfigDir()
			if err != nil {
				return forget, fmt.Errorf("%w: say with -keys where the key file is", err)
			}
			c.Keys = filepath.Join(dir, "tillkey-shop", "shop.keys")
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
	for _, at := range []*string{&c.DB, &c.Keys} {
		dir, err := os.MkdirTemp("", "tillkey-shop-")
		if err != nil {
			return forget, fmt.Errorf("%w: say with -db where the data is to be", err)
		}
		dirs = append(dirs, dir)
		*at = dir
	}
	c.DB, c.Keys = filepath.Join(c.DB, "shop.db"), filepath.Join(c.Keys, "shop.keys")
	return forget, nil
}
