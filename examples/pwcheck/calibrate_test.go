package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
)

func TestCalibrate(t *testing.T) {
	t.Parallel()
	r := execute(t, "", "calibrate", "--target", "10ms", "--memory", "7MiB", "--json")
	var c calibrated
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&c))
	require.EqualValues(t, 7168, c.Memory)
	require.GreaterOrEqual(t, c.Time, uint32(5))
	require.EqualValues(t, 1, c.Parallelism)
	require.Equal(t, 10.0, c.Target)
	require.Equal(t, []string{"OWASP"}, c.Meets)
	require.Contains(t, c.Steps, c.measured)
	require.Len(t, strings.Split(strings.TrimSpace(r.stderr), "\n"), len(c.Steps)+map[bool]int{false: 1}[c.Reached], r.stderr)
	if c.Reached { // as fast as this machine happens to be
		require.Equal(t, exitFine, r.code)
	} else {
		require.Equal(t, exitWeak, r.code)
		require.Contains(t, r.stderr, "pwcheck: every row of OWASP that fits was measured, and none takes less than 10ms on this machine\n")
	}
}

func TestCalibrationText(t *testing.T) {
	t.Parallel()
	step := func(memory, passes uint32, took time.Duration) hash.CalibrateStep {
		p := hash.DefaultParams()
		p.Memory, p.Time = memory, passes
		return hash.CalibrateStep{Params: p, Took: took}
	}
	c := hash.Calibration{
		Reached: true, Target: 200 * time.Millisecond, MaxMemory: 65536,
		Steps: []hash.CalibrateStep{
			step(19456, 2, 40*time.Millisecond), step(65536, 10, time.Minute), step(65536, 3, 220*time.Millisecond),
			step(7168, 5, 10*time.Microsecond), step(65536, 2, 151234567),
		},
	}
	c.CalibrateStep = c.Steps[4]
	require.Equal(t, `
m=65536 t=2 p=1 takes 151.2ms: the strongest of the 5 measured that stays within 200ms and 65536 KiB
meets: OWASP, ASVS 5.0

m=19456 t=2 p=1    40.0 ms ########                                |
m=65536 t=10 p=1 60000.0 ms ########################################|############
m=65536 t=3 p=1   220.0 ms ########################################|####
m=7168 t=5 p=1      0.0 ms                                         |
m=65536 t=2 p=1   151.2 ms ##############################          | <-
`, "\n"+calibrationText(c))

	c.CalibrateStep, c.Reached = c.Steps[0], false
	require.True(t, strings.HasPrefix(calibrationText(c),
		"m=19456 t=2 p=1 takes 40ms: none of the 5 measured, the least that OWASP calls enough among them, stays within 200ms\n"))
}

func TestCalibrateRefuses(t *testing.T) {
	t.Parallel()
	for args, message := range map[string]string{
		"--target 9ms":          "--target takes 10ms to 10s.",
		"--target 11s":          "--target takes 10ms to 10s.",
		"--target -1s":          "--target takes 10ms to 10s.",
		"--target 0":            "--target takes 10ms to 10s.",
		"--target soon":         "the value of --target cannot be read.",
		"--memory 6MiB":         "--memory takes 7MiB to 4GiB.",
		"--memory 0KiB":         "--memory takes 7MiB to 4GiB.",
		"--memory 5GiB":         "--memory takes 7MiB to 4GiB.",
		"--memory 64":           "the value of --memory cannot be read.",
		"--memory 64MB":         "the value of --memory cannot be read.",
		"--memory -64MiB":       "the value of --memory cannot be read.",
		"--parallelism 0":       "--parallelism takes 1 to 255.",
		"--parallelism 256":     "the value of --parallelism cannot be read.",
		"--memory 4194305KiB":   "--memory takes 7MiB to 4GiB.",
		"--memory 99999999KiBs": "the value of --memory cannot be read.",
	} {
		r := execute(t, "", append([]string{"calibrate"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.stderr, message, args)
		require.Empty(t, r.stdout)
	}
}

// interrupting is an output whose first line makes somebody press Ctrl-C.
type interrupting struct {
	bytes.Buffer
	cancel func()
}

func (i *interrupting) Write(p []byte) (int, error) {
	i.cancel()
	return i.Buffer.Write(p)
}

func TestCalibrateInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout bytes.Buffer
	stderr := &interrupting{cancel: cancel}
	code := run(ctx, []string{"calibrate", "--target", "10s"}, strings.NewReader(""), &stdout, stderr)
	require.Equal(t, exitFailed, code)
	require.Regexp(t, `^m=19456 t=2 p=1: .* ms\npwcheck: interrupted\n$`, stderr.String())
	require.Empty(t, stdout.String())
}

func TestCalibrateOutputFails(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"calibrate"}, {"calibrate", "--json"}} {
		args = append(args, "--target", "10ms", "--memory", "7MiB")
		r := executeOpenly(t, func(p *program) { p.stdout = full{} }, "", args...)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, "pwcheck: the disk is full\n")
	}
}

func TestMemorySize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]memorySize{"1KiB": 1, "7168KiB": 7168, "64MiB": 65536, "64 MiB": 65536, "3GiB": 3 << 20, "4294967295KiB": 1<<32 - 1} {
		var m memorySize
		require.NoError(t, m.Set(text))
		require.Equal(t, want, m)
		require.NoError(t, m.Set(m.String()))
		require.Equal(t, want, m, "what is printed can be read")
	}
	for _, text := range []string{"", "KiB", "1", "1.5GiB", "4294967296KiB", "4096GiB", "1kib", "0x10KiB", "+1KiB"} {
		m := memorySize(5)
		require.Error(t, m.Set(text), text)
		require.Equal(t, memorySize(5), m)
	}
	require.Equal(t, "0KiB", memorySize(0).String())
}
