package clause_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/clause"
)

// TestGoldenFiles compares the reports on the five presets with those in
// testdata, which were read line by line beside the standards. After a change
// write them anew with CLAUSE_WRITE=1, and read the difference.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, subject := range presets() {
		report, err := clause.Examine(subject)
		require.NoError(t, err)
		asJSON, err := json.MarshalIndent(report, "", "  ")
		require.NoError(t, err)
		for suffix, got := range map[string]string{
			".txt": report.Text(), ".md": report.Markdown(), ".json": string(asJSON) + "\n",
		} {
			file := "testdata/" + subject.Policy.Name + suffix
			if os.Getenv("CLAUSE_WRITE") != "" {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got, file)
		}
	}
}
