// Command bench builds corpora of synthetic hashes and measures building and
// looking up, in one run beside binary fuse filters and searches in records of
// fixed size. Shares of counts are those of Pwned Passwords. Each measurement
// goes round all contenders several times, and the best round of each counts, so
// that a busy machine wrongs none of them: trust the ratios.
//
// From this folder, with GOWORK=off:
//
//	go run . -n 10000000            # 10 million hashes, some minutes
//	go run . -n 100000000           # 100 million: 6 GB of disk, 8 GB of memory
//	go run . -n 1000000000 -stream  # 1,000 million: no text, 10 GB of disk
//
// With -hibp and the sources of oschonrock/hibp it takes part, too, in a process
// of its own; its build from the text is in two steps.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

type config struct {
	n          int64
	dir        string
	rounds     int
	builds     int
	queries    int
	stream     bool
	quick      bool
	build      string
	cpuProfile string
	only       string
	hibp       string
	compiled   hibp
}

func main() {
	var c config
	flag.Int64Var(&c.n, "n", 10_000_000, "how many hashes, about")
	flag.StringVar(&c.dir, "dir", filepath.Join(os.TempDir(), "corpus-bench"), "folder for the files, which stay there")
	flag.IntVar(&c.rounds, "rounds", 15, "rounds of look-ups")
	flag.IntVar(&c.builds, "builds", 3, "rounds of builds; 0 uses what is there")
	flag.IntVar(&c.queries, "queries", 200_000, "look-ups in a round")
	flag.BoolVar(&c.stream, "stream", false, "draw the hashes while building instead of writing a text first")
	flag.BoolVar(&c.quick, "quick", false, "leave out the slow contenders: the filter of one piece and the records")
	flag.StringVar(&c.only, "only", "", "look-ups of contenders whose name begins so")
	flag.StringVar(&c.build, "build", "", "build only this and print its figures as JSON; the program calls itself so")
	flag.StringVar(&c.cpuProfile, "cpuprofile", "", "write a profile of -build")
	flag.StringVar(&c.hibp, "hibp", "", "folders with the sources of oschonrock/hibp and, with commas between them, for its filters, "+
		"of oschonrock/binfuse, FastFilter/xor_singleheader and vimpunk/mio; needs c++ and fmt")
	flag.Parse()
	if err := run(c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(c config) error {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	if c.build != "" {
		figures, err := c.buildOne()
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(figures)
	}
	if !c.stream {
		if _, err := (synth{c.n}).writeText(c.text()); err != nil {
			return err
		}
	}
	if c.hibp != "" {
		if c.stream {
			return errors.New("-hibp is built from a text: leave out -stream")
		}
		var err error
		if c.compiled, err = c.compileHIBP(); err != nil {
			return err
		}
	}
	if err := c.measureBuilds(); err != nil {
		return err
	}
	if err := c.measureLookUps(); err != nil {
		return err
	}
	return c.measureCold()
}

func (c config) text() string { return filepath.Join(c.dir, fmt.Sprintf("%d.txt", c.n)) }

func (c config) corpus(name string) string {
	return filepath.Join(c.dir, fmt.Sprintf("%d.%s.pwb", c.n, name))
}
