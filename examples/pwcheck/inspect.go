package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/hash"
)

// description is what inspect says of a stored hash. It holds neither salt nor
// key.
type description struct {
	Scheme     string `json:"scheme"`
	Cost       string `json:"cost"`
	SaltLength uint32 `json:"salt_length,omitempty"` // bytes, of argon2id
	KeyLength  uint32 `json:"key_length,omitempty"`  // bytes, of argon2id
	Stale      bool   `json:"stale"`
}

func (p *program) inspectCommand() *cobra.Command {
	var asJSON, failStale bool
	c := &cobra.Command{
		Use:   "inspect",
		Short: "Describe a stored hash and say whether to replace it",
		Long: `inspect describes a stored hash: its scheme and its cost, never its salt or key,
and whether it is weaker than the hashes made today. It computes nothing.

The hash is typed at a prompt, or is the one line of standard input.`,
		Example: `  pwcheck inspect
  pwcheck inspect --json <hash.txt
  pwcheck inspect --stale <hash.txt || echo "replace it at the next login"`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.inspect(command.Context(), asJSON, failStale)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&failStale, "stale", false, "exit with 1 if the hash should be replaced")
	return c
}

func (p *program) inspect(ctx context.Context, asJSON, failStale bool) error {
	secrets, err := p.ask(ctx, maxPassword, "Stored hash")
	if err != nil {
		return err
	}
	info, err := hash.Inspect(secrets[0])
	if err != nil {
		return err
	}
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		return err
	}
	d := description{
		Scheme:     info.Scheme,
		Cost:       info.Cost,
		SaltLength: info.Params.SaltLength,
		KeyLength:  info.Params.KeyLength,
		Stale:      hasher.Stale(secrets[0]),
	}
	output := []byte(d.text())
	if asJSON {
		output = jsonLine(d)
	}
	if _, err := p.stdout.Write(output); err != nil {
		return err
	}
	if d.Stale && failStale {
		return ended(exitWeak)
	}
	return nil
}

func (d description) text() string {
	text := d.Scheme + " " + d.Cost + "\n"
	if d.KeyLength > 0 {
		text += fmt.Sprintf("salt of %d bytes, key of %d bytes\n", d.SaltLength, d.KeyLength)
	}
	if d.Stale {
		return text + "stale: replace it the next time its password is known\n"
	}
	return text + "as strong as new hashes, or stronger\n"
}
