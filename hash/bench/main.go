// Command bench compares the Argon2 engine of package hash with others, on
// the machine it runs on:
//
//	cd hash/bench && GOWORK=off go run .
//
// All run in turn in one process, round after round, so that what else the
// machine does meets all of them alike. For each it prints the median of the
// processor time (user and system, of all threads) and of the time on the
// clock, and how many times as much as the engine's that is. Trust the ratio of
// processor time on a machine that is shared.
//
// With -storm it verifies many passwords at the same moment instead, through a
// Budget and without, and draws the times with -chart.
//
// libargon2 takes part if it is built in; ./libargon2 gets its source from
// Debian, builds it for this processor and runs this command with it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alexedwards/argon2id"
	xargon2 "golang.org/x/crypto/argon2"

	"github.com/tillkey/tillkey/hash/internal/argon2"
)

// params are the costs of one comparison.
type params struct {
	memory, time uint32
	lanes        uint8
}

func (p params) String() string { return fmt.Sprintf("m=%d t=%d p=%d", p.memory, p.time, p.lanes) }

// contestant is one implementation of argon2id.
type contestant struct {
	name string
	key  func(p params, password, salt []byte) []byte
}

const keyLength = 32

var sets = []params{
	{19456, 2, 1},
	{47104, 1, 1},
	{65536, 3, 4},
	{65536, 1, 2},
}

func engine(name string, config argon2.Config) contestant {
	e := argon2.New(config)
	return contestant{name, func(p params, password, salt []byte) []byte {
		key, err := e.Key(argon2.Params{
			Variant: argon2.ID, Version: argon2.Version13,
			Memory: p.memory, Time: p.time, Lanes: uint32(p.lanes), KeyLength: keyLength,
		}, argon2.Input{Password: password, Salt: salt})
		if err != nil {
			panic(err)
		}
		return key
	}}
}

func contestants() []contestant {
	all := []contestant{
		engine("engine", argon2.Config{}),
		engine("engine, memory not wiped", argon2.Config{UnsafeKeepMemory: true}),
		{"x/crypto", func(p params, password, salt []byte) []byte {
			return xargon2.IDKey(password, salt, p.time, p.memory, p.lanes, keyLength)
		}},
		{"alexedwards/argon2id", func(p params, password, salt []byte) []byte {
			encoded, err := argon2id.CreateHash(string(password), &argon2id.Params{
				Memory: p.memory, Iterations: p.time, Parallelism: p.lanes, SaltLength: 16, KeyLength: keyLength,
			})
			if err != nil {
				panic(err)
			}
			_ = encoded // its salt is its own, so the key cannot be compared
			return nil
		}},
	}
	return append(all, libargon2()...)
}

// sample is what one hash took.
type sample struct{ cpu, wall time.Duration }

func measure(work func()) sample {
	cpu, wall := processorTime(), time.Now()
	work()
	return sample{processorTime() - cpu, time.Since(wall)}
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(samples []sample, of func(sample) time.Duration) time.Duration {
	values := make([]time.Duration, 0, len(samples))
	for _, s := range samples {
		values = append(values, of(s))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func main() {
	rounds := flag.Int("rounds", 31, "hashes of each implementation")
	only := flag.String("only", "", "comma-separated parts of the names of those to compare with the engine")
	storms := flag.Bool("storm", false, "verify 64 passwords at once instead, with and without a budget, in up to 5 rounds (Linux)")
	chart := flag.String("chart", "", "draw the storms into this SVG file")
	child := flag.String("storm-child", "", "one such storm, for use by -storm")
	flag.Parse()
	var err error
	switch {
	case *child != "":
		err = runStorm(*child)
	case *storms:
		err = runStorms(min(*rounds, 5), *chart)
	default:
		comparisons(*rounds, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// comparisons runs everything on all sets.
func comparisons(rounds int, only string) {
	fmt.Printf("%s %s/%s, %d processors, medians of %d\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	ratios := map[string][]float64{}
	all := selected(only)
	for _, p := range sets {
		compare(table, all, p, rounds, ratios)
	}
	fmt.Fprintln(table, "\ngeometric mean\tCPU ratio")
	for _, c := range all {
		sum := 0.0
		for _, ratio := range ratios[c.name] {
			sum += math.Log(ratio)
		}
		fmt.Fprintf(table, "%s\t%.2f\n", c.name, math.Exp(sum/float64(len(sets))))
	}
	table.Flush()
}

func selected(only string) []contestant {
	all := contestants()
	if only == "" {
		return all
	}
	return append(all[:1:1], slices.DeleteFunc(all[1:], func(c contestant) bool {
		return !slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(c.name, part) })
	})...)
}

// compare runs all on one set, one warming round first, in which the keys must
// be the same.
func compare(table *tabwriter.Writer, all []contestant, p params, rounds int, ratios map[string][]float64) {
	password, salt := []byte("correct horse battery staple"), []byte("0123456789abcdef")
	want := all[0].key(p, password, salt)
	samples := make([][]sample, len(all))
	for round := range rounds + 1 {
		for _, i := range rand.Perm(len(all)) { // nobody always follows the same one
			c, key := all[i], []byte(nil)
			s := measure(func() { key = c.key(p, password, salt) })
			if key != nil && !bytes.Equal(key, want) {
				panic(c.name + " gives another key")
			}
			if round > 0 {
				samples[i] = append(samples[i], s)
			}
		}
	}
	cpu := func(s sample) time.Duration { return s.cpu }
	wall := func(s sample) time.Duration { return s.wall }
	fmt.Fprintf(table, "\n%v\tCPU ms\tratio\twall ms\tratio\n", p)
	for i, c := range all {
		cpuTime, wallTime := median(samples[i], cpu), median(samples[i], wall)
		ratio := float64(cpuTime) / float64(median(samples[0], cpu))
		ratios[c.name] = append(ratios[c.name], ratio)
		fmt.Fprintf(table, "%s\t%.1f\t%.2f\t%.1f\t%.2f\n", c.name, milliseconds(cpuTime), ratio,
			milliseconds(wallTime), float64(wallTime)/float64(median(samples[0], wall)))
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
