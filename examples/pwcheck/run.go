package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
)

// program is one run of the command line: where it reads and writes, and what
// it asks of the world.
type program struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	now    func() time.Time
	online func() (policy.List, error)
	// transport sends the requests of corpus update; nil is one of its own.
	transport http.RoundTripper
}

// run runs the command line and returns its exit code. It returns soon after
// ctx is done.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now, online: askRange}
	return p.run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(append(make([]string, 0, len(args)), args...)) // nil would mean those of the process
	command, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitFine
	}
	var o *outcome
	switch {
	case errors.As(err, &o):
		if o.message != "" {
			fmt.Fprintln(p.stderr, "pwcheck: "+o.message)
		}
		if o.code == exitUsage {
			fmt.Fprintf(p.stderr, "Run '%s --help' to see how it is used.\n", command.CommandPath())
		}
		return o.code
	case ctx.Err() != nil:
		fmt.Fprintln(p.stderr, "pwcheck: interrupted")
	case partnerGone(err):
	default:
		fmt.Fprintln(p.stderr, "pwcheck: "+plain(err))
	}
	return exitFailed
}

func (p *program) root() *cobra.Command {
	root := group("pwcheck", "Check, hash, verify and make passwords",
		`pwcheck checks passwords against a policy and against leaks, makes and verifies
hashes, generates passwords, keeps files of leaked ones, and handles one-time codes
and sealing keys.

Secrets are typed at a prompt that does not echo, or come from standard input.
They are never arguments, because other people on the machine can read those,
and shells remember them. No output repeats a secret that came in.`,
		`  pwcheck check
  pwcheck check --batch --corpus pwned.txt <passwords.txt >verdicts.ndjson
  pwcheck generate --words 5
  pwcheck policy show ShopCustomer`,
		p.checkCommand(), p.hashCommand(), p.verifyCommand(), p.inspectCommand(), p.generateCommand(),
		p.calibrateCommand(), p.totpCommand(), p.policyCommand(), p.keysCommand(),
		p.corpusCommand(),
	)
	root.Version = version()
	root.SilenceErrors = true
	root.SilenceUsage = true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetVersionTemplate("pwcheck {{.Version}}\n")
	root.SetHelpTemplate(root.HelpTemplate() + exitHelp)
	root.SetHelpCommand(helpCommand(root))
	root.SetFlagErrorFunc(flagError)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return root
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// plain returns the text of an error without the name of the package that it
// came from, which means nothing to whoever types commands.
func plain(err error) string {
	text := err.Error()
	for _, name := range []string{"hash: ", "totp: ", "policy: ", "breach: ", "corpus: ", "keyring: ", "generate: ", "clause: "} {
		text = strings.TrimPrefix(text, name)
	}
	return text
}
