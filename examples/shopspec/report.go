package shopspec

import (
	"errors"
	"fmt"
	"time"
)

// State is what became of a scenario or a check.
type State string

const (
	StatePassed State = "passed"
	StateFailed State = "failed"
	StateNotRun State = "not run"
)

// Check is one thing that a scenario looks at.
type Check struct {
	// What should be, as a sentence.
	What  string `json:"what"`
	State State  `json:"state"`
	// Expected and Seen say what a failed check saw, and Request what showed it.
	// No secret is in them.
	Expected string `json:"expected,omitempty"`
	Seen     string `json:"seen,omitempty"`
	Request  string `json:"request,omitempty"`
	// Why says why a check was not run.
	Why string `json:"why,omitempty"`
}

// Line is one scenario in a report.
type Line struct {
	Name string `json:"name"`
	// About says in a sentence what the scenario is for.
	About string `json:"about"`
	// State is failed if any check is, else not run if any check is not, or if
	// there is none, else passed. It is "" before the scenario has ended.
	State  State   `json:"state"`
	Checks []Check `json:"checks"`
	// Notes are figures that nothing is judged by.
	Notes []string      `json:"notes,omitempty"`
	Took  time.Duration `json:"took"` // nanoseconds
}

// judge sets the state of a line from its checks.
func (l *Line) judge() {
	l.State = StateNotRun
	for _, c := range l.Checks {
		if c.State == StateFailed {
			l.State = StateFailed
			return
		}
	}
	for _, c := range l.Checks {
		if c.State == StateNotRun {
			return
		}
	}
	if len(l.Checks) > 0 {
		l.State = StatePassed
	}
}

// Report is what a run has seen.
type Report struct {
	Shop string `json:"shop"`
	// Instances are the addresses that were asked.
	Instances []string `json:"instances"`
	Lines     []Line   `json:"scenarios"`
	// Unreachable says why the shop could not be asked at all; "" if it could.
	Unreachable string `json:"unreachable,omitempty"`
	// Stopped says why the run ended early; "" if it did not.
	Stopped string        `json:"stopped,omitempty"`
	Took    time.Duration `json:"took"` // nanoseconds
}

// Errors of a report.
var (
	// ErrFailed: a scenario failed.
	ErrFailed = errors.New("shopspec: the shop does not do what it must")
	// ErrUnreachable: the shop could not be asked at all.
	ErrUnreachable = errors.New("shopspec: the shop cannot be reached")
	// ErrStopped: the run ended before all scenarios had their turn.
	ErrStopped = errors.New("shopspec: the run was stopped")
)

// Err is nil where no scenario failed, which those that were not run do not;
// [ErrUnreachable], [ErrFailed] with the names of those that did, or
// [ErrStopped].
func (r Report) Err() error {
	failed := r.Names(StateFailed)
	switch {
	case r.Unreachable != "":
		return fmt.Errorf("%w: %s", ErrUnreachable, r.Unreachable)
	case len(failed) > 0:
		return fmt.Errorf("%w: %v", ErrFailed, failed)
	case r.Stopped != "":
		return fmt.Errorf("%w: %s", ErrStopped, r.Stopped)
	}
	return nil
}

// Names lists the scenarios in a state, in their order.
func (r Report) Names(s State) (names []string) {
	for _, l := range r.Lines {
		if l.State == s {
			names = append(names, l.Name)
		}
	}
	return names
}
