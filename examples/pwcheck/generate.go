package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

const (
	defaultLength = 20
	maxCount      = 100_000
)

type generateFlags struct {
	preset               string
	length, words, count int
	notice               bool
}

func (p *program) generateCommand() *cobra.Command {
	var f generateFlags
	c := &cobra.Command{
		Use:   "generate",
		Short: "Make random passwords or passphrases",
		Long: `generate prints random passwords, one a line, that the preset accepts. How many
bits each is worth goes to standard error.

A password is made of letters and digits that are hard to mix up. A passphrase
is made of words from EFF's long word list, with dashes between; --notice prints
its licence. A preset that needs a digit gets one at the end of a passphrase.`,
		Example: `  pwcheck generate
  pwcheck generate --words 5
  pwcheck generate --preset PCI401Staff --length 36 --count 10`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			if !command.Flags().Changed("length") && !command.Flags().Changed("words") {
				f.length = defaultLength
			}
			return p.generate(command, f)
		},
	}
	presetFlag(c, &f.preset)
	c.Flags().IntVar(&f.length, "length", 0, fmt.Sprintf("`N` characters each; %d if neither this nor --words is given", defaultLength))
	c.Flags().IntVar(&f.words, "words", 0, "`N` words each")
	c.Flags().IntVar(&f.count, "count", 1, "print `N` of them")
	c.Flags().BoolVar(&f.notice, "notice", false, "print the licence of the word list and nothing else")
	return c
}

func (p *program) generate(c *cobra.Command, f generateFlags) error {
	if f.notice {
		_, err := fmt.Fprint(p.stdout, wordNotice)
		return err
	}
	chosen, err := preset(f.preset)
	if err != nil {
		return err
	}
	if f.count < 1 || f.count > maxCount {
		return misused("--count takes 1 to %d.", maxCount)
	}
	r := recipe{length: f.length, words: f.words, policy: chosen, list: words()}
	if err := r.check(); err != nil {
		return err
	}
	for range f.count {
		if err := c.Context().Err(); err != nil {
			return err
		}
		password, err := r.draw()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(p.stdout, password); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.stderr, "%d bits each\n", int(r.bits()))
	return nil
}
