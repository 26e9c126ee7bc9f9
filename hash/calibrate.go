package hash

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

const (
	minTarget = 10 * time.Millisecond
	maxTarget = 10 * time.Second

	// calibrateSteps bounds the work. Mostly the search needs three or four.
	calibrateSteps = 10
	// closeEnough is how many times the time taken the target may be.
	closeEnough = 1.1
	// calibrateHashes are timed for each step, after one that is not. The median
	// is not moved by one disturbance.
	calibrateHashes = 3
)

// CalibrateConfig says what Calibrate looks for. Each zero field means its
// default.
type CalibrateConfig struct {
	// Target is the longest time that one hash may take, 10 ms to 10 s. Zero
	// means 200 ms, which nobody notices at a login.
	Target time.Duration

	// MaxMemory is the most memory of one hash in KiB, 7168 (the least that
	// OWASP has a row for) to 4194304. Zero means 65536 (64 MiB). As many hashes
	// at once as the Budget has slots need as many times that. Before costs above
	// Limits.Memory or BudgetConfig.Bytes of any host are used, raise those on
	// every host: one of smaller Limits refuses the rows of the others.
	MaxMemory uint32

	// Parallelism is the number of lanes. Zero means 1, which suits a server: it
	// gets its parallelism from many logins at once.
	Parallelism uint8

	// Progress is called after each step, by the goroutine that called
	// Calibrate, if it is not nil.
	Progress func(CalibrateStep)
}

// CalibrateStep is one measurement.
type CalibrateStep struct {
	Params Params
	Took   time.Duration // median of three hashes
}

// Calibration is the result of Calibrate.
type Calibration struct {
	CalibrateStep // what was chosen

	// Reached reports whether the choice took no longer than the target. If it
	// did not, no row of MeetsOWASP that fits into the memory did, and Params
	// have the costs of DefaultParams, or of the row with most memory that fits,
	// with the lanes that were asked for.
	Reached bool

	Target    time.Duration
	MaxMemory uint32          // KiB
	Steps     []CalibrateStep // in the order in which they were measured
}

// String explains the choice in one sentence.
func (c Calibration) String() string {
	if !c.Reached {
		return fmt.Sprintf("%v takes %v: none of the %d measured, the least that OWASP calls enough among them, stays within %v",
			c.Params, rounded(c.Took), len(c.Steps), c.Target)
	}
	return fmt.Sprintf("%v takes %v: the strongest of the %d measured that stays within %v and %d KiB",
		c.Params, rounded(c.Took), len(c.Steps), c.Target, c.MaxMemory)
}

