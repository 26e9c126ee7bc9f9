package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// everyCommand calls f with the path of each command, without "pwcheck".
func everyCommand(t *testing.T, f func(path []string, c *cobra.Command)) {
	t.Helper()
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		f(strings.Fields(c.CommandPath())[1:], c)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	p := &program{}
	walk(p.root())
}

func TestHelp(t *testing.T) {
	t.Parallel()
	seen := []string{}
	everyCommand(t, func(path []string, c *cobra.Command) {
		seen = append(seen, strings.Join(path, " "))
		r := execute(t, "", append(path, "--help")...)
		require.Equal(t, exitFine, r.code, path)
		require.Empty(t, r.stderr)
		for _, want := range []string{c.Long, c.Example, "Examples:", "Exit codes:", "3  wrong usage", "2 over 4 over 1 over 0"} {
			require.NotEmpty(t, want, path)
			require.Contains(t, r.stdout, want, path)
		}
		for text := range strings.Lines(c.Long) {
			require.LessOrEqual(t, len(text), 90, text)
		}
		require.Equal(t, r, execute(t, "", append([]string{"help"}, path...)...))
	})
	require.ElementsMatch(t, strings.Split(",calibrate,check,corpus,corpus build,corpus check,corpus info,corpus merge,corpus sample,corpus serve,corpus top,corpus update,"+
		"corpus verify,generate,hash,inspect,keys,keys new,policy,policy compare,policy explain,"+
		"policy lint,policy list,policy show,"+
		"totp,totp code,totp qr,totp uri,totp verify,verify", ","), seen)
}

// The examples are lines that the program understands: all their flags exist.
func TestHelpExamples(t *testing.T) {
	t.Parallel()
	everyCommand(t, func(path []string, c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			_, call, found := strings.Cut(line, "pwcheck ")
			require.True(t, found, line)
			for _, stop := range []string{"<", ">", "|", ")"} {
				call, _, _ = strings.Cut(call, stop)
			}
			p := &program{}
			target, rest, err := p.root().Find(strings.Fields(call))
			require.NoError(t, err, line)
			require.NoError(t, target.ParseFlags(rest), line)
		}
	})
}

func TestVersion(t *testing.T) {
	t.Parallel()
	r := execute(t, "", "--version")
	require.Equal(t, exitFine, r.code)
	require.Regexp(t, `^pwcheck \S+\n$`, r.stdout)
	require.Empty(t, r.stderr)
}

// Whatever looks like a secret among the arguments is refused and not repeated.
func TestArgumentsAreRefused(t *testing.T) {
	t.Parallel()
	const secret = "Tr0ub4dor&3"
	everyCommand(t, func(path []string, c *cobra.Command) {
		for _, args := range [][]string{
			{secret}, {"--", secret}, {"-" + secret}, {"--" + secret}, {"--" + secret + "=1"}, {"--json=" + secret}, {"--json", secret},
			{secret, "--help="}, {secret, secret},
		} {
			r := execute(t, "", append(path, args...)...)
			require.Equal(t, exitUsage, r.code, "%v %v", path, args)
			requireSilent(t, r, secret)
			require.Contains(t, r.stderr, "Run 'pwcheck")
			require.Empty(t, r.stdout)
		}
	})
	for _, args := range [][]string{{"help", secret}, {"help", "check", secret}, {"help", "policy", "show", secret}} {
		r := execute(t, "", args...)
		require.Equal(t, exitUsage, r.code)
		requireSilent(t, r, secret)
	}
}

func TestCommandIsMissing(t *testing.T) {
	t.Parallel()
	for args, message := range map[string]string{
		"":       "a command is missing. Commands: calibrate, check, corpus, generate, hash, inspect, keys, policy, totp, verify.",
		"corpus": "a command is missing. Commands: build, check, info, merge, sample, serve, top, update, verify.",
		"totp":   "a command is missing. Commands: code, qr, uri, verify.",
		"keys":   "a command is missing. Commands: new.",
		"policy": "a command is missing. Commands: compare, explain, lint, list, show.",
	} {
		r := execute(t, "", strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.stderr, message)
		require.Empty(t, r.stdout)
	}
}
