package shopspec

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// WriteText writes a report for people: a line for each scenario, what failed
// in full, and the sums.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	name := r.Shop
	if name == "" {
		name = "The shop"
	}
	fmt.Fprintf(&b, "%s at %s\n\n", name, strings.Join(r.Instances, " and "))
	for _, l := range r.Lines {
		b.WriteString(l.Text())
	}
	if r.Unreachable != "" {
		fmt.Fprintf(&b, "\nThe shop cannot be reached: %s\n", r.Unreachable)
	}
	if r.Stopped != "" {
		fmt.Fprintf(&b, "\nThe run ended early: %s.\n", r.Stopped)
	}
	fmt.Fprintf(&b, "\n%d passed, %d failed, %d not run\n", len(r.Names(StatePassed)), len(r.Names(StateFailed)), len(r.Names(StateNotRun)))
	_, err := io.WriteString(w, b.String())
	return err
}

// Text is one scenario for people: a line, and one more for each check that
// failed or was not run.
func (l Line) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-8s %-32s %s\n", l.State, l.Name, l.About)
	for _, c := range l.Checks {
		switch c.State {
		case StateFailed:
			fmt.Fprintf(&b, "%9s%s\n", "", c.What)
			fmt.Fprintf(&b, "%11sexpected %s; seen %s\n", "", c.Expected, c.Seen)
			if c.Request != "" {
				fmt.Fprintf(&b, "%11sby %s\n", "", c.Request)
			}
		case StateNotRun:
			if c.What != l.About {
				fmt.Fprintf(&b, "%9s%s: ", "", c.What)
			} else {
				fmt.Fprintf(&b, "%9s", "")
			}
			fmt.Fprintf(&b, "%s\n", c.Why)
		}
	}
	for _, note := range l.Notes {
		fmt.Fprintf(&b, "%9s(%s)\n", "", note)
	}
	return b.String()
}

// Short is the line that tells of a scenario under way, or how it ended.
func (l Line) Short() string {
	if l.State == "" {
		return l.Name
	}
	return fmt.Sprintf("%s: %s (%v)", l.Name, l.State, l.Took.Round(time.Millisecond))
}
