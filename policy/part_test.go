package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy"
)

// taken is an estimator that takes every password for the same parts.
type taken []string

func (taken) GuessesLog10(string, ...string) float64        { return 4 }
func (t taken) Parts(password string, _ ...string) []string { return t }

func TestARefusalTellsTheParts(t *testing.T) {
	weak := func(e policy.Estimator) policy.Problem {
		p := policy.Policy{Estimator: e, MinGuessesLog10: 8}
		v := p.Preview("aab")
		require.Len(t, v.Problems, 1)
		require.Equal(t, policy.TooGuessable, v.Problems[0].Code)
		return v.Problems[0]
	}
	p := weak(taken{policy.PartName, policy.PartYear})
	require.Equal(t, "name,year", p.Params["parts"])
	require.Equal(t, "This password is easy to guess (a name, a year). Add another word or two that have nothing to do with it.", p.Text)
	require.Equal(t, p, weak(policy.NamedEstimator("x", taken{policy.PartName, policy.PartYear})))

	require.Equal(t, "name,year,word", weak(taken{"name", "year", "word", "date"}).Params["parts"], "three at most")
	require.Contains(t, weak(taken{"name", "no such part"}).Text, "guess (a name). Add")

	none := weak(policy.Entropy())
	require.NotContains(t, none.Params, "parts")
	require.Contains(t, none.Text, "easy to guess. Add")
	require.Equal(t, none, weak(taken{}))
	require.Equal(t, none, weak(policy.NamedEstimator("x", policy.Entropy())))
}

// telling is an estimator with a rating of its own that takes every password for
// one part.
type telling struct {
	log10 float64
	part  string
}

func (r telling) GuessesLog10(string, ...string) float64 { return r.log10 }
func (r telling) Parts(string, ...string) []string       { return []string{r.part} }

// Of several estimators the strictest one that explains is heard.
func TestMergedPoliciesTellTheParts(t *testing.T) {
	with := func(e policy.Estimator) policy.Policy { return policy.Policy{Estimator: e, MinGuessesLog10: 8} }
	both, err := policy.Strictest(with(telling{5, policy.PartDate}), with(telling{4, policy.PartYear}), with(policy.Entropy()))
	require.NoError(t, err)
	v := both.Preview("aab")
	require.Len(t, v.Problems, 1)
	require.Equal(t, policy.PartYear, v.Problems[0].Params["parts"])

	// One that has nothing to say is not heard, with a name or without.
	for _, silent := range []policy.Estimator{rigid{}, policy.NamedEstimator("rigid", rigid{}), taken{}} {
		both, err = policy.Strictest(with(silent), with(policy.NamedEstimator("dates", telling{5, policy.PartDate})))
		require.NoError(t, err)
		require.Equal(t, policy.PartDate, both.Preview("aab").Problems[0].Params["parts"])
	}

	none, err := policy.Strictest(with(policy.Entropy()), with(rigid{}))
	require.NoError(t, err)
	require.NotContains(t, none.Preview("aab").Problems[0].Params, "parts")
}

// rigid is an estimator that explains nothing.
type rigid struct{}

func (rigid) GuessesLog10(string, ...string) float64 { return 1 }

func TestEveryPartHasAText(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range policy.PartCodes() {
		text := policy.NewProblem(policy.TooGuessable, map[string]any{"parts": code}).Text
		require.False(t, seen[text], code)
		seen[text] = true
		require.Equal(t, 1, strings.Count(text, "("), text)
	}
	plain := policy.NewProblem(policy.TooGuessable, nil).Text
	require.False(t, seen[plain])
	for _, param := range []any{"", ",,", "no such part", 7, nil} {
		require.Equal(t, plain, policy.NewProblem(policy.TooGuessable, map[string]any{"parts": param}).Text)
	}
}
