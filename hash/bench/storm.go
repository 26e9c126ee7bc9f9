package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

const (
	mib           = 1 << 20
	stormVerifies = 64
	stormMemory   = 64 * mib // of one hash
	stormRSS      = 16 * mib // that the process may have beside its hashes
	stormP99      = 5        // times that the naive way must at least take longer
)

// storm is what many verifies at the same moment took, in a process of its own.
type storm struct {
	PeakRSS int64
	CPU     time.Duration
	GC      uint32
	Took    []time.Duration // each verify from the begin, sorted
}

// share returns the time in which that share of the verifies was done.
func (s storm) share(of float64) time.Duration {
	return s.Took[int(math.Ceil(of*float64(len(s.Took))))-1]
}

func (s storm) p50() time.Duration { return s.share(0.50) }
func (s storm) p99() time.Duration { return s.share(0.99) }
func (s storm) max() time.Duration { return s.share(1) }

// way is one way to verify that many passwords.
type way struct {
	kind     string // see verifier
	verifies int
}

var (
	budgeted = way{"budget", stormVerifies}
	doubled  = way{"budget", 2 * stormVerifies}
	limited  = way{"limited", stormVerifies}
	naive    = way{"naive", stormVerifies}
)

func (w way) String() string {
	return fmt.Sprintf("%s, %d verifies", map[string]string{
		"budget":  "engine with a budget",
		"limited": fmt.Sprintf("x/crypto, %d at once", runtime.GOMAXPROCS(0)),
		"naive":   "x/crypto, all at once",
	}[w.kind], w.verifies)
}

// runStorms runs all ways in turn, round after round, each in a process of its
// own so that its memory can be told. It prints the medians, draws them into a
// file if it has a name, and fails if a promise is broken.
func runStorms(rounds int, chart string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Printf("%s %s/%s, %d processors, %d MiB for each hash, medians of %d storms\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), stormMemory/mib, rounds)
	var pictures []picture
	var broken error
	for _, p := range []params{{stormMemory >> 10, 1, 1}, {stormMemory >> 10, 3, 4}} {
		results := map[way][]storm{}
		for range rounds {
			for _, w := range []way{budgeted, naive, doubled, limited} {
				out, err := exec.Command(self, "-storm-child", fmt.Sprintf("%s,%d,%d,%d", w.kind, w.verifies, p.time, p.lanes)).Output()
				if err != nil {
					return fmt.Errorf("%v: %w", w, err)
				}
				var result storm
				if err := json.Unmarshal(out, &result); err != nil {
					return err
				}
				results[w] = append(results[w], result)
			}
		}
		medians := map[way]storm{}
		for w, all := range results {
			medians[w] = middle(all)
		}
		printStorms(p, medians)
		pictures = append(pictures, picture{p, medians})
		if err := promises(medians); err != nil && broken == nil {
			broken = fmt.Errorf("%v: %w", p, err)
		}
	}
	if chart != "" {
		if err := os.WriteFile(chart, []byte(drawStorms(pictures)), 0o644); err != nil {
			return err
		}
	}
	return broken
}

func printStorms(p params, medians map[way]storm) {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "\n%v\tp50 s\tp99 s\tmax s\tp99 ratio\tpeak RSS MiB\tCPU s\tGC cycles\n", p)
	for _, w := range []way{budgeted, doubled, limited, naive} {
		m := medians[w]
		fmt.Fprintf(table, "%v\t%.2f\t%.2f\t%.2f\t%.1f\t%d\t%.2f\t%d\n", w, m.p50().Seconds(), m.p99().Seconds(), m.max().Seconds(),
			float64(m.p99())/float64(medians[budgeted].p99()), m.PeakRSS/mib, m.CPU.Seconds(), m.GC)
	}
	table.Flush()
}

// promises says which one is broken.
func promises(medians map[way]storm) error {
	ours, twice, theirs := medians[budgeted], medians[doubled], medians[naive]
	limit := int64(runtime.GOMAXPROCS(0))*stormMemory + stormRSS
	switch {
	case max(ours.PeakRSS, twice.PeakRSS) > limit:
		return fmt.Errorf("peak RSS is above %d MiB", limit/mib)
	case twice.GC > ours.GC:
		return fmt.Errorf("twice the verifies need more garbage collection: %d cycles and %d", ours.GC, twice.GC)
	case ours.p99()*stormP99 > theirs.p99():
		return fmt.Errorf("p99 is above 1/%d of that of x/crypto, all at once", stormP99)
	}
	return nil
}

// middle returns the median of each value.
func middle(all []storm) storm {
	m := storm{
		PeakRSS: middleOf(all, func(s storm) int64 { return s.PeakRSS }),
		CPU:     middleOf(all, func(s storm) time.Duration { return s.CPU }),
		GC:      middleOf(all, func(s storm) uint32 { return s.GC }),
	}
	for i := range all[0].Took {
		m.Took = append(m.Took, middleOf(all, func(s storm) time.Duration { return s.Took[i] }))
	}
	return m
}

func middleOf[T int64 | uint32 | time.Duration](all []storm, of func(storm) T) T {
	values := make([]T, 0, len(all))
	for _, s := range all {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
