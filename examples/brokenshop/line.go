package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
	"github.com/tillkey/tillkey/examples/shop/kettle"
)

// line is what the command line says.
type line struct {
	list   bool
	faults []fault.Fault
	shop   kettle.Config
}

const usage = `Brokenshop is the reference shop with deliberate faults. It is for trying tests
against, on this machine alone. Without -db it keeps its data in a fresh
directory that is deleted when it stops.

Usage: brokenshop -faults
       brokenshop -fault NAME[,NAME...] [-addr HOST:PORT] [-db FILE|URL -keys FILE]
                  [-corpus FILE] [-cert FILE -certkey FILE]

The flags beside -fault are those of examples/shop. Several instances may share a
PostgreSQL database, postgres://USER@HOST/DATABASE, and its keys; the password is
in the file that PGPASSFILE names (or ~/.pgpass), or in PGPASSWORD.

Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage.

`

// parse reads the command line.
func parse(args []string, stderr io.Writer) (line, error) {
	var l line
	var names string
	f := flag.NewFlagSet("brokenshop", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&l.list, "faults", false, "list the faults")
	f.StringVar(&names, "fault", "", "faults to put in, with commas between them")
	f.StringVar(&l.shop.Addr, "addr", "127.0.0.1:8080", "loopback address to listen on")
	f.StringVar(&l.shop.DB, "db", "", "SQLite file or postgres:// URL that keeps the data (default a\ntemporary file)")
	f.StringVar(&l.shop.Keys, "keys", "", "key file; made if the database holds no credential")
	f.StringVar(&l.shop.Corpus, "corpus", "", "sorted HASH:COUNT file of leaked passwords")
	f.StringVar(&l.shop.Cert, "cert", "", "certificate file, for https")
	f.StringVar(&l.shop.CertKey, "certkey", "", "key file of the certificate")
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		f.SetOutput(stderr)
		f.PrintDefaults()
		return l, err
	case err != nil:
		return l, err
	case f.NArg() > 0:
		return l, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case l.list:
		return l, nil
	case names == "":
		return l, errors.New("name a -fault: the shop without faults is examples/shop")
	case (l.shop.DB == "") != (l.shop.Keys == ""):
		return l, errors.New("-db and -keys go together")
	case (l.shop.Cert == "") != (l.shop.CertKey == ""):
		return l, errors.New("-cert and -certkey go together")
	case !loopback(l.shop.Addr):
		return l, fmt.Errorf("-addr %q is not an address of this machine alone, as 127.0.0.1:8080", l.shop.Addr)
	}
	l.faults, err = fault.Named(names)
	return l, err
}

// loopback tells whether nobody else can reach an address.
func loopback(addr string) bool {
	at, err := netip.ParseAddrPort(addr)
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// places fills in where database and keys are. forget deletes what is
// temporary; it is never nil.
func (l *line) places() (forget func(), err error) {
	if l.shop.DB != "" {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "tillkey-brokenshop-")
	if err != nil {
		return func() {}, fmt.Errorf("%w: say with -db and -keys where the data is to be", err)
	}
	l.shop.DB, l.shop.Keys = filepath.Join(dir, "data", "shop.db"), filepath.Join(dir, "keys", "shop.keys")
	return func() { _ = os.RemoveAll(dir) }, nil
}
