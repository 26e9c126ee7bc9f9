package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"
)

// line is what the command line says.
type line struct {
	urls, hooks   list
	driver        string
	run           *regexp.Regexp
	asJSON, yes   bool
	list, example bool
	rounds        int
	timeout       time.Duration
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return fmt.Sprint([]string(*l)) }

func (l *list) Set(text string) error {
	*l = append(*l, text)
	return nil
}

const usage = `Shopspec plays scenarios against a shop that runs: sign-up, lockout, forced
changes, second factor, cohorts. It signs up and locks accounts and places
orders, so use it on a shop for tests alone.

What a shop cannot show by its pages needs hooks, which a shop has in a build
for tests alone. Their token comes from the variable SHOPSPEC_TOKEN, or the file
that SHOPSPEC_TOKEN_FILE names. Without hooks such scenarios are not run.

Usage: shopspec -url URL [-url URL] [-hooks URL [-hooks URL]]
                [-driver kettle|FILE] [-run REGEXP] [-json] [-rounds N]
                [-timeout DURATION] [-yes]
       shopspec -list
       shopspec -example

Exit codes: 0 all that was run passed, 1 something failed or the run was
interrupted, 2 wrong usage, 3 the shop cannot be reached.

`

// parse reads the command line.
func parse(args []string, stderr io.Writer) (line, error) {
	var l line
	var pattern string
	f := flag.NewFlagSet("shopspec", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Var(&l.urls, "url", "address of an instance, as http://127.0.0.1:8080; twice for two\ninstances on one database")
	f.Var(&l.hooks, "hooks", "address of the hooks of an instance, in the order of -url")
	f.StringVar(&l.driver, "driver", "kettle", "description of the shop: a JSON file, or the name of the reference shop")
	f.StringVar(&pattern, "run", "", "regular expression of the scenarios to run (default all)")
	f.BoolVar(&l.asJSON, "json", false, "report as JSON")
	f.IntVar(&l.rounds, "rounds", 0, "how often each race is run (default 8)")
	f.DurationVar(&l.timeout, "timeout", 0, "time for each request (default 20s)")
	f.BoolVar(&l.yes, "yes", false, "change accounts of a shop on another machine, too")
	f.BoolVar(&l.list, "list", false, "list the scenarios")
	f.BoolVar(&l.example, "example", false, "print the description of the reference shop")
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
	case l.rounds < 0 || l.rounds > maxRounds:
		return l, fmt.Errorf("-rounds is 1 to %d", maxRounds)
	case l.timeout < 0 || l.timeout > time.Hour:
		return l, errors.New("-timeout is more than nothing and at most an hour")
	}
	if l.run, err = regexp.Compile(pattern); err != nil {
		return l, fmt.Errorf("-run: %w", err)
	}
	if l.list || l.example {
		return l, nil
	}
	return l, l.check()
}

const maxRounds = 1000

// check looks at the addresses.
func (l line) check() error {
	switch {
	case len(l.urls) == 0:
		return errors.New("say with -url where the shop is")
	case len(l.urls) > 2:
		return errors.New("-url is given once or twice")
	case len(l.hooks) > 0 && len(l.hooks) != len(l.urls):
		return errors.New("-hooks is given as often as -url, or not at all")
	}
	for _, text := range append(append(list{}, l.urls...), l.hooks...) {
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			return fmt.Errorf("%q is not an address as http://127.0.0.1:8080", text)
		case u.User != nil || u.RawQuery != "" || u.Fragment != "":
			return fmt.Errorf("the address of %q has a name, a query or a fragment too many", u.Host)
		}
	}
	return nil
}
