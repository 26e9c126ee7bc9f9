package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/hash"
)

const (
	targetTakes = "--target takes 10ms to 10s."
	memoryTakes = "--memory takes 7MiB to 4GiB."
)

type calibrateFlags struct {
	target time.Duration
	memory memorySize
	lanes  uint8
	json   bool
}

func (p *program) calibrateCommand() *cobra.Command {
	f := calibrateFlags{memory: 64 << 10}
	c := &cobra.Command{
		Use:   "calibrate",
		Short: "Find the costs of hashes that take a given time here",
		Long: `calibrate measures costs of argon2id and names the strongest of them that take
no longer than the target on this machine and no more memory than given. They are
never below what OWASP asks for; if that takes longer, it says so, and the exit
code is 1.

Run it on the machine that will make the hashes, while it does nothing else, and
write the costs into the configuration, the same on every host. What was measured
goes to standard error as it comes.`,
		Example: `  pwcheck calibrate
  pwcheck calibrate --target 500ms --memory 128MiB
  pwcheck calibrate --json`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error { return p.calibrate(command, f) },
	}
	c.Flags().DurationVar(&f.target, "target", 200*time.Millisecond, "one hash takes at most this `TIME`: 10ms to 10s")
	c.Flags().Var(&f.memory, "memory", "one hash takes at most this `MEMORY`, in KiB, MiB or GiB")
	c.Flags().Uint8Var(&f.lanes, "parallelism", 1, "`N` lanes")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (p *program) calibrate(command *cobra.Command, f calibrateFlags) error {
	switch { // zero would mean the default
	case f.lanes == 0:
		return misused("--parallelism takes 1 to 255.")
	case f.target == 0:
		return misused(targetTakes)
	case f.memory == 0:
		return misused(memoryTakes)
	}
	c, err := hash.Calibrate(command.Context(), hash.CalibrateConfig{
		Target: f.target, MaxMemory: uint32(f.memory), Parallelism: f.lanes,
		Progress: func(s hash.CalibrateStep) { fmt.Fprintf(p.stderr, "%v: %s\n", s.Params, milliseconds(s.Took)) },
	})
	if e := new(hash.BoundsError); errors.As(err, &e) {
		if e.Param == hash.ParamTarget {
			return misused(targetTakes)
		}
		return misused(memoryTakes)
	}
	if err != nil {
		return err
	}
	output := []byte(calibrationText(c))
	if f.json {
		output = jsonLine(newCalibrated(c))
	}
	if _, err := p.stdout.Write(output); err != nil {
		return err
	}
	if !c.Reached {
		return weak("every row of OWASP that fits was measured, and none takes less than %v on this machine", c.Target)
	}
	return nil
}

// measured is a step of calibrate --json.
type measured struct {
	Memory      uint32  `json:"memory"` // KiB
	Time        uint32  `json:"time"`   // passes
	Parallelism uint8   `json:"parallelism"`
	Took        float64 `json:"took_ms"`
}

// calibrated is the line of calibrate --json.
type calibrated struct {
	measured
	Target  float64    `json:"target_ms"`
	Reached bool       `json:"reached"`
	Meets   []string   `json:"meets"`
	Steps   []measured `json:"steps"`
}

func newMeasured(s hash.CalibrateStep) measured {
	return measured{s.Params.Memory, s.Params.Time, s.Params.Parallelism, inMilliseconds(s.Took)}
}

func newCalibrated(c hash.Calibration) calibrated {
	result := calibrated{newMeasured(c.CalibrateStep), inMilliseconds(c.Target), c.Reached, meets(c.Params), nil}
	for _, s := range c.Steps {
		result.Steps = append(result.Steps, newMeasured(s))
	}
	return result
}

// meets lists the recommendations that parameters meet.
func meets(p hash.Params) []string {
	var list []string
	for _, source := range []struct {
		name string
		met  bool
	}{
		{"OWASP", p.MeetsOWASP()}, {"ASVS 5.0", p.MeetsASVS5()},
		{"RFC 9106 first", p.MeetsRFC9106First()}, {"RFC 9106 second", p.MeetsRFC9106Second()},
	} {
		if source.met {
			list = append(list, source.name)
		}
	}
	return list
}

const (
	chartTarget = 40 // columns from zero to the target
	chartWidth  = 52 // columns at most
)

// calibrationText is the choice and a bar for each step, with a line at the
// target.
func calibrationText(c hash.Calibration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\nmeets: %s\n\n", c, strings.Join(meets(c.Params), ", "))
	names := 0
	for _, s := range c.Steps {
		names = max(names, len(s.Params.String()))
	}
	for _, s := range c.Steps {
		length := int(math.Round(min(chartTarget*float64(s.Took)/float64(c.Target), chartWidth)))
		bar := strings.Repeat("#", length) + strings.Repeat(" ", max(chartTarget-length, 0))
		bar = bar[:chartTarget] + "|" + bar[chartTarget:]
		if s == c.CalibrateStep {
			bar += " <-"
		}
		fmt.Fprintf(&b, "%-*v %9s %s\n", names, s.Params, milliseconds(s.Took), bar)
	}
	return b.String()
}

func inMilliseconds(d time.Duration) float64 { return math.Round(float64(d)/1e5) / 10 }

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", inMilliseconds(d)) }
