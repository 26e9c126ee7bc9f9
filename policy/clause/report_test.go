package clause_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/clause"
)

func TestReportsOfSomeStandards(t *testing.T) {
	t.Parallel()
	report, err := clause.Examine(clause.Subject{Name: "ours"}, clause.ASVS, clause.NIST)
	require.NoError(t, err)
	require.Equal(t, "ours", report.Name)
	require.Len(t, report.Sections, 2)
	require.Equal(t, clause.ASVS, report.Sections[0].Standard)
	for _, section := range report.Sections {
		total := 0
		for _, status := range statuses() {
			total += section.Count(status)
		}
		require.Len(t, section.Findings, total)
	}
}

func TestJSONOfReports(t *testing.T) {
	t.Parallel()
	report, err := clause.Examine(presets()[0])
	require.NoError(t, err)
	text, err := json.Marshal(report)
	require.NoError(t, err)
	var again clause.Report
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&again))
	require.Equal(t, report.Text(), again.Text())
}

// TestMarkdownCannotBeBroken: a name is text, whatever it is.
func TestMarkdownCannotBeBroken(t *testing.T) {
	t.Parallel()
	plain, err := clause.Examine(clause.Subject{Name: "x"})
	require.NoError(t, err)
	report, err := clause.Examine(clause.Subject{Name: "a\n# b | <script> [c](d) `e` *f* _g_"})
	require.NoError(t, err)
	got := report.Markdown()
	require.Equal(t, strings.Count(plain.Markdown(), "\n"), strings.Count(got, "\n"))
	require.True(t, strings.HasPrefix(got, `# a \# b \| \<script\> \[c\](d) \`+"`e\\`"+` \*f\* \_g\_`+"\n"), got[:80])
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "| ") {
			require.Equal(t, 6, strings.Count(line, "|")-strings.Count(line, `\|`), line)
		}
	}
}

// TestNamesOfReports: the subject's name, or its policy's, or none.
func TestNamesOfReports(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]clause.Subject{
		"ours":   {Name: "ours", Policy: policy.ASVS5()},
		"ASVS5":  {Policy: policy.ASVS5()},
		"policy": {},
	} {
		report, err := clause.Examine(s)
		require.NoError(t, err)
		require.Equal(t, want, report.Name)
	}
}

// TestTopOfTheList: the list of the package is long enough up to a minimum of
// 13 characters.
func TestTopOfTheList(t *testing.T) {
	t.Parallel()
	status := func(p policy.Policy) clause.Status {
		return found(t, clause.Subject{Policy: p}, clause.ASVS, "6.2.4").Status
	}
	common := []policy.List{policy.Common()}
	own := []policy.List{policy.NewList("tillkey")}
	require.Equal(t, clause.Met, status(policy.Policy{MinLength: 13, Lists: common}))
	require.Equal(t, clause.Shop, status(policy.Policy{MinLength: 14, Lists: common}))
	require.Equal(t, clause.Shop, status(policy.Policy{MinLength: 14, Lists: slices.Concat(common, own)}), "one word more is not 3000")
	require.Equal(t, clause.Met, status(policy.Policy{MinLength: 13, Lists: slices.Concat(own, common)}))
	require.Equal(t, clause.Shop, status(policy.Policy{MinLength: 8, Lists: own}), "nobody can count it")
	require.Equal(t, clause.Met, status(policy.Policy{MinLength: 14, Breach: common}))
	require.Equal(t, clause.Deviates, status(policy.Policy{MinLength: 14}))
}

// found returns the first finding about a clause whose demand has some words.
func found(t *testing.T, s clause.Subject, standard clause.Standard, words ...string) clause.Finding {
	t.Helper()
	report, err := clause.Examine(s, standard)
	require.NoError(t, err)
	for _, f := range report.Sections[0].Findings {
		if f.Clause == words[0] && !slices.ContainsFunc(words[1:], func(w string) bool { return !strings.Contains(f.Asks, w) }) {
			return f
		}
	}
	require.Fail(t, "no such clause", words)
	return clause.Finding{}
}

// TestNobodyCountsAList: what a list of the shop's own holds is for the shop to
// know.
func TestNobodyCountsAList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		policy policy.Policy
		want   clause.Status
	}{
		{policy.Policy{Lists: []policy.List{policy.NewList()}}, clause.Shop},
		{policy.Policy{Lists: []policy.List{policy.NewList(), policy.Common()}}, clause.Met},
		{policy.Policy{Lists: []policy.List{policy.Named("x", policy.Common())}}, clause.Met},
		{policy.Policy{Breach: []policy.List{policy.NewList()}}, clause.Met},
		{policy.Policy{}, clause.Deviates},
	} {
		require.Equal(t, c.want, found(t, clause.Subject{Policy: c.policy}, clause.NIST, "3.1.1.2", "covers what can be guessed").Status)
	}
}

// TestGuessesThatAreLimited: what strangers can use to keep somebody out is named.
func TestGuessesThatAreLimited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		subject   clause.Subject
		asvs, pci string
	}{
		{clause.Subject{Waits: true}, "Guesses are slowed, without a lock that strangers could use.", "Guesses are slowed, but 10 failures do not lock."},
		{clause.Subject{DisableAfter: 50}, "That a password is disabled after 50 failures can be used to keep somebody out: let a reset open it",
			"A password is disabled after 50 failures in a row, not after 10 at most."},
		{clause.Subject{Waits: true, DisableAfter: 100}, "disabled after 100 failures can be used", "disabled after 100 failures"},
		{clause.Subject{LockAfter: 10, LockFor: time.Hour}, "The lock can be used", "locked for 1 hour after 10 failures"},
		{clause.Subject{LockAfter: 10, LockFor: time.Hour, DisableAfter: 100}, "The lock, and that a password is disabled after 100 failures, can be used",
			"locked for 1 hour"},
	} {
		require.Contains(t, found(t, c.subject, clause.ASVS, "6.3.1").Why, c.asvs)
		require.Contains(t, found(t, c.subject, clause.PCI, "8.3.4").Why, c.pci)
	}
}

// TestCostsOfHashes: nothing is said of costs that nobody told.
func TestCostsOfHashes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		subject clause.Subject
		want    clause.Status
		why     string
	}{
		{clause.Subject{}, clause.Shop, "Use package hash."},
		{clause.Subject{Hashing: defaultHashing()}, clause.Shop, "Use package hash."},
		{clause.Subject{Kept: true}, clause.Shop, "Hash with the default Hasher, or say in Hashing what yours costs."},
		{clause.Subject{Kept: true, Hashing: defaultHashing()}, clause.Met, "argon2id with 19 MiB, 2 passes and 1 lane."},
		{clause.Subject{Kept: true, Hashing: clause.Hashing{Memory: 7169, Time: 1, Parallelism: 4}}, clause.Deviates,
			"argon2id with 7169 KiB, 1 pass and 4 lanes is less than appendix C asks for."},
	} {
		f := found(t, c.subject, clause.ASVS, "11.4.2")
		require.Equal(t, c.want, f.Status, c.why)
		require.Equal(t, c.why, f.Why)
	}
	report, err := clause.Examine(clause.Subject{Kept: true, Hashing: defaultHashing()})
	require.NoError(t, err)
	require.Contains(t, report.About, "rotate.Keeper keeps them, hashed by argon2id with 19 MiB")
}

// TestNamesAreNotObeyed: a terminal gets no orders, and no line that looks like
// one of the report.
func TestNamesAreNotObeyed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\x1b[2J\x1b]0;b\a c", "a\r\nmet  1.1 (SHALL)\u0085d", "a\u202emet\u202c", "a\x00\x9b31m\u2028b"} {
		report, err := clause.Examine(clause.Subject{Name: name}, clause.PCI)
		require.NoError(t, err)
		plain, err := clause.Examine(clause.Subject{Name: "x"}, clause.PCI)
		require.NoError(t, err)
		for got, want := range map[string]string{report.Text(): plain.Text(), report.Markdown(): plain.Markdown()} {
			require.Equal(t, strings.Count(want, "\n"), strings.Count(got, "\n"), "%q", name)
			require.Equal(t, -1, strings.IndexFunc(got, func(r rune) bool {
				return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
			}), "%q", got)
		}
	}
}
