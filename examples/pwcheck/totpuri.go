package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (p *program) totpURICommand() *cobra.Command {
	var f totpFlags
	c := &cobra.Command{
		Use:   "uri",
		Short: "Print a secret as an otpauth URI",
		Long: `uri prints the otpauth URI of a secret, which an authenticator app imports. It
holds the secret in the clear: send it to a file or a pipe, not to a log.`,
		Example: `  pwcheck totp uri --new --issuer Shop --account ann@shop.example >secret.txt
  pwcheck totp uri --issuer Shop --account ann@shop.example <base32.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			key, err := f.key(command.Context(), p)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(p.stdout, key.Secret.URI(key.Issuer, key.Account))
			return err
		},
	}
	f.settings(c)
	f.label(c)
	c.Flags().BoolVar(&f.new, "new", false, "make a new random secret instead of asking for one")
	return c
}
