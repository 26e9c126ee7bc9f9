package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/rotate/keyring"
)

func (p *program) keysCommand() *cobra.Command {
	return group("keys", "Make keys that seal stored values",
		`keys makes the keys of a shop's key file, under which password hashes and other
values are sealed before they are stored.`,
		`  pwcheck keys new --out shop.keys`,
		p.keysNewCommand())
}

func (p *program) keysNewCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "new",
		Short: "Print one new line for a key file",
		Long: `new prints a random key as one line for a key file. Without the file, nothing that
was sealed can be read again: keep a copy, and keep it away from the database.

With --out it makes a new file that only you can read, and prints the id of the
key. It never replaces or changes a file.`,
		Example: `  pwcheck keys new --out shop.keys
  (umask 077; pwcheck keys new >>shop.keys)`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return p.keysNew(out) },
	}
	c.Flags().StringVarP(&out, "out", "o", "", "make this `FILE`")
	return c
}

func (p *program) keysNew(out string) error {
	key := keyring.NewKey()
	line := key.Reveal() + "\n"
	if out == "" {
		_, err := fmt.Fprint(p.stdout, line)
		return err
	}
	if err := writeNew(out, []byte(line)); err != nil {
		return err
	}
	_, err := fmt.Fprintln(p.stdout, key.ID)
	return err
}
