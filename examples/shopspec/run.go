package shopspec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// scenarioTimeouts is how many times the timeout of a request a scenario may
// take.
const scenarioTimeouts = 15

// maxSilent is after how many scenarios in a row without an answer no further
// one is tried.
const maxSilent = 2

// run is what the scenarios of a run share.
type run struct {
	ctx     context.Context
	network network
	secrets secrets
	staff   *staff

	mu      sync.Mutex
	clients []*http.Client
}

// keep remembers a client, whose connections are closed when its scenario ends.
func (r *run) keep(c *http.Client) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clients = append(r.clients, c)
}

// letGo closes the connections of all visitors.
func (r *run) letGo() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.clients {
		c.CloseIdleConnections()
	}
	r.clients = nil
}

// Run plays the scenarios, one after the other, and reports what it saw. It
// signs up accounts, locks them, and places orders that concern every customer,
// which it withdraws: use it on a shop for tests alone.
//
// It ends early when ctx ends, or when the shop has stopped answering. What was
// not played is in the report as not run. The error of a report is
// [Report.Err].
func Run(ctx context.Context, shop Shop, o Options) Report {
	o.Rounds, o.Timeout = cmp.Or(max(0, o.Rounds), 8), cmp.Or(max(0, o.Timeout), 20*time.Second)
	began := time.Now()
	report := Report{Shop: shop.Name}
	for _, i := range shop.Instances {
		report.Instances = append(report.Instances, i.URL)
	}
	r := &run{ctx: ctx, network: network{timeout: o.Timeout}}
	for _, password := range shop.Breached {
		r.secrets.add(aPassword, password)
	}
	if why := r.reach(shop, o); ctx.Err() == nil {
		report.Unreachable = why
	}
	silent := 0
	for _, s := range Scenarios() {
		if o.Only != nil && !o.Only(s.Name) {
			continue
		}
		switch {
		case report.Unreachable != "" || report.Stopped != "":
		case ctx.Err() != nil:
			report.Stopped = "it was interrupted"
		case silent >= maxSilent:
			report.Stopped = "the shop has stopped answering"
		}
		line := Line{Name: s.Name, About: s.About}
		why := cmp.Or(report.Stopped, report.Unreachable)
		if o.Harmless && !s.Harmless {
			why = cmp.Or(why, "it signs up, locks or changes accounts, which was not allowed")
		}
		if why != "" {
			line.Checks = []Check{{What: s.About, State: StateNotRun, Why: why}}
			line.judge()
			report.Lines = append(report.Lines, line)
			continue
		}
		if o.Progress != nil {
			o.Progress(line)
		}
		silent++
		if r.one(s, shop, o, &line) == nil {
			silent = 0
		}
		report.Lines = append(report.Lines, line)
		if o.Progress != nil {
			o.Progress(line)
		}
	}
	if ctx.Err() != nil {
		report.Stopped = cmp.Or(report.Stopped, "it was interrupted")
	}
	report.Took = time.Since(began)
	return report
}

// reach asks every instance for a page, and returns why it cannot be.
func (r *run) reach(shop Shop, o Options) string {
	switch {
	case shop.Driver == nil:
		return "no driver knows how to speak to it"
	case len(shop.Instances) == 0:
		return "it has no address"
	}
	for _, i := range shop.Instances {
		client, err := r.network.client()
		if err != nil {
			return err.Error()
		}
		ctx, cancel := context.WithTimeout(r.ctx, o.Timeout)
		_, err = shop.Driver.Visit(i.URL, client).Do(ctx, Home, nil)
		cancel()
		client.CloseIdleConnections()
		if err != nil && !errors.Is(err, ErrUnsupported) {
			return clip(fmt.Sprintf("%s: %v", i.URL, err), 300)
		}
	}
	return ""
}

// one plays one scenario, and returns why the shop did not answer.
func (r *run) one(s Scenario, shop Shop, o Options, line *Line) error {
	ctx, cancel := context.WithTimeout(r.ctx, o.Timeout*scenarioTimeouts)
	defer cancel()
	p := &play{ctx: ctx, run: r, shop: shop, options: o, line: line}
	began := time.Now()
	if lack := s.lacks(shop); lack != "" {
		p.notRun(s.About, lack)
	} else {
		p.rest()
		s.play(p)
	}
	r.letGo()
	p.mu.Lock()
	defer p.mu.Unlock()
	line.Took = time.Since(began)
	line.judge()
	return p.silent
}

// lacks says what a shop lacks that a scenario needs; "" if nothing.
func (s Scenario) lacks(shop Shop) string {
	var lacks []string
	for _, n := range s.Needs {
		if !n.met(shop) {
			lacks = append(lacks, n.String())
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return "needs " + strings.Join(lacks, ", ")
}