func rounded(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// Calibrate finds Params whose hash takes no longer than the target on this
// machine, and no more memory than allowed: the strongest of those it measures.
// It measures where the time should be that of the target if it goes with memory
// times passes, which is not quite so near the size of a cache, so there may be
// some that are up to twice as strong. They are never below MeetsOWASP, whatever
// the target: before it gives up it measures every row of that which fits. Strength
// is that of Stale, so memory counts more than passes, of which there are 64 at
// most, what default Limits allow.
//
// Call it on the machine that will do the work, while it does nothing else, and
// write what it finds into the configuration: parameters that are found anew at
// each start would differ between the hosts of a fleet. It computes some sixty
// hashes at most, one at a time, in memory of its own, which is given back 30
// seconds later.
//
// It returns a *BoundsError for a number in config that is out of its bounds, or
// the error of the context, at once when that ends.
func Calibrate(ctx context.Context, config CalibrateConfig) (Calibration, error) {
	config = config.orDefault()
	if err := config.check(); err != nil {
		return Calibration{}, err
	}
	budget, err := NewBudget(BudgetConfig{Bytes: int64(config.MaxMemory) << 10, Slots: 1})
	if err != nil {
		return Calibration{}, err
	}
	return config.search(func(p Params) (time.Duration, error) { return timeHash(ctx, budget, p, config.Target) })
}

func (c CalibrateConfig) orDefault() CalibrateConfig {
	c.Target = cmp.Or(c.Target, 200*time.Millisecond)
	c.MaxMemory = cmp.Or(c.MaxMemory, 64<<10)
	c.Parallelism = cmp.Or(c.Parallelism, 1)
	return c
}

func (c CalibrateConfig) check() error {
	target := uint64(max(c.Target.Microseconds(), 0))
	if err := verdict.Within(ParamTarget, "µs", target, uint64(minTarget.Microseconds()), uint64(maxTarget.Microseconds())); err != nil {
		return err
	}
	return verdict.Within(ParamMemory, "KiB", uint64(c.MaxMemory), uint64(leastMemory(maxTime)), maxMemory)
}

// search looks for the best parameters with the measurements of a function. It
// goes by the work, memory times passes, that fits into the target: in
// proportion at first, and in the middle of what is known where that leads out
// of it, as memory beyond a cache takes more than its share of time. Around the
// size of a cache less work can take longer, so the rows of MeetsOWASP that are
// stronger than what was found are tried as well, from strong to weak.
func (c CalibrateConfig) search(measure func(Params) (time.Duration, error)) (Calibration, error) {
	result := Calibration{Target: c.Target, MaxMemory: c.MaxMemory}
	p, found := c.first(), true
	work, low, high := p.work(), 0.0, math.Inf(1)
	for found && len(result.Steps) < calibrateSteps {
		took, known, err := c.step(&result, p, measure)
		if err != nil {
			return Calibration{}, err
		}
		share := float64(c.Target) / float64(took)
		if share >= 1 {
			low = work
		} else {
			high = p.work()
		}
		if closeTo(took, c.Target) || high <= low*closeEnough {
			break
		}
		work *= share
		if known || work <= low || work >= high {
			work = math.Sqrt(low * high)
		}
		p, found = c.strongest(work)
	}
	result.choose()
	for _, row := range owaspRows() {
		p := c.first()
		p.Time, p.Memory = row.time, row.memory
		if row.memory > c.MaxMemory || result.Reached && (closeTo(result.Took, c.Target) || p.compareStrength(result.Params) < 0) {
			continue
		}
		if _, _, err := c.step(&result, p, measure); err != nil {
			return Calibration{}, err
		}
		result.choose()
	}
	return result, nil
}

// closeTo reports whether a time is within the target and good enough.
func closeTo(took, target time.Duration) bool {
	share := float64(target) / float64(took)
	return share >= 1 && share <= closeEnough
}

// step measures parameters, unless they are known already.
func (c CalibrateConfig) step(result *Calibration, p Params, measure func(Params) (time.Duration, error)) (took time.Duration, known bool, err error) {
	for _, s := range result.Steps {
		if s.Params == p {
			return s.Took, true, nil
		}
	}
	if took, err = measure(p); err != nil {
		return 0, false, err
	}
	s := CalibrateStep{Params: p, Took: max(took, 1)}
	result.Steps = append(result.Steps, s)
	if c.Progress != nil {
		c.Progress(s)
	}
	return s.Took, false, nil
}

// work is what time grows with: KiB times passes.
func (p Params) work() float64 { return float64(p.Memory) * float64(p.Time) }

// first returns the default costs, or the row with most memory that fits.
func (c CalibrateConfig) first() Params {
	p := DefaultParams()
	p.Parallelism = c.Parallelism
	for leastMemory(p.Time) > c.MaxMemory {
		p.Time++
	}
	p.Memory = leastMemory(p.Time)
	return p
}

// strongest returns the strongest parameters of so much work, and false if there
// are none, or no limit to the work.
func (c CalibrateConfig) strongest(work float64) (best Params, found bool) {
	if math.IsInf(work, 1) {
		return best, false
	}
	full := uint32(min(work/float64(c.MaxMemory), defaultMaxTime)) // passes over all of the memory
	for passes := max(full, 1); passes <= min(max(full+1, 5), defaultMaxTime); passes++ {
		p := c.first()
		p.Time = passes
		most := uint32(min(work/float64(passes), float64(c.MaxMemory)))
		p.Memory = most
		if most < c.MaxMemory {
			p.Memory = max(most&^1023, min(most, leastMemory(passes))) // whole MiB read better
		}
		if p.Memory >= leastMemory(passes) && (!found || p.compareStrength(best) > 0) {
			best, found = p, true
		}
	}
	return best, found
}

// choose takes the last step within the target, which is the strongest of them,
// or else the first one.
func (c *Calibration) choose() {
	c.CalibrateStep = c.Steps[0]
	for _, s := range c.Steps {
		if s.Took <= c.Target {
			c.CalibrateStep, c.Reached = s, true
		}
	}
}

// timeHash returns the median of some hashes, or the time of one that is far
// above the target.
func timeHash(ctx context.Context, budget *Budget, p Params, target time.Duration) (time.Duration, error) {
	hasher, err := New(Config{Params: p, Budget: budget})
	if err != nil {
		return 0, err
	}
	var took []time.Duration
	for i := range 1 + calibrateHashes {
		begin := time.Now()
		if err := hasher.Decoy(ctx, "correct horse battery staple"); err != nil {
			return 0, err
		}
		if i == 0 {
			continue // the machine had to lend memory for this one
		}
		took = append(took, time.Since(begin))
		if took[0] > 2*target {
			break
		}
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
