package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

// Exit codes.
const (
	exitPassed      = 0
	exitFailed      = 1 // a scenario failed, or not all had their turn
	exitUsage       = 2 // the command line, the description or the token is wrong
	exitUnreachable = 3 // nothing could be asked
)

// run is the whole program. The report goes to stdout, what is under way to
// stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	l, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitPassed
	}
	if err == nil && l.list {
		return write(stdout, stderr, scenarios())
	}
	var d shopspec.Description
	if err == nil {
		d, err = describe(l.driver)
	}
	if err == nil && l.example {
		text, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return fail(stderr, err, exitFailed)
		}
		return write(stdout, stderr, string(text)+"\n")
	}
	var driver shopspec.Driver
	if err == nil {
		driver, err = d.Driver()
	}
	if err != nil {
		return fail(stderr, fmt.Errorf("%w\nRun with -h for help", err), exitUsage)
	}
	shop := shopspec.Shop{Name: d.Name, Driver: driver, Breached: d.Breached}
	code, err := l.instances(ctx, &shop)
	if err != nil {
		return fail(stderr, err, code)
	}
	return play(ctx, l, shop, stdout, stderr)
}

// describe reads the description of a shop.
func describe(driver string) (shopspec.Description, error) {
	if driver == "kettle" {
		return shopspec.Kettle()
	}
	f, err := os.Open(driver)
	if err != nil {
		return shopspec.Description{}, err
	}
	defer f.Close()
	d, err := shopspec.ReadDescription(f)
	if err != nil {
		return d, fmt.Errorf("%q: %w", driver, err)
	}
	return d, nil
}

// instances fills in where the shop is, and its hooks.
func (l line) instances(ctx context.Context, shop *shopspec.Shop) (code int, err error) {
	token := ""
	if len(l.hooks) > 0 {
		if token, err = hook.ReadToken(); err != nil {
			return exitUsage, err
		}
	}
	for i, u := range l.urls {
		one := shopspec.Instance{URL: strings.TrimSuffix(u, "/")}
		if len(l.hooks) > 0 {
			if one.Hooks, err = hook.Client(ctx, l.hooks[i], token); err != nil {
				return exitUnreachable, err
			}
		}
		shop.Instances = append(shop.Instances, one)
	}
	return exitPassed, nil
}

// play runs the scenarios and reports.
func play(ctx context.Context, l line, shop shopspec.Shop, stdout, stderr io.Writer) int {
	o := shopspec.Options{
		Only: l.run.MatchString, Rounds: l.rounds, Timeout: l.timeout,
		Progress: func(line shopspec.Line) { fmt.Fprintln(stderr, line.Short()) },
	}
	for _, u := range l.urls {
		if !shopspec.IsLoopback(u) && !l.yes {
			o.Harmless = true
			fmt.Fprintf(stderr, "shopspec: %s is not this machine: scenarios that sign up, lock or change accounts are not run. -yes runs them.\n", u)
		}
	}
	report := shopspec.Run(ctx, shop, o)
	var err error
	if l.asJSON {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		err = e.Encode(report)
	} else {
		err = report.WriteText(stdout)
	}
	switch {
	case err != nil:
		return fail(stderr, err, exitFailed)
	case report.Unreachable != "":
		return exitUnreachable
	case len(report.Lines) == 0:
		return fail(stderr, fmt.Errorf("-run %q names no scenario: -list shows them", l.run), exitUsage)
	case report.Err() != nil:
		return exitFailed
	}
	return exitPassed
}

// scenarios lists them with what they need.
func scenarios() string {
	var b strings.Builder
	for _, s := range shopspec.Scenarios() {
		fmt.Fprintf(&b, "%-32s %s\n", s.Name, s.About)
		var needs []string
		for _, n := range s.Needs {
			needs = append(needs, n.String())
		}
		if len(needs) > 0 {
			fmt.Fprintf(&b, "%-32s needs %s\n", "", strings.Join(needs, ", "))
		}
	}
	return b.String()
}

func write(stdout, stderr io.Writer, text string) int {
	if _, err := io.WriteString(stdout, text); err != nil {
		return fail(stderr, err, exitFailed)
	}
	return exitPassed
}

func fail(stderr io.Writer, err error, code int) int {
	fmt.Fprintf(stderr, "shopspec: %v\n", err)
	return code
}
