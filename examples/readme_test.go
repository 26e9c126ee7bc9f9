package examples_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block returns the first fenced block of a language in a README.
func block(t *testing.T, readme, language string) string {
	t.Helper()
	_, rest, found := strings.Cut(readme, "```"+language+"\n")
	require.True(t, found, "the README has no %s block", language)
	code, _, found := strings.Cut(rest, "```\n")
	require.True(t, found)
	return code
}

func lines(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Count(string(text), "\n")
}

// TestREADMEsFirstProgram: what the README shows first is a file of this
// repository, short, and prints what the README says.
func TestREADMEsFirstProgram(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	program, err := os.ReadFile("readme/main.go")
	require.NoError(t, err)
	require.Equal(t, string(program), block(t, string(readme), "go"))
	require.Less(t, lines(t, "readme/main.go"), 25)

	out, err := exec.CommandContext(t.Context(), "go", "run", "./readme").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, block(t, string(readme), "text"), string(out))
}

// TestREADMEsCommands: the two commands of a newcomer are in the README, and CI
// runs the same test command.
func TestREADMEsCommands(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	ci, err := os.ReadFile("../.ci/run")
	require.NoError(t, err)
	require.Contains(t, string(readme), "\ngo run ./examples/shop\n")
	require.Contains(t, string(readme), "\ngo test work\n")
	require.Contains(t, string(ci), "\nstep go test work\n")
}

var hunk = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$`)

// TestREADMEsDiff: the difference that the README shows makes the shop after out
// of the shop before.
func TestREADMEsDiff(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	before, err := os.ReadFile("quickstart/before/main.go")
	require.NoError(t, err)
	after, err := os.ReadFile("quickstart/after/main.go")
	require.NoError(t, err)

	old := strings.SplitAfter(string(before), "\n")
	var made strings.Builder
	at := 0 // lines of old that were taken over or dropped
	for line := range strings.Lines(block(t, string(readme), "diff")) {
		switch {
		case strings.HasPrefix(line, "@@"):
			m := hunk.FindStringSubmatch(strings.TrimSpace(line))
			require.NotNil(t, m, line)
			from, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			if m[2] != "0" {
				from--
			}
			made.WriteString(strings.Join(old[at:from], ""))
			at = from
		case strings.HasPrefix(line, "-"):
			require.Equal(t, old[at], line[1:])
			at++
		case strings.HasPrefix(line, "+"):
			made.WriteString(line[1:])
		default:
			t.Fatalf("not a line of a difference: %q", line)
		}
	}
	made.WriteString(strings.Join(old[at:], ""))
	require.Equal(t, string(after), made.String())
}
