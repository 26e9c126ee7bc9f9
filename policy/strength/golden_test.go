package strength_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

// TestGolden: the estimates are the same on every platform and with every
// version of Go. After a deliberate change, GOLDEN=write go test writes the
// file anew.
func TestGolden(t *testing.T) {
	const file = "testdata/estimates.txt"
	var got strings.Builder
	for _, password := range samples {
		fmt.Fprintf(&got, "%q %.3f %.3f %.3f\n", password, strength.Estimate(password).GuessesLog10,
			strength.Estimate(password, "Tillkey", "maria.lopez@shop.example").GuessesLog10,
			strength.EstimateChange("Summer2025!", password).GuessesLog10)
	}
	if os.Getenv("GOLDEN") == "write" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}
