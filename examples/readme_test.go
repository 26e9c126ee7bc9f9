package examples_test

import (
	"os"
	"os/exec"
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
