package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// TestMain lets tests start this very program as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("PWCHECK_BE_THE_PROGRAM") != "" {
		main()
	}
	os.Exit(m.Run())
}

// good is a password that every preset accepts, and weak1 one that every preset
// refuses.
const (
	good  = "veil7 ruminant-okapi quartz"
	weak1 = "Summer2026!Summer2026!"
)

type result struct {
	code           int
	stdout, stderr string
}

// execute runs the command line in this process and fails the test if a line
// of the input shows up in any output.
func execute(t *testing.T, input string, args ...string) result {
	t.Helper()
	return executeWith(t, nil, input, args...)
}

// executeWith is execute after a change of the program.
func executeWith(t *testing.T, change func(*program), input string, args ...string) result {
	t.Helper()
	r := executeOpenly(t, change, input, args...)
	for line := range strings.Lines(input) {
		requireSilent(t, r, strings.TrimRight(line, "\r\n"))
	}
	return r
}

// executeOpenly is executeWith for commands that are meant to show their input.
func executeOpenly(t *testing.T, change func(*program), input string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := &program{
		stdin: strings.NewReader(input), stdout: &stdout, stderr: &stderr,
		now:    func() time.Time { return time.Unix(59, 0) },
		online: func() (policy.List, error) { panic("the network was asked") },
	}
	if change != nil {
		change(p)
	}
	code := p.run(t.Context(), args)
	return result{code, stdout.String(), stderr.String()}
}

// requireSilent fails the test if any output holds the secret.
func requireSilent(t *testing.T, r result, secret string) {
	t.Helper()
	if len(secret) < 4 {
		return // too short to tell from other text
	}
	if len(secret) > 64 {
		secret = secret[:64]
	}
	require.NotContains(t, r.stdout, secret, "standard output repeats the input")
	require.NotContains(t, r.stderr, secret, "standard error repeats the input")
}

// reports reads lines of JSON.
func reports(t *testing.T, stdout string) []report {
	t.Helper()
	var list []report
	for line := range strings.Lines(stdout) {
		var r report
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&r), line)
		require.NotNil(t, r.Problems, line)
		list = append(list, r)
	}
	return list
}

func codes(r report) []string {
	list := []string{}
	for _, p := range r.Problems {
		list = append(list, p.Code)
	}
	return list
}

func TestRunIsTheProgram(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFine, run(t.Context(), []string{"check"}, strings.NewReader(good), &stdout, &stderr))
	require.Contains(t, stdout.String(), "fine: ")
	require.Empty(t, stderr.String())
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, command := range []string{"check", "check --batch", "hash", "verify", "verify --batch", "inspect", "totp code", "generate"} {
		var stdout, stderr bytes.Buffer
		code := run(ctx, strings.Fields(command), blocked{t.Context()}, &stdout, &stderr)
		require.Equal(t, exitFailed, code, command)
		require.Equal(t, "pwcheck: interrupted\n", stderr.String(), command)
		require.Empty(t, stdout.String(), command)
	}
}

// blocked is an input that says nothing until the test ends.
type blocked struct{ ctx context.Context }

func (b blocked) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestOutputFails(t *testing.T) {
	t.Parallel()
	stored := execute(t, good, "hash").stdout
	for command, input := range map[string]string{
		"check": good, "check --batch": good, "hash": good, "verify": stored + good, "inspect": stored,
		"generate": "", "totp code": secret32, "policy list": "", "policy show ASVS5": "", "keys new": "",
		"totp qr --issuer Shop --account ann": secret32, "totp uri --new --issuer Shop --account ann": "",
	} {
		r := executeOpenly(t, func(p *program) { p.stdout = full{} }, input, strings.Fields(command)...)
		require.Equal(t, exitFailed, r.code, command)
		require.Equal(t, "pwcheck: the disk is full\n", r.stderr, command)
		r = executeOpenly(t, func(p *program) { p.stdout = gone{} }, input, strings.Fields(command)...)
		require.Equal(t, exitFailed, r.code, command)
		require.Empty(t, r.stderr, command)
	}
}
