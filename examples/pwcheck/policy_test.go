package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

const shopFile = `{
  "version": 1,
  "base": {"words": ["Tillkey"]},
  "groups": {
    "customers": {"preset": "ShopCustomer", "estimator": "strength", "breach": ["leaked"]},
    "staff": {"preset": "ShopStaff", "estimator": "strength", "need_letter": true, "need_digit": true}
  }
}`

// policyFile writes a policy file.
func policyFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "shop.json")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return file
}

const presetList = "Presets: NIST63B4, PCI401Staff, ASVS5, ShopCustomer, ShopStaff."

func TestPolicyList(t *testing.T) {
	t.Parallel()
	require.Equal(t, result{exitFine, "NIST63B4\nPCI401Staff\nASVS5\nShopCustomer\nShopStaff\n", ""}, execute(t, "", "policy", "list"))
	require.Equal(t, `["NIST63B4","PCI401Staff","ASVS5","ShopCustomer","ShopStaff"]`+"\n", execute(t, "", "policy", "list", "--json").stdout)
}

func TestPolicyShow(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Presets() {
		c, err := policyChoice{preset: name}.one()
		require.NoError(t, err)
		p := c.policy
		r := execute(t, "", "policy", "show", strings.ToUpper(name))
		require.Equal(t, exitFine, r.code)
		require.True(t, strings.HasPrefix(r.stdout, name+"\n"))
		markdown := execute(t, "", "policy", "show", name, "--markdown").stdout
		require.True(t, strings.HasPrefix(markdown, "# "+name+"\n\n- At least "))
		for _, rule := range p.Describe() {
			require.Contains(t, r.stdout, "- "+rule.Text+"\n")
			require.Contains(t, markdown, "- "+rule.Text+"\n")
		}
		require.Contains(t, r.stdout, `passwordrules="`+p.PasswordRules()+`"`)
		require.Contains(t, r.stdout, "fingerprint "+p.Fingerprint()+"\n")
		require.Contains(t, markdown, "| fingerprint | `"+p.Fingerprint()+"` |\n")
	}
	r := execute(t, "", "policy", "show", "nist63b4", "--json")
	require.True(t, strings.HasPrefix(r.stdout, `{"name":"NIST63B4","rules":[{"code":"too_short","params":{"min":15},"text":"At least 15 characters."},`))
	require.Contains(t, r.stdout, `],"passwordrules":"minlength: 15; maxlength: 256;","fingerprint":"p1:`)
}

func TestPolicyShowOfFile(t *testing.T) {
	t.Parallel()
	file := policyFile(t, shopFile)
	r := execute(t, "", "policy", "show", "--policy", file, "--group", "staff")
	require.Equal(t, exitFine, r.code)
	require.True(t, strings.HasPrefix(r.stdout, "staff\n- At least 15 characters.\n"), r.stdout)
	require.Contains(t, r.stdout, "- At least one digit.\n")
	r = execute(t, "", "policy", "show", "--policy", file, "--group", "customers")
	require.Contains(t, r.stdout, "- No password that has appeared in a data leak.\n")
	single := policyFile(t, `{"version": 1, "groups": {"only": {"min_length": 9}}}`)
	require.True(t, strings.HasPrefix(execute(t, "", "policy", "show", "--policy", single).stdout, "only\n- At least 9 characters.\n"))
}

// TestPolicyExplain: the reports on presets are the golden files of package
// clause, so the rules of package rotate are what these take for granted.
func TestPolicyExplain(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Presets() {
		for suffix, flag := range map[string]string{".txt": "", ".md": "--markdown", ".json": "--json"} {
			want, err := os.ReadFile("../../policy/clause/testdata/" + name + suffix)
			require.NoError(t, err)
			r := execute(t, "", strings.Fields("policy explain "+name+" "+flag)...)
			require.Equal(t, exitFine, r.code, r.stderr)
			require.Empty(t, r.stderr)
			got := r.stdout
			if flag == "--json" {
				require.Equal(t, 1, strings.Count(got, "\n"), "one line")
				var b bytes.Buffer
				require.NoError(t, json.Indent(&b, []byte(got), "", "  "))
				require.JSONEq(t, string(want), b.String())
				continue
			}
			require.Equal(t, string(want), got, name+suffix)
		}
	}
}

