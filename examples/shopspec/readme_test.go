package shopspec_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/examples/shopspec"
)

var (
	notes = regexp.MustCompile(`(?m)^ {9}\(.*\n`)
	port  = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// sameAsREADME: the sample report is what the reference shop gets, but for
// figures and the port. To renew it, set SHOPSPEC_README.
func sameAsREADME(t *testing.T, report shopspec.Report) {
	t.Helper()
	var text strings.Builder
	require.NoError(t, report.WriteText(&text))
	got := port.ReplaceAllString(notes.ReplaceAllString(text.String(), ""), "127.0.0.1:8080")
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(readme), "```text\n")
	require.True(t, found)
	sample, after, found := strings.Cut(rest, "```\n")
	require.True(t, found)
	if os.Getenv("SHOPSPEC_README") != "" {
		require.NoError(t, os.WriteFile("README.md", []byte(before+"```text\n"+got+"```\n"+after), 0o644))
		return
	}
	require.Equal(t, sample, got)
}

// TestREADMEsTable: the table that the README shows is one.
func TestREADMEsTable(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(readme), "```json\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "```\n")
	require.True(t, found)
	_, err = shopspec.ReadDescription(strings.NewReader(table))
	require.NoError(t, err)
}
