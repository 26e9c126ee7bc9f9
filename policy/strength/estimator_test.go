package strength_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
	"github.com/tillkey/tillkey/policy/strength"
)

// The fingerprint changes with the estimates: mend the constant version when
// the golden file has changed.
func TestFingerprintIsOfTheEstimates(t *testing.T) {
	golden, err := os.ReadFile("testdata/estimates.txt")
	require.NoError(t, err)
	sum := sha256.Sum256(golden)
	require.Equal(t, "strength "+hex.EncodeToString(sum[:])[:16], strength.Estimator{}.Fingerprint())
}

// What a weak password was taken for reaches the customer, in codes that package
// policy has texts for.
func TestRefusalsTellWhatWasRecognised(t *testing.T) {
	codes := []string{
		strength.Common, strength.Word, strength.Name, strength.Place, strength.About, strength.Old, strength.Turned, strength.Repeat,
		strength.Sequence, strength.Keyboard, strength.Date, strength.Year, strength.Reversed, strength.Leet,
	}
	require.ElementsMatch(t, policy.PartCodes(), codes)

	p := policy.ShopCustomer()
	p.Estimator = strength.Estimator{}
	for _, weak := range []string{"qwertyuiop12345", "abcdefghijklmno", "Jennifer1985!"} {
		v := p.Preview(weak)
		i := slices.IndexFunc(v.Problems, func(p policy.Problem) bool { return p.Code == policy.TooGuessable })
		require.NotEqual(t, -1, i, weak)
		require.NotEmpty(t, v.Problems[i].Params["parts"], weak)
		require.Contains(t, v.Problems[i].Text, "(")
	}
	v := p.Preview("ladder umbrella kettle fjord")
	require.Empty(t, v.Problems)
}
