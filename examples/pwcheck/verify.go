package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/hash"
)

func (p *program) verifyCommand() *cobra.Command {
	var batch bool
	c := &cobra.Command{
		Use:   "verify",
		Short: "Say whether a password matches a stored hash",
		Long: `verify says whether a password matches a stored hash: argon2id or bcrypt.

Both are typed at prompts, or are the two lines of standard input: first the
stored hash, then the password.

With --batch every line of standard input is a JSON object
  {"scheme":"bcrypt","password":"...","stored":"..."}
and gets one line, {"line":1,"match":true} or {"line":1,"error":"..."}. "scheme"
may be called "format", and is found from the hash if it is left out. "salt",
"site_key" and "params" are for schemes whose hash is not one string; argon2id
and bcrypt have none. Other fields are ignored.

In a batch an error is worse than a mismatch: exit code 4 over 1 over 0.`,
		Example: `  pwcheck verify
  pwcheck verify <hash-and-password.txt
  pwcheck verify --batch <imported.ndjson >results.ndjson`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			if batch {
				return p.verifyBatch(command.Context())
			}
			return p.verify(command.Context())
		},
	}
	c.Flags().BoolVar(&batch, "batch", false, "verify every line of standard input")
	return c
}

func (p *program) verify(ctx context.Context) error {
	secrets, err := p.ask(ctx, maxPassword, "Stored hash", "Password")
	if err != nil {
		return err
	}
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		return err
	}
	stored, password := secrets[0], secrets[1]
	switch err := hasher.Verify(ctx, stored, password); {
	case errors.Is(err, hash.ErrMismatch):
		if _, err := fmt.Fprintln(p.stdout, "no match"); err != nil {
			return err
		}
		return ended(exitWeak)
	case err != nil:
		return err
	}
	if _, err := fmt.Fprintln(p.stdout, "match"); err != nil {
		return err
	}
	if hasher.Stale(stored) {
		fmt.Fprintln(p.stderr, "The hash is weaker than new ones: hash the password again and replace it.")
	}
	return nil
}

func (p *program) verifyBatch(ctx context.Context) error {
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		return err
	}
	return p.batch(ctx, maxCase, runtime.GOMAXPROCS(0), func(ctx context.Context, number int, line string) answer {
		return verifyLine(ctx, hasher, number, line)
	})
}
