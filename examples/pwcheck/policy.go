package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
)

// preview is what policy show says of a preset.
type preview struct {
	Name          string        `json:"name"`
	Rules         []policy.Rule `json:"rules"`
	PasswordRules string        `json:"passwordrules"` // the HTML attribute
}

func (p *program) policyCommand() *cobra.Command {
	return group("policy", "List the presets and show what they ask for",
		`policy lists the presets that check and generate know, and shows their rules.`,
		"  pwcheck policy list\n  pwcheck policy show ShopStaff --json",
		p.policyListCommand(), p.policyShowCommand())
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

func (p *program) policyShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show NAME",
		Short: "Show the rules of a preset",
		Long: `show prints what a preset asks of a password, in the words for a form, and the
value of the HTML attribute passwordrules, which tells a browser's password
manager. The name may be in any case.`,
		Example: "  pwcheck policy show ShopCustomer\n  pwcheck policy show nist63b4 --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misused("show needs one name. Presets: %s.", strings.Join(policy.Presets(), ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return p.policyShow(args[0], asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (p *program) policyShow(name string, asJSON bool) error {
	chosen, err := preset(name)
	if err != nil {
		return err
	}
	v := preview{Name: chosen.Name, Rules: chosen.Describe(), PasswordRules: chosen.PasswordRules()}
	if asJSON {
		_, err := p.stdout.Write(jsonLine(v))
		return err
	}
	var b strings.Builder
	fmt.Fprintln(&b, v.Name)
	for _, rule := range v.Rules {
		fmt.Fprintln(&b, "- "+rule.Text)
	}
	fmt.Fprintf(&b, "passwordrules=%q\n", v.PasswordRules)
	_, err = fmt.Fprint(p.stdout, b.String())
	return err
}