func TestPolicyExplainWithFlags(t *testing.T) {
	t.Parallel()
	file := policyFile(t, shopFile)
	for args, want := range map[string]string{
		"NIST63B4 --standard pci":                                      "\nPCI DSS v4.0.1: ",
		"nist63b4 --standard nist --max-age 90":                        "-> A password must be changed after 90 days where there is no second factor.",
		"PCI401Staff --standard pci --factor offered --max-age 91":     "-> The age limit is 91 days, not 90 days at most.",
		"PCI401Staff --standard pci --history 3":                       "-> Only the last 3 are refused.",
		"ShopStaff --standard pci --audience customers":                "8 met, 0 deviating",
		"ASVS5 --rules none --standard asvs":                           "with no second factor; nothing is known of how they are kept.",
		"ASVS5 --rules SHOPSTAFF --standard asvs":                      "For staff, with a second factor for all; rotate.Keeper keeps them, hashed by argon2id with",
		"--policy " + file + " --group staff --standard pci":           "-> At least 15 characters, with a letter and a digit.",
		"--policy " + file + " --group customers --rules ShopCustomer": "1 breach source",
	} {
		r := execute(t, "", strings.Fields("policy explain "+args)...)
		if strings.Contains(args, "--audience customers") {
			want = "0 met, 0 deviating, 0 for the shop, 16 not applicable"
		}
		require.Equal(t, exitFine, r.code, r.stderr)
		require.Contains(t, strings.Join(strings.Fields(r.stdout), " "), strings.TrimSpace(want), args)
		require.Equal(t, !strings.Contains(args, "--standard"), strings.Contains(r.stdout, "NIST SP 800-63B-4: ") && strings.Contains(r.stdout, "OWASP ASVS 5.0: "))
	}
}

func TestPolicyCompare(t *testing.T) {
	t.Parallel()
	file := policyFile(t, shopFile)
	r := execute(t, "", "policy", "compare", "shopcustomer", "PCI401Staff")
	require.Equal(t, exitFine, r.code)
	require.Regexp(t, `(?m)^ +ShopCustomer +PCI401Staff$`, r.stdout)
	require.Regexp(t, `(?m)^min_length +15 +12 +\*$`, r.stdout)
	require.Regexp(t, `(?m)^max_length +256 +256$`, r.stdout)
	require.Contains(t, r.stdout, "\nEach refuses passwords that the other accepts.\n")
	require.Contains(t, r.stdout, "\nPCI DSS v4.0.1, 8.3.6: At least 12 characters (8 where a system cannot do more), with letters and digits.\n"+
		"    ShopCustomer: deviates\n    PCI401Staff: met\n")
	require.NotContains(t, r.stdout, "8.3.7", "it stands to neither policy")

	for args, want := range map[string]string{
		"NIST63B4 ASVS5":                        "NIST63B4 is stricter: it refuses all that ASVS5 refuses, and more.",
		"ASVS5 NIST63B4":                        "NIST63B4 is stricter",
		"NIST63B4 nist63b4":                     "Both have the same rules.",
		"--policy " + file + " staff ShopStaff": "staff is stricter",
		"--policy " + file + " staff customers": "Each refuses",
		"--policy " + file + " staff staff":     "Both have the same rules.",
	} {
		r := execute(t, "", strings.Fields("policy compare "+args)...)
		require.Equal(t, exitFine, r.code, r.stderr)
		require.Contains(t, r.stdout, want, args)
		require.Contains(t, execute(t, "", strings.Fields("policy compare --markdown "+args)...).stdout, want, args)
	}

	var v comparison
	decoder := json.NewDecoder(strings.NewReader(execute(t, "", "policy", "compare", "NIST63B4", "ASVS5", "--json").stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&v))
	require.Equal(t, "a", v.Stricter)
	require.Contains(t, v.Settings, setting{"min_length", "15", "8", true})
	require.Contains(t, v.Clauses, difference{clause.NIST, "3.1.1.2(1)", v.Clauses[0].Asks, clause.Met, clause.Deviates})

	require.Contains(t, execute(t, "", "policy", "compare", "NIST63B4", "ASVS5", "--markdown").stdout, "| min\\_length | **15** | **8** |\n")
}

