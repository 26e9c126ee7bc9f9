package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

// comparison is what policy compare says of two policies.
type comparison struct {
	A        string       `json:"a"`
	B        string       `json:"b"`
	Stricter string       `json:"stricter"` // "a", "b", "both" in something, or "neither"
	Settings []setting    `json:"settings"`
	Clauses  []difference `json:"clauses"` // those that the two stand to differently
}

type setting struct {
	Field  string `json:"field"` // as in a policy file
	A      string `json:"a"`
	B      string `json:"b"`
	Differ bool   `json:"differ"`
}

type difference struct {
	Standard clause.Standard `json:"standard"`
	Clause   string          `json:"clause"`
	Asks     string          `json:"asks"`
	A        clause.Status   `json:"a"`
	B        clause.Status   `json:"b"`
}

func (p *program) policyCompareCommand() *cobra.Command {
	var (
		file string
		as   format
	)
	c := &cobra.Command{
		Use:   "compare NAME NAME",
		Short: "Say how two policies differ",
		Long: `compare prints the settings of two policies side by side, which of them is
stricter, and the clauses of the standards that they stand to differently. Each
NAME is a preset, in any case; with --policy it is a group of the file, or else a
preset. The rules for the life of passwords are left out: only policies are
compared.`,
		Example: "  pwcheck policy compare NIST63B4 ShopStaff\n  pwcheck policy compare --policy shop.json staff PCI401Staff --markdown",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return misused("compare needs two names. Presets: %s.", strings.Join(policy.Presets(), ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			both, err := pair(file, args)
			if err != nil {
				return err
			}
			v, err := compare(both[0], both[1])
			if err != nil {
				return err
			}
			return p.write(as, v, v.markdown, v.text)
		},
	}
	c.Flags().StringVar(&file, "policy", "", "the names are groups of this policy `FILE`, or presets")
	as.flags(c)
	return c
}

// pair returns the policies of two names.
func pair(file string, names []string) ([2]chosen, error) {
	var both [2]chosen
	var groups policy.Groups
	var err error
	if file != "" {
		if groups, err = readPolicies(file); err != nil {
			return both, err
		}
	}
	for i, name := range names {
		if _, ok := groups[name]; ok {
			both[i], err = inGroup(groups, name)
		} else {
			both[i], err = policyChoice{preset: name}.one()
		}
		if err != nil && file != "" {
			return both, misused("no such group or preset. Groups: %s.", listed(groups))
		}
		if err != nil {
			return both, err
		}
	}
	return both, nil
}

func compare(a, b chosen) (comparison, error) {
	v := comparison{A: a.name, B: b.name, Stricter: stricter(a.policy, b.policy), Clauses: []difference{}}
	left, right := settings(a.policy), settings(b.policy)
	for i, field := range left {
		v.Settings = append(v.Settings, setting{field[0], field[1], right[i][1], field[1] != right[i][1]})
	}
	x, err := clause.Examine(clause.Subject{Policy: a.policy})
	if err != nil {
		return v, err
	}
	y, err := clause.Examine(clause.Subject{Policy: b.policy})
	if err != nil {
		return v, err
	}
	for i, section := range x.Sections {
		for j, f := range section.Findings {
			if other := y.Sections[i].Findings[j].Status; other != f.Status {
				v.Clauses = append(v.Clauses, difference{section.Standard, f.Clause, f.Asks, f.Status, other})
			}
		}
	}
	return v, nil
}

func stricter(a, b policy.Policy) string {
	switch more, less := a.Stricter(b), b.Stricter(a); {
	case more && less:
		return "both"
	case more:
		return "a"
	case less:
		return "b"
	}
	return "neither"
}

// settings returns the fields of a policy, as a policy file calls them, with
// their defaults put in.
func settings(p policy.Policy) [][2]string {
	length, size, threshold := p.MaxLength, p.MaxBytes, max(1, p.BreachThreshold)
	if length == 0 {
		length = policy.DefaultMaxLength
	}
	if size == 0 {
		size = policy.DefaultMaxBytes
	}
	unchecked := "accept"
	if p.Unchecked == policy.RefuseUnchecked {
		unchecked = "refuse"
	}
	return [][2]string{
		{"min_length", strconv.Itoa(p.MinLength)},
		{"max_length", strconv.Itoa(length)},
		{"max_bytes", strconv.Itoa(size)},
		{"need_letter", strconv.FormatBool(p.NeedLetter)},
		{"need_digit", strconv.FormatBool(p.NeedDigit)},
		{"min_guesses_log10", strconv.FormatFloat(p.MinGuessesLog10, 'g', -1, 64)},
		{"contains", strconv.FormatBool(p.Contains)},
		{"words", strconv.Itoa(len(p.Words))},
		{"lists", strconv.Itoa(len(p.Lists))},
		{"breach", strconv.Itoa(len(p.Breach))},
		{"breach_threshold", strconv.Itoa(threshold)},
		{"unchecked", unchecked},
	}
}

func (v comparison) verdict() string {
	switch v.Stricter {
	case "a":
		return v.A + " is stricter: it refuses all that " + v.B + " refuses, and more."
	case "b":
		return v.B + " is stricter: it refuses all that " + v.A + " refuses, and more."
	case "both":
		return "Each refuses passwords that the other accepts."
	}
	return "Both have the same rules."
}

func (v comparison) text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\t%s\t%s\n", v.A, v.B)
	for _, s := range v.Settings {
		mark := ""
		if s.Differ {
			mark = "\t*"
		}
		fmt.Fprintf(w, "%s\t%s\t%s%s\n", s.Field, s.A, s.B, mark)
	}
	w.Flush()
	fmt.Fprintf(&b, "\n%s\n", v.verdict())
	for _, c := range v.Clauses {
		fmt.Fprintf(&b, "\n%s, %s: %s\n", c.Standard, c.Clause, c.Asks)
		fmt.Fprintf(&b, "    %s: %s\n    %s: %s\n", v.A, plainStatus(c.A), v.B, plainStatus(c.B))
	}
	return b.String()
}

func (v comparison) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s and %s\n\n%s\n\n", escaped(v.A), escaped(v.B), escaped(v.verdict()))
	fmt.Fprintf(&b, "| setting | %s | %s |\n| --- | --- | --- |\n", escaped(v.A), escaped(v.B))
	for _, s := range v.Settings {
		mark := ""
		if s.Differ {
			mark = "**"
		}
		fmt.Fprintf(&b, "| %s | %s%s%s | %s%s%s |\n", escaped(s.Field), mark, s.A, mark, mark, s.B, mark)
	}
	if len(v.Clauses) == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "\n| standard | clause | asks | %s | %s |\n| --- | --- | --- | --- | --- |\n", escaped(v.A), escaped(v.B))
	for _, c := range v.Clauses {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", c.Standard, c.Clause, escaped(c.Asks), plainStatus(c.A), plainStatus(c.B))
	}
	return b.String()
}

// plainStatus writes a status for a person.
func plainStatus(s clause.Status) string { return strings.ReplaceAll(string(s), "_", " ") }
