package hash

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// machine is a model of how long hashes take.
type machine func(p Params) time.Duration

// linear takes so many nanoseconds for each KiB and pass.
func linear(ns float64) machine {
	return func(p Params) time.Duration {
		return time.Duration(ns * float64(p.Memory) * float64(p.Time))
	}
}

// cached is slower for what does not fit into its cache of so many KiB, and a bit
// slow at the first pass.
func cached(ns float64, kib uint32) machine {
	return func(p Params) time.Duration {
		factor := 1.0
		if p.Memory > kib {
			factor = 1.3
		}
		return time.Duration(ns * float64(p.Memory) * (0.3 + factor*float64(p.Time)))
	}
}

func search(t *testing.T, c CalibrateConfig, m machine) Calibration {
	t.Helper()
	c = c.orDefault()
	require.NoError(t, c.check())
	result, err := c.search(func(p Params) (time.Duration, error) { return m(p), nil })
	require.NoError(t, err)
	return result
}

func TestCalibrateChoice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		target, kib    int // milliseconds, KiB
		ns             float64
		time, memory   uint32
		reached        bool
		mostSteps      int
		tookAtLeastPct int
	}{
		{"memory is the limit", 200, 64 << 10, 500, 6, 65536, true, 3, 90},
		{"time is the limit", 200, 1 << 20, 500, 1, 399360, true, 3, 90},
		{"all of the memory once is too slow", 60, 64 << 10, 1000, 1, 59392, true, 3, 90},
		{"one pass is below the row, two are not", 45, 64 << 10, 1000, 2, 21504, true, 3, 90},
		{"only three passes are fast enough", 37, 64 << 10, 1000, 3, 12288, true, 3, 90},
		{"only five passes are fast enough", 36, 64 << 10, 1000, 5, 7168, true, 3, 90},
		{"nothing is fast enough", 35, 64 << 10, 1000, 2, 19456, false, 5, 90},
		{"nothing is fast enough, little memory", 10, 12287, 1000, 4, 9216, false, 2, 90},
		{"the least memory", 1000, 7168, 1000, 64, 7168, true, 3, 40},
		{"64 passes are enough", 10000, 8192, 1, 64, 8192, true, 3, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := search(t, CalibrateConfig{Target: time.Duration(test.target) * time.Millisecond, MaxMemory: uint32(test.kib)}, linear(test.ns))
			want := Params{Memory: test.memory, Time: test.time, Parallelism: 1, SaltLength: 16, KeyLength: 32}
			require.Equal(t, want, c.Params)
			require.Equal(t, test.reached, c.Reached)
			require.LessOrEqual(t, len(c.Steps), test.mostSteps)
			require.Equal(t, linear(test.ns)(c.Params), c.Took)
			require.GreaterOrEqual(t, c.Took*100, c.Target*time.Duration(test.tookAtLeastPct))
		})
	}
}

