package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
)

// preview is what policy show says of a policy.
type preview struct {
	Name          string        `json:"name"`
	Rules         []policy.Rule `json:"rules"`
	PasswordRules string        `json:"passwordrules"` // the HTML attribute
	Fingerprint   string        `json:"fingerprint"`
}

func (p *program) policyShowCommand() *cobra.Command {
	var (
		choice policyChoice
		as     format
	)
	c := &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show the rules of a policy",
		Long: `show prints what a policy asks of a password, in the words for a form, the value
of the HTML attribute passwordrules, which tells a browser's password manager,
and the fingerprint, which changes when the rules do. NAME is a preset, in any
case. With --policy the policy is that of a group of the file.`,
		Example: "  pwcheck policy show ShopCustomer\n  pwcheck policy show nist63b4 --json\n" +
			"  pwcheck policy show --policy shop.json --group staff --markdown",
		Args: nameOrFile(&choice),
		RunE: func(*cobra.Command, []string) error {
			c, err := choice.one()
			if err != nil {
				return err
			}
			v := preview{Name: c.name, Rules: c.policy.Describe(), PasswordRules: c.policy.PasswordRules(), Fingerprint: c.policy.Fingerprint()}
			return p.write(as, v, v.markdown, v.text)
		},
	}
	choice.fileFlags(c)
	as.flags(c)
	return c
}

func (v preview) text() string {
	var b strings.Builder
	fmt.Fprintln(&b, v.Name)
	for _, rule := range v.Rules {
		fmt.Fprintln(&b, "- "+rule.Text)
	}
	fmt.Fprintf(&b, "passwordrules=%q\n", v.PasswordRules)
	fmt.Fprintf(&b, "fingerprint %s\n", v.Fingerprint)
	return b.String()
}

func (v preview) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", escaped(v.Name))
	for _, rule := range v.Rules {
		fmt.Fprintf(&b, "- %s\n", escaped(rule.Text))
	}
	fmt.Fprintf(&b, "\n| | |\n| --- | --- |\n| passwordrules | `%s` |\n| fingerprint | `%s` |\n", v.PasswordRules, v.Fingerprint)
	return b.String()
}

// escaped returns a text as it may stand in Markdown and in a table there.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if strings.ContainsRune("\\`*_[]<>|#!~&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
