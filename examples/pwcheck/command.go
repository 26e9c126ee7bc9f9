package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const neverArgument = "A secret is never an argument: type it at the prompt or send it through standard input."

// group returns a command that does nothing but hold others.
func group(use, short, long, example string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{
		Use:     use,
		Short:   short,
		Long:    long,
		Example: example,
		Args:    cobra.ArbitraryArgs, // cobra's own check would repeat the argument
		RunE: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misused("a command is missing. Commands: %s.", names(command))
			}
			return misused("no such command. Commands: %s. %s", names(command), neverArgument)
		},
	}
	g.AddCommand(commands...)
	return g
}

func names(command *cobra.Command) string {
	var list []string
	for _, c := range command.Commands() {
		if c.IsAvailableCommand() {
			list = append(list, c.Name())
		}
	}
	return strings.Join(list, ", ")
}

// noArguments refuses positional arguments and does not repeat them: they are
// most likely a password.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return misused("unexpected argument. %s", neverArgument)
	}
	return nil
}

// helpCommand is "help COMMAND". It replaces cobra's, which repeats arguments
// that it does not know.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Show how a command is used",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			command, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return misused("no such command. Commands: %s.", names(root))
			}
			command.InitDefaultHelpFlag()
			command.InitDefaultVersionFlag()
			return command.Help()
		},
	}
}

// flagError says what is wrong with the flags, without repeating what was
// typed unless it is the name of a flag.
func flagError(command *cobra.Command, err error) error {
	var (
		value   *pflag.InvalidValueError
		missing *pflag.ValueRequiredError
	)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &value):
		return misused("the value of --%s cannot be read.", value.GetFlag().Name)
	case errors.As(err, &missing):
		return misused("--%s needs a value.", missing.GetFlag().Name)
	}
	var flags []string
	command.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			flags = append(flags, "--"+f.Name)
		}
	})
	return misused("no such flag. Flags: %s. %s", strings.Join(flags, ", "), neverArgument)
}
