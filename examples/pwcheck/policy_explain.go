package main

import (
	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy/clause"
)

func (p *program) policyExplainCommand() *cobra.Command {
	var (
		choice policyChoice
		about  around
		as     format
	)
	c := &cobra.Command{
		Use:   "explain [NAME]",
		Short: "Say which clauses of the standards a policy meets",
		Long: `explain prints, clause by clause, what NIST SP 800-63B-4, PCI DSS v4.0.1 and OWASP
ASVS 5.0 ask of passwords, and whether the policy meets it, deviates and why, or
leaves it to the shop.

Much depends on what happens to passwords after they are chosen. A preset is
taken with the rules of package rotate of the same name and its default hashes; a
group of a file with none, unless --rules names some. --audience, --factor,
--max-age and --history say otherwise.`,
		Example: "  pwcheck policy explain ShopStaff --standard pci\n" +
			"  pwcheck policy explain --policy shop.json --group customers --rules ShopCustomer --markdown",
		Args: nameOrFile(&choice),
		RunE: func(*cobra.Command, []string) error {
			standards, err := about.named()
			if err != nil {
				return err
			}
			c, err := choice.one()
			if err != nil {
				return err
			}
			subject, err := about.subject(c)
			if err != nil {
				return err
			}
			report, err := clause.Examine(subject, standards...)
			if err != nil {
				return err
			}
			return p.write(as, report, report.Markdown, report.Text)
		},
	}
	choice.fileFlags(c)
	about.flags(c, "hold it against this `STANDARD` only: nist, pci or asvs; may be repeated")
	as.flags(c)
	return c
}
