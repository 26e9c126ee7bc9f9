package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/hash"
)

// maxPassword is the longest password in bytes that package hash compares by
// default; one byte more is enough to be refused.
const maxPassword = 4096

func (p *program) hashCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "hash",
		Short: "Make the hash of a password, for storing",
		Long: `hash prints the argon2id hash of a password, in the PHC string format.

The password is typed twice at the prompt, or is all of standard input but for
one line end. hash does not judge it; check does.`,
		Example: `  pwcheck hash
  pwcheck hash <password.txt`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error { return p.hash(command.Context()) },
	}
}

func (p *program) hash(ctx context.Context) error {
	password, err := p.newPassword(ctx)
	if err != nil {
		return err
	}
	hasher, err := hash.New(hash.Config{})
	if err != nil {
		return err
	}
	encoded, err := hasher.Hash(ctx, password)
	if e := new(hash.BoundsError); errors.As(err, &e) {
		return weak("the password is too long: use at most %d bytes", e.Max)
	}
	if errors.Is(err, hash.ErrInvalidUTF8) {
		return weak("the password is not valid UTF-8")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, encoded)
	return err
}

// newPassword asks for a password that nobody can compare with another one: at
// a terminal, twice.
func (p *program) newPassword(ctx context.Context) (string, error) {
	labels := []string{"New password"}
	if _, ok := p.terminal(); ok {
		labels = append(labels, "The same again")
	}
	secrets, err := p.ask(ctx, maxPassword, labels...)
	switch {
	case err != nil:
		return "", err
	case secrets[0] != secrets[len(secrets)-1]:
		return "", weak("the two passwords differ")
	case secrets[0] == "":
		return "", misused("the password is empty.")
	}
	return secrets[0], nil
}
