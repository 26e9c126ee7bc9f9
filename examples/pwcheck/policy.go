package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
)

func (p *program) policyCommand() *cobra.Command {
	return group("policy", "Show, compare, explain and lint policies",
		`policy shows what policies ask for, how two of them differ, how one stands to
the clauses of NIST SP 800-63B-4, PCI DSS v4.0.1 and OWASP ASVS 5.0, and what is
wrong with one. A policy is a preset, by name, or a group of a policy file.`,
		"  pwcheck policy list\n  pwcheck policy show ShopStaff --json\n  pwcheck policy lint --policy shop.json --standard nist",
		p.policyListCommand(), p.policyShowCommand(), p.policyCompareCommand(), p.policyExplainCommand(), p.policyLintCommand())
}

func (p *program) policyListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the presets",
		Long:    "list prints the names of the presets, one a line. The default is " + defaultPreset + ".",
		Example: "  pwcheck policy list",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			output := []byte(strings.Join(policy.Presets(), "\n") + "\n")
			if asJSON {
				output = jsonLine(policy.Presets())
			}
			_, err := p.stdout.Write(output)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// nameOrFile takes the name of a preset as the one argument, or none beside
// --policy. The error does not repeat what was typed.
func nameOrFile(c *policyChoice) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		presets := strings.Join(policy.Presets(), ", ")
		switch {
		case c.file != "" && len(args) > 0:
			return misused("a name and --policy exclude each other.")
		case c.file == "" && len(args) != 1:
			return misused("%s needs one name, or --policy. Presets: %s.", command.Name(), presets)
		case c.file == "":
			c.preset = args[0]
		}
		return nil
	}
}
