package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/totp"
)

func (p *program) totpCodeCommand() *cobra.Command {
	var f totpFlags
	c := &cobra.Command{
		Use:   "code",
		Short: "Print the code of this moment",
		Long: `code prints the code that an authenticator app shows now for a secret. For how
long it stays goes to standard error.`,
		Example: "  pwcheck totp code <secret.txt",
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.totpCode(command.Context(), f)
		},
	}
	f.settings(c)
	return c
}

func (p *program) totpCode(ctx context.Context, f totpFlags) error {
	typed, err := p.ask(ctx, maxSecret, secretLabel)
	if err != nil {
		return err
	}
	key, err := f.secret(typed[0])
	if err != nil {
		return err
	}
	now := p.now()
	if _, err := fmt.Fprintln(p.stdout, key.Secret.Code(now)); err != nil {
		return err
	}
	period := int64(key.Secret.Period() / time.Second)
	fmt.Fprintf(p.stderr, "for %d s more\n", period-now.Unix()%period)
	return nil
}

func (p *program) totpVerifyCommand() *cobra.Command {
	var (
		f totpFlags
		w totp.Window
	)
	c := &cobra.Command{
		Use:   "verify",
		Short: "Say whether a code matches a secret now",
		Long: `verify says whether a code belongs to a secret at this moment. Both are typed at
prompts, or are the two lines of standard input: first the secret, then the
code. It keeps no record, so it cannot tell a code that was used before.`,
		Example: `  pwcheck totp verify
  pwcheck totp verify --future 0 <secret-and-code.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.totpVerify(command.Context(), f, w)
		},
	}
	f.settings(c)
	c.Flags().IntVar(&w.Past, "past", 1, "accept the codes of `N` earlier periods too")
	c.Flags().IntVar(&w.Future, "future", 1, "accept the codes of `N` later periods too")
	return c
}

func (p *program) totpVerify(ctx context.Context, f totpFlags, w totp.Window) error {
	if w.Validate() != nil {
		return misused("--past and --future take 0 to %d.", totp.MaxWindow)
	}
	typed, err := p.ask(ctx, maxSecret, secretLabel, "Code")
	if err != nil {
		return err
	}
	key, err := f.secret(typed[0])
	if err != nil {
		return err
	}
	_, err = key.Secret.Verify(typed[1], p.now(), -1, w)
	if errors.Is(err, totp.ErrCode) {
		if _, err := fmt.Fprintln(p.stdout, "no match"); err != nil {
			return err
		}
		return ended(exitWeak)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "match")
	return err
}
