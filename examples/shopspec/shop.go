package shopspec

import "time"

// Shop is a running shop, and how to speak to it.
type Shop struct {
	// Name names the shop in the report.
	Name string
	// Instances are its processes, which share one database: one or two.
	Instances []Instance
	Driver    Driver
	// Breached are passwords that the shop's lists know to have leaked, and that
	// its policy has nothing else against; none means that it has no list.
	Breached []string
}

// Instance is one process of a shop.
type Instance struct {
	// URL is where it answers, as "http://127.0.0.1:8080".
	URL string
	// Hooks reach behind its pages. The zero value means none; what needs them
	// is not run.
	Hooks Hooks
}

// Options are how a run differs from the usual one. The zero value is a good
// choice.
type Options struct {
	// Only names the scenarios to run; nil means all.
	Only func(name string) bool
	// Harmless leaves out all scenarios that sign up, lock or change accounts,
	// or place orders.
	Harmless bool
	// Rounds is how often each race is run; 0 means 8. A race that only a slow
	// hash opens wants more on a shop whose hashes are fast.
	Rounds int
	// Timeout bounds each request; 0 means 20 seconds. A scenario has fifteen times as
	// long.
	Timeout time.Duration
	// Progress is told each scenario when it begins and when it has ended; nil
	// means that nobody is.
	Progress func(Line)
}
