package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
	"github.com/tillkey/tillkey/policy/generate"
)

// complaint is one thing that lint has to say.
type complaint struct {
	Severity string          `json:"severity"` // "error" or "warning"
	Policy   string          `json:"policy,omitempty"`
	Standard clause.Standard `json:"standard,omitempty"`
	Clause   string          `json:"clause,omitempty"`
	Text     string          `json:"text"`
}

// lintReport is what policy lint found.
type lintReport struct {
	OK         bool        `json:"ok"` // no error
	Checked    []string    `json:"checked"`
	Complaints []complaint `json:"complaints"`
}

func (p *program) policyLintCommand() *cobra.Command {
	var (
		choice policyChoice
		about  around
		as     format
	)
	c := &cobra.Command{
		Use:   "lint [NAME]",
		Short: "Say what is wrong with a policy",
		Long: `lint looks for mistakes: a file that is not well formed, policies that contradict
themselves or the groups above, policies that no random password can meet. With
--standard it also holds them against a standard and names each clause that they
contradict; --rules, --audience, --factor, --max-age and --history are those of
explain. Of a file all groups are looked at, unless --group names one.

Errors end with exit code 1, warnings alone with 0. A file that cannot be opened
ends with 4.`,
		Example: "  pwcheck policy lint --policy shop.json\n  pwcheck policy lint NIST63B4 --standard nist --max-age 90",
		Args:    nameOrFile(&choice),
		RunE: func(command *cobra.Command, _ []string) error {
			r, err := lint(command.Context(), choice, about)
			if err != nil {
				return err
			}
			if err := p.write(as, r, r.markdown, r.text); err != nil {
				return err
			}
			if !r.OK {
				return ended(exitWeak)
			}
			return nil
		},
	}
	choice.fileFlags(c)
	about.flags(c, "hold it against this `STANDARD`, too: nist, pci or asvs; may be repeated")
	as.flags(c)
	return c
}

func lint(ctx context.Context, choice policyChoice, about around) (lintReport, error) {
	r := lintReport{OK: true, Checked: []string{}, Complaints: []complaint{}}
	standards, err := about.named()
	if err != nil {
		return r, err
	}
	list, err := lintable(choice, &r)
	if err != nil {
		return r, err
	}
	for _, c := range list {
		subject, err := about.subject(c)
		if err != nil {
			return r, err
		}
		r.Checked = append(r.Checked, c.name)
		r.advise(c)
		if err := r.meet(ctx, c); err != nil {
			return r, err
		}
		for _, standard := range standards {
			var d *clause.DeviationError
			switch err := clause.Validate(subject, standard); {
			case errors.As(err, &d):
				for _, f := range d.Findings {
					r.complain(complaint{"error", c.name, standard, f.Clause, f.Why})
				}
			case err != nil:
				return r, misused("%s", strings.TrimPrefix(err.Error(), "clause: "))
			}
		}
	}
	return r, nil
}

// lintable returns the policies to look at. A mistake in a file is a complaint.
func lintable(choice policyChoice, r *lintReport) ([]chosen, error) {
	if choice.file == "" || choice.group != "" {
		c, err := choice.one()
		return only(c, err, r)
	}
	groups, err := readPolicies(choice.file)
	if err != nil {
		return only(chosen{}, err, r)
	}
	var list []chosen
	for _, path := range groups.Paths() {
		c, err := inGroup(groups, path)
		if err != nil {
			return only(chosen{}, err, r)
		}
		list = append(list, c)
	}
	return list, nil
}

// only returns one policy, or turns a mistake in a file into a complaint.
func only(c chosen, err error, r *lintReport) ([]chosen, error) {
	if mistake := new(fileMistake); errors.As(err, &mistake) {
		r.complain(complaint{Severity: "error", Text: mistake.text})
		return nil, nil
	}
	return []chosen{c}, err
}

func (r *lintReport) complain(c complaint) {
	r.OK = r.OK && c.Severity != "error"
	r.Complaints = append(r.Complaints, c)
}

// advise warns of what is allowed and hardly meant.
func (r *lintReport) advise(c chosen) {
	const short, long = 8, 64
	p := c.policy
	for _, a := range []struct {
		wrong bool
		text  string
	}{
		{p.MinLength < short, fmt.Sprintf("The minimum is %d characters; no standard allows fewer than %d.", p.MinLength, short)},
		{p.MaxLength > 0 && p.MaxLength < long, fmt.Sprintf("At most %d characters are accepted; allow %d.", p.MaxLength, long)},
		{len(p.Lists) == 0, "There is no list of common passwords."},
		{len(p.Breach) == 0 && p.BreachThreshold > 0, "There is a breach_threshold, but no breach source."},
		{len(p.Breach) == 0 && len(p.Lists) == 0 && p.Unchecked == policy.RefuseUnchecked, "Unchecked passwords are to be refused, but there is nothing to check."},
	} {
		if a.wrong {
			r.complain(complaint{Severity: "warning", Policy: c.name, Text: a.text})
		}
	}
}

// meet makes sure that the policy can be met.
func (r *lintReport) meet(ctx context.Context, c chosen) error {
	_, err := generate.New(ctx, generate.Recipe{Policy: c.policy})
	if errors.Is(err, generate.ErrUnmet) {
		r.complain(complaint{Severity: "error", Policy: c.name, Text: "No random password meets it: " + unmet(err) + "."})
		return nil
	}
	return err
}

func (r lintReport) text() string {
	var b strings.Builder
	for _, c := range r.Complaints {
		b.WriteString(c.Severity + ": ")
		if c.Policy != "" {
			b.WriteString(c.Policy + ": ")
		}
		if c.Clause != "" {
			fmt.Fprintf(&b, "%s, %s: ", c.Standard, c.Clause)
		}
		b.WriteString(c.Text + "\n")
	}
	if len(r.Complaints) == 0 {
		fmt.Fprintf(&b, "nothing wrong: %s\n", strings.Join(r.Checked, ", "))
	}
	return b.String()
}

func (r lintReport) markdown() string {
	if len(r.Complaints) == 0 {
		return "Nothing wrong: " + escaped(strings.Join(r.Checked, ", ")) + "\n"
	}
	var b strings.Builder
	b.WriteString("| severity | policy | standard | clause | text |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range r.Complaints {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.Severity, escaped(c.Policy), c.Standard, c.Clause, escaped(c.Text))
	}
	return b.String()
}