// On any machine: never below OWASP, never above the memory, within the target
// if that can be, in few steps, the same each time, and all of it reported.
func TestCalibrateLaws(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20000) {
		random := rand.New(rand.NewPCG(seed, 6))
		ns := 20 * float64(int(1)<<random.IntN(10)) * (1 + random.Float64())
		model, missed := linear(ns), 1.15 // how much stronger the best may be than what is found
		if random.IntN(2) == 0 {
			model, missed = cached(ns, 8<<10<<random.IntN(4)), 2
		}
		noise := []float64{0, 0, 0.02, 0.3, 1000}[random.IntN(5)]
		config := CalibrateConfig{
			Target:      time.Duration(10+random.IntN(1<<(4+random.IntN(10)))) * time.Millisecond,
			MaxMemory:   7168 + random.Uint32N(1<<(4+random.IntN(17))),
			Parallelism: uint8(1 + random.IntN(255)),
		}
		config.Target = min(config.Target, maxTarget)
		run := func() (Calibration, []CalibrateStep) {
			var progress []CalibrateStep
			c := config
			c.Progress = func(s CalibrateStep) { progress = append(progress, s) }
			noisy := rand.New(rand.NewPCG(seed, 7))
			return search(t, c, func(p Params) time.Duration {
				return time.Duration(float64(model(p)) * (1 + noise*noisy.Float64()))
			}), progress
		}
		c, progress := run()
		again, _ := run()
		require.Equal(t, c, again)
		require.Equal(t, c.Steps, progress)
		require.LessOrEqual(t, len(c.Steps), calibrateSteps+len(owaspRows())-1)
		require.Contains(t, c.Steps, c.CalibrateStep)
		for i, s := range c.Steps {
			require.NotContains(t, c.Steps[:i], s)
			if i+1 < len(c.Steps) {
				share := float64(s.Took) / float64(c.Target)
				require.False(t, share <= 1 && share >= 1/closeEnough, "good enough, and still it went on")
			}
			require.NoError(t, s.Params.Check())
			require.True(t, s.Params.MeetsOWASP())
			require.LessOrEqual(t, s.Params.Memory, config.MaxMemory)
			require.LessOrEqual(t, s.Params.Time, uint32(defaultMaxTime))
			require.Equal(t, config.Parallelism, s.Params.Parallelism)
			if s.Took <= c.Target {
				require.True(t, c.Reached)
				require.LessOrEqual(t, s.Params.compareStrength(c.Params), 0)
			}
		}
		require.Equal(t, c.Reached, c.Took <= c.Target)
		require.NotEmpty(t, c.String())
		for _, row := range owaspRows() {
			if !c.Reached && row.memory <= config.MaxMemory {
				require.True(t, slices.ContainsFunc(c.Steps, func(s CalibrateStep) bool {
					return s.Params.Time == row.time && s.Params.Memory == row.memory
				}), "given up without %+v", row)
			}
		}
		if noise > 0 {
			continue
		}
		// Without noise nothing that is much stronger would have been fast enough.
		for passes := uint32(1); passes <= defaultMaxTime; passes++ {
			p := c.Params
			p.Time = passes
			for p.Memory = leastMemory(passes); p.Memory <= config.MaxMemory; p.Memory += p.Memory/50 + 1 {
				if model(p)*10 <= c.Target*9 && float64(p.Memory)*float64(p.Memory)*float64(p.Time) >
					missed*float64(c.Params.Memory)*float64(c.Params.Memory)*float64(c.Params.Time) {
					require.Failf(t, "missed", "seed %d: %v for %v, target %v, steps %v", seed, p, c.Params, c.Target, c.Steps)
				}
			}
		}
	}
}

// What is allowed can be computed: a size in bytes is an int, with room for lanes.
func TestMaxMemoryIsAddressable(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, uint64(maxMemory)<<10, uint64(math.MaxInt)/2)
	p := DefaultParams()
	p.Memory = maxMemory
	require.NoError(t, p.Check())
	p.Memory++
	require.Error(t, p.Check())
	require.Error(t, p.checkShape())
}

func TestCalibrateRefuses(t *testing.T) {
	t.Parallel()
	for _, config := range []CalibrateConfig{
		{Target: -1}, {Target: minTarget - time.Microsecond}, {Target: maxTarget + time.Microsecond}, {Target: 1<<63 - 1},
	} {
		_, err := Calibrate(context.Background(), config)
		var bounds *BoundsError
		require.ErrorAs(t, err, &bounds)
		require.Equal(t, ParamTarget, bounds.Param)
	}
	for _, memory := range []uint32{1, 7167, maxMemory + 1} {
		_, err := Calibrate(context.Background(), CalibrateConfig{MaxMemory: memory})
		var bounds *BoundsError
		require.ErrorAs(t, err, &bounds)
		require.Equal(t, ParamMemory, bounds.Param)
	}
}

func TestCalibrateStopsAtAnError(t *testing.T) {
	t.Parallel()
	config := CalibrateConfig{}.orDefault()
	calls, broken := 0, errors.New("broken")
	c, err := config.search(func(p Params) (time.Duration, error) {
		if calls++; calls == 2 {
			return 0, broken
		}
		return linear(100)(p), nil
	})
	require.Equal(t, broken, err)
	require.Equal(t, 2, calls)
	require.Zero(t, c)
}

func TestCalibrateIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	steps := 0
	c, err := Calibrate(ctx, CalibrateConfig{Target: maxTarget, Progress: func(CalibrateStep) {
		steps++
		cancel()
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, steps)
	require.Zero(t, c)
}

// This machine, whatever it is.
func TestCalibrateHere(t *testing.T) {
	t.Parallel()
	c, err := Calibrate(context.Background(), CalibrateConfig{Target: minTarget, MaxMemory: 7168})
	require.NoError(t, err)
	require.True(t, c.Params.MeetsOWASP())
	require.Equal(t, uint32(7168), c.Params.Memory)
	require.NotEmpty(t, c.Steps)
	require.Equal(t, c.Took <= c.Target, c.Reached)
}
