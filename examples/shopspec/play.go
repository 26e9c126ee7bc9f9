package shopspec

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// play is a scenario while it is played. Once it cannot go on, because the shop
// lacks something or does not answer, all its methods do nothing: a scenario
// reads from top to bottom and asks no error.
type play struct {
	ctx     context.Context
	run     *run
	shop    Shop
	options Options

	mu   sync.Mutex
	line *Line
	// over is true once the scenario cannot go on.
	over bool
	// silent is why the shop did not answer; nil if it always did.
	silent error
}

// isOver tells whether the scenario cannot go on.
func (p *play) isOver() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.over
}

// maxText bounds each text of a check, in characters.
const maxText = 400

// record adds a check, or adds what it saw to the one of the same name: a race
// that goes wrong once has gone wrong.
func (p *play) record(c Check) {
	for _, text := range []*string{&c.Expected, &c.Seen, &c.Request, &c.Why} {
		*text = clip(p.run.secrets.hide(*text), maxText)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	for i, old := range p.line.Checks {
		if old.What == c.What {
			if old.State == StatePassed {
				p.line.Checks[i] = c
			}
			return
		}
	}
	p.line.Checks = append(p.line.Checks, c)
}

// check records whether something is as it must be. a is the answer that shows
// it.
func (p *play) check(what string, ok bool, expected, seen string, a Answer) bool {
	if ok {
		p.record(Check{What: what, State: StatePassed})
		return true
	}
	p.record(Check{What: what, State: StateFailed, Expected: expected, Seen: seen, Request: a.Request})
	return false
}

// want records that an answer means one of several things.
func (p *play) want(what string, a Answer, outcomes ...Outcome) bool {
	ok, expected := false, make([]string, len(outcomes))
	for i, o := range outcomes {
		ok = ok || a.Outcome == o
		expected[i] = string(o)
	}
	return p.check(what, ok, strings.Join(expected, " or "), a.String(), a)
}

// must is want, and ends the scenario if it is not so: nothing that follows
// would tell anything.
func (p *play) must(what string, a Answer, outcomes ...Outcome) bool {
	ok := p.want(what, a, outcomes...)
	if !ok {
		p.end()
	}
	return ok
}

// mustHave ends the scenario where an answer does not show a field.
func (p *play) mustHave(what string, a Answer, f Field) string {
	value := a.Value(f)
	if !p.check(what, value != "", "the answer shows "+string(f), "it does not ("+a.String()+")", a) {
		p.end()
	}
	return value
}

func (p *play) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
}

// notRun ends the scenario because it cannot be played here.
func (p *play) notRun(what, why string) {
	p.record(Check{What: what, State: StateNotRun, Why: why})
	p.end()
}

// fail ends the scenario because the shop, or a hook, does not do what it is
// asked.
func (p *play) fail(what string, err error) {
	switch {
	case err == nil:
		return
	case errors.Is(err, ErrUnsupported):
		p.notRun(what, "the shop does not have this")
		return
	case p.run.ctx.Err() != nil:
		p.notRun(what, "the run was interrupted")
		return
	}
	if errors.Is(err, context.DeadlineExceeded) && p.ctx.Err() != nil {
		err = fmt.Errorf("the scenario took longer than %v", p.options.Timeout*scenarioTimeouts)
	}
	p.record(Check{What: what, State: StateFailed, Expected: "an answer", Seen: err.Error()})
	p.end()
}

// unanswered is fail for an action of a visitor.
func (p *play) unanswered(action Action, err error) {
	p.fail(describe(action), err)
	if errors.Is(err, ErrUnsupported) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = err
}

// lacks ends the scenario where a need turns out on the way.
func (p *play) lacks(n Need) bool {
	if !n.met(p.shop) {
		p.notRun("there is "+n.String(), "there is none")
		return true
	}
	return false
}

// note adds a figure that nothing is judged by.
func (p *play) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.line.Notes = append(p.line.Notes, fmt.Sprintf(format, args...))
	}
}

// visitor is a visitor within a scenario.
type visitor struct {
	p  *play
	at int
	v  Visitor
}

// visitor brings a new visitor to the first instance.
func (p *play) visitor() *visitor { return p.visitorAt(0) }

// visitorAt brings a new visitor to an instance.
func (p *play) visitorAt(at int) *visitor {
	v := &visitor{p: p, at: at}
	if p.isOver() {
		return v
	}
	client, err := p.run.network.client()
	if err != nil {
		p.fail("a visitor comes", err)
		return v
	}
	p.run.keep(client)
	v.v = p.shop.Driver.Visit(p.shop.Instances[at].URL, client)
	return v
}

// do does an action. Answers after the scenario is over are empty.
func (v *visitor) do(action Action, fields Fields) Answer {
	a, err := v.try(action, fields)
	if err != nil {
		v.p.unanswered(action, err)
	}
	return a
}

// can does an action that a shop may lack, and tells whether it has it.
func (v *visitor) can(action Action, fields Fields) (Answer, bool) {
	a, err := v.try(action, fields)
	if errors.Is(err, ErrUnsupported) {
		return a, false
	}
	if err != nil {
		v.p.unanswered(action, err)
	}
	return a, err == nil
}

// try does an action, and looks at the answer for what it must not show.
func (v *visitor) try(action Action, fields Fields) (Answer, error) {
	if v.p.isOver() || v.v == nil {
		return Answer{}, nil
	}
	a, err := v.v.Do(v.p.ctx, action, fields)
	if err != nil {
		return Answer{}, err
	}
	if len(v.p.shop.Instances) > 1 {
		a.Request += fmt.Sprintf(" (instance %d)", v.at+1)
	}
	if v.p.run.secrets.within(a.Body, aPassword) != "" {
		v.p.check("no answer shows a password", false, "no password in the body", "one of those typed is in it", a)
	}
	for _, f := range []Field{Ticket, Renewal} {
		v.p.run.secrets.add(aTicket, a.Value(f))
	}
	for _, code := range a.Found[Recovery] {
		v.p.run.secrets.add(aRecovery, code)
	}
	return a, nil
}

// describe names an action in a report.
func describe(action Action) string {
	return "the shop answers " + strings.ReplaceAll(string(action), "_", " ")
}

// soon repeats an action until its answer means what it must, or patience ends:
// instances may learn of an order by and by.
func (v *visitor) soon(action Action, fields Fields, outcome Outcome) Answer {
	for deadline := time.Now().Add(patience); ; {
		a := v.do(action, fields)
		if a.Outcome == outcome || v.p.isOver() || time.Now().After(deadline) {
			return a
		}
		select {
		case <-time.After(patience / 20):
		case <-v.p.ctx.Done():
			return a
		}
	}
}

// patience is how long an order may take to reach every instance.
const patience = 3 * time.Second