func TestPolicyLint(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Presets() {
		require.Equal(t, result{exitFine, "nothing wrong: " + name + "\n", ""}, execute(t, "", "policy", "lint", name))
	}
	for args, code := range map[string]int{
		"NIST63B4 --standard nist":                 exitFine,
		"PCI401Staff --standard pci":               exitFine,
		"ASVS5 --standard asvs":                    exitFine,
		"ASVS5 --standard asvs,nist":               exitFine, // 8 characters beside a second factor
		"ShopCustomer --standard pci":              exitFine, // customers
		"ShopStaff --standard pci":                 exitWeak,
		"ShopStaff --standard nist":                exitWeak,
		"NIST63B4 --standard nist --max-age 90":    exitWeak,
		"NIST63B4 --standard nist --standard pci":  exitWeak,
		"PCI401Staff --rules none --standard pci":  exitFine,
		"PCI401Staff --rules none --standard nist": exitWeak,
	} {
		r := execute(t, "", strings.Fields("policy lint "+args)...)
		require.Equal(t, code, r.code, args+r.stdout)
		require.Empty(t, r.stderr)
	}
	r := execute(t, "", "policy", "lint", "NIST63B4", "--standard", "nist", "--max-age", "90")
	require.Equal(t, "error: NIST63B4: NIST SP 800-63B-4, 3.1.1.2(6): A password must be changed after 90 days where there is no second factor.\n", r.stdout)
	r = execute(t, "", "policy", "lint", "ShopStaff", "--standard", "pci", "--json")
	var report lintReport
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&report))
	require.False(t, report.OK)
	require.Equal(t, []string{"ShopStaff"}, report.Checked)
	require.Len(t, report.Complaints, 1)
	require.Equal(t, "8.3.6", report.Complaints[0].Clause)
	r = execute(t, "", "policy", "lint", "ShopStaff", "--standard", "pci", "--markdown")
	require.Contains(t, r.stdout, "| error | ShopStaff | PCI DSS v4.0.1 | 8.3.6 | Neither a letter")
	require.Equal(t, "Nothing wrong: ASVS5\n", execute(t, "", "policy", "lint", "ASVS5", "--markdown").stdout)
}

