package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/brokenshop/fault"
	"github.com/tillkey/tillkey/examples/shopspec"
)

var update = flag.Bool("update", false, "play every scenario against every fault, and write the table in README.md anew")

// control is a scenario that no fault has to do with: the shop still works.
const control = "S1/long-passphrases"

// TestTable plays the scenarios that the table in README.md names for each fault
// and finds every one of them red. With BROKENSHOP_FULL=1, and with -update, it
// plays all scenarios, and no other one may be red.
func TestTable(t *testing.T) {
	full := *update || os.Getenv("BROKENSHOP_FULL") == "1"
	table := readTable(t)
	var mu sync.Mutex
	seen := map[string][]string{}
	t.Run("fault", func(t *testing.T) {
		for _, f := range fault.All() {
			t.Run(f.Name, func(t *testing.T) {
				t.Parallel()
				names := append([]string{f.Scenario, control}, table[f.Name]...)
				if full {
					names = nil
				}
				report := play(t, stage(t, f), names...)
				// What only happens when two requests meet takes its chances.
				for try := 1; try < maxTries && timed(f.Scenario) && !fails(report, f.Scenario, f.Check); try++ {
					report = play(t, stage(t, f), names...)
				}
				red := report.Names(shopspec.StateFailed)
				require.True(t, fails(report, f.Scenario, f.Check), "%s does not notice this fault: it has no failed check %q", f.Scenario, f.Check)
				require.NotContains(t, red, control, "nothing works in this shop")
				if !*update {
					require.Subset(t, table[f.Name], red, "more is red than the table says")
					require.Equal(t, slices.DeleteFunc(slices.Clone(table[f.Name]), timed), slices.DeleteFunc(slices.Clone(red), timed))
				}
				mu.Lock()
				defer mu.Unlock()
				seen[f.Name] = red
			})
		}
	})
	if *update && !t.Failed() && len(seen) == len(fault.All()) {
		writeTable(t, seen)
	}
	require.Equal(t, drawTable(readTable(t)), rowsOf(t), "README.md: go test -run TestTable -update")
}

// maxTries is how often a fault that is a race may be played until it shows.
const maxTries = 20

// timed tells whether a scenario sends much at the same time. What else than the
// fault it is about spoils may slip through on a slow machine.
func timed(scenario string) bool {
	return strings.Contains(scenario, "parallel") || strings.Contains(scenario, "racing")
}

// TestWithoutFaults plays all scenarios against the shop without faults.
func TestWithoutFaults(t *testing.T) {
	t.Parallel()
	report := shopspec.Run(t.Context(), stage(t), shopspec.Options{})
	require.NoError(t, report.Err())
	// The reference shop has no MD5 hashes.
	require.Equal(t, []string{"S2/md5"}, report.Names(shopspec.StateNotRun))
	require.Len(t, report.Lines, len(shopspec.Scenarios()))
}

const readme = "README.md"

// row is a row of the table: the name of a fault, what it does, the scenario about
// it and its check, and the other scenarios that are red.
var (
	inside = regexp.MustCompile(`(?s)<!-- table -->\n(.*?)<!-- end of table -->`)
	row    = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|[^|]*\\|(.*)\\|$")
	quoted = regexp.MustCompile("`([^`]+)`")
)

// rowsOf is the table as it stands in README.md.
func rowsOf(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	found := inside.FindSubmatch(text)
	require.NotNil(t, found, "README.md has no table")
	return string(found[1])
}

// readTable reads the red scenarios of each fault, in the order of the suite.
func readTable(t *testing.T) map[string][]string {
	t.Helper()
	table := map[string][]string{}
	for _, r := range row.FindAllStringSubmatch(rowsOf(t), -1) {
		for _, name := range quoted.FindAllStringSubmatch(r[2], -1) {
			table[r[1]] = append(table[r[1]], name[1])
		}
		slices.SortFunc(table[r[1]], func(a, b string) int { return place(a) - place(b) })
	}
	return table
}

// place is the place of a scenario in the suite.
func place(name string) int {
	return slices.IndexFunc(shopspec.Scenarios(), func(s shopspec.Scenario) bool { return s.Name == name })
}

// drawTable draws the table.
func drawTable(table map[string][]string) string {
	var b strings.Builder
	b.WriteString("| fault | what the shop does wrong | scenario about it, and its check that fails | red, too |\n|---|---|---|---|\n")
	for _, f := range fault.All() {
		var names []string
		for _, name := range table[f.Name] {
			if name != f.Scenario {
				names = append(names, "`"+name+"`")
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s`: %s | %s |\n", f.Name, f.What, f.Scenario, f.Check, strings.Join(names, ", "))
	}
	return b.String()
}

func writeTable(t *testing.T, table map[string][]string) {
	t.Helper()
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	whole := []byte("<!-- table -->\n" + drawTable(table) + "<!-- end of table -->")
	text = inside.ReplaceAllLiteral(text, whole)
	require.NoError(t, os.WriteFile(readme, text, 0o600))
}
