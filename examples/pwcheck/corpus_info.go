package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (p *program) corpusInfoCommand() *cobra.Command {
	var (
		path   string
		asJSON bool
	)
	c := &cobra.Command{
		Use:     "info",
		Short:   "Say what a corpus file holds",
		Long:    "info prints what a corpus file says of itself. It reads the header and the directory.",
		Example: "  pwcheck corpus info --corpus leaked.pwb --json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			c, err := openCorpus(path)
			if err != nil {
				return err
			}
			defer c.Close()
			return p.writeCorpus(newCorpusReport(path, c.Info()), asJSON)
		},
	}
	corpusFlag(c, &path, "look at")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (p *program) corpusVerifyCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check every byte of a corpus file",
		Long: `verify reads a whole corpus file and checks that every byte of it is as it was
written. A file that is damaged or cut ends with exit code 4 and the place of the
damage. A checksum finds accidents; who can write the file can also make it say that
nothing leaked.`,
		Example: "  pwcheck corpus verify --corpus leaked.pwb",
		Args:    noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			c, err := openCorpus(path)
			if err != nil {
				return err
			}
			defer c.Close()
			if err := c.Verify(command.Context()); err != nil {
				return corpusFailure(err)
			}
			_, err = fmt.Fprintln(p.stdout, "whole:", path)
			return err
		},
	}
	corpusFlag(c, &path, "check")
	return c
}