func TestPolicyLintOfFile(t *testing.T) {
	t.Parallel()
	for content, c := range map[string]struct {
		code int
		want string
	}{
		shopFile: {exitFine, "nothing wrong: customers, staff\n"},
		`{"version": 1, "groups": {"g": {"min_length": 20, "max_length": 10}}}`: {exitWeak, "shop.json:1:"},
		`{"version": 1, "groups": {"g": {"min_lenght": 20}}}`:                   {exitWeak, "unknown field"},
		`{"version": 1, "groups": {"g": {"min_length": 12}}`:                    {exitWeak, "error: "},
		`{"version": 2, "groups": {}}`:                                          {exitWeak, "error: "},
		``:                                                                      {exitWeak, "error: "},
		`{"version": 1, "groups": {"g": {"max_length": 6, "lists": ["common"]}}}`:                        {exitWeak, "error: g: No random password meets it: passwords of this recipe are worth 35.7 bits, not 38.0.\n"},
		`{"version": 1, "groups": {"g": {"min_length": 7, "lists": ["common"]}}}`:                        {exitFine, "warning: g: The minimum is 7 characters; no standard allows fewer than 8.\n"},
		`{"version": 1, "groups": {"g": {"min_length": 8}}}`:                                             {exitFine, "warning: g: There is no list of common passwords.\n"},
		`{"version": 1, "groups": {"g": {"min_length": 8, "max_length": 20, "lists": ["common"]}}}`:      {exitFine, "warning: g: At most 20 characters are accepted; allow 64.\n"},
		`{"version": 1, "groups": {"g": {"min_length": 8, "lists": ["common"], "breach_threshold": 9}}}`: {exitFine, "warning: g: There is a breach\\_threshold, but no breach source.\n"},
	} {
		r := execute(t, "", "policy", "lint", "--policy", policyFile(t, content))
		require.Equal(t, c.code, r.code, content)
		require.Contains(t, r.stdout, strings.ReplaceAll(c.want, `\`, ""), content)
		require.Empty(t, r.stderr)
	}
	file := policyFile(t, shopFile)
	r := execute(t, "", "policy", "lint", "--policy", file, "--standard", "pci")
	require.Equal(t, exitWeak, r.code)
	require.Equal(t, 1, strings.Count(r.stdout, "\n"), r.stdout)
	require.Contains(t, r.stdout, "error: customers: PCI DSS v4.0.1, 8.3.6: ")
	r = execute(t, "", "policy", "lint", "--policy", file, "--standard", "pci", "--group", "staff")
	require.Equal(t, result{exitFine, "nothing wrong: staff\n", ""}, r)
}

func TestPolicyUsage(t *testing.T) {
	t.Parallel()
	file := policyFile(t, shopFile)
	broken := policyFile(t, `{"version": 1, "groups": {"g": {"min_length": "many"}}}`)
	for args, c := range map[string]struct {
		code    int
		message string
	}{
		"show":                                    {exitUsage, "show needs one name, or --policy. " + presetList},
		"show nonesuch":                           {exitUsage, "no such preset. " + presetList},
		"show ASVS5 NIST63B4":                     {exitUsage, presetList},
		"show ASVS5 --policy " + file:             {exitUsage, "a name and --policy exclude each other"},
		"show --policy " + file:                   {exitUsage, "--group is missing. Groups: customers, staff."},
		"show --policy " + file + " --group x":    {exitUsage, "no such group. Groups: customers, staff."},
		"show --policy " + broken + " --group g":  {exitUsage, "shop.json:1:"},
		"show --policy /nonesuch/shop.json":       {exitFailed, "the policy file cannot be read: no such file or directory"},
		"show ASVS5 --group staff":                {exitUsage, "--group needs --policy"},
		"show ASVS5 --json --markdown":            {exitUsage, "--json and --markdown exclude each other"},
		"explain":                                 {exitUsage, "explain needs one name"},
		"explain ASVS5 --standard iso":            {exitUsage, "no such standard. Standards: nist, pci, asvs."},
		"explain ASVS5 --rules nonesuch":          {exitUsage, "no such rules. Rules: NIST63B4,"},
		"explain ASVS5 --audience nonesuch":       {exitUsage, "--audience takes everyone, customers or staff"},
		"explain ASVS5 --factor nonesuch":         {exitUsage, "--factor takes none, offered or required"},
		"explain ASVS5 --max-age -1":              {exitUsage, "--max-age takes 0 to 100000 days"},
		"explain ASVS5 --max-age 100001":          {exitUsage, "--max-age takes 0 to 100000 days"},
		"explain ASVS5 --history -1":              {exitUsage, "--history takes 0 or more"},
		"explain ASVS5 --max-age nonesuch":        {exitUsage, "the value of --max-age cannot be read"},
		"compare":                                 {exitUsage, "compare needs two names. " + presetList},
		"compare ASVS5":                           {exitUsage, "compare needs two names"},
		"compare ASVS5 nonesuch":                  {exitUsage, "no such preset. " + presetList},
		"compare ASVS5 nonesuch --policy " + file: {exitUsage, "no such group or preset. Groups: customers, staff."},
		"compare g ASVS5 --policy " + broken:      {exitUsage, "shop.json:1:"},
		"lint":                                    {exitUsage, "lint needs one name"},
		"lint nonesuch":                           {exitUsage, "no such preset"},
		"lint --policy " + file + " --group x":    {exitUsage, "no such group"},
		"lint --policy /nonesuch/shop.json":       {exitFailed, "the policy file cannot be read"},
		"lint ASVS5 --standard iso":               {exitUsage, "no such standard"},
	} {
		r := execute(t, "", strings.Fields("policy "+args)...)
		require.Equal(t, c.code, r.code, args+r.stderr)
		require.Contains(t, r.stderr, c.message, args)
		require.NotContains(t, r.stderr, "nonesuch ")
		require.NotContains(t, r.stderr, "iso")
		require.Empty(t, r.stdout, args)
	}
}

// TestManyGroups: a message names the first of them.
func TestManyGroups(t *testing.T) {
	t.Parallel()
	var groups []string
	for i := range 30 {
		groups = append(groups, fmt.Sprintf(`"store-%02d": {"min_length": 9}`, i))
	}
	file := policyFile(t, `{"version": 1, "groups": {`+strings.Join(groups, ",")+`}}`)
	r := execute(t, "", "policy", "show", "--policy", file)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "store-19 and more.")
	require.NotContains(t, r.stderr, "store-20")
}

func TestPolicyOutputFails(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"show ASVS5", "compare ASVS5 NIST63B4", "explain ASVS5", "lint ASVS5", "lint ShopStaff --standard pci"} {
		r := executeOpenly(t, func(p *program) { p.stdout = full{} }, "", strings.Fields("policy "+command)...)
		require.Equal(t, exitFailed, r.code, command)
		require.Equal(t, "pwcheck: the disk is full\n", r.stderr, command)
	}
}
