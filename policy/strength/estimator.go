package strength

import "slices"

// version is the beginning of the SHA-256 of testdata/estimates.txt, so that it
// changes with the estimates; a test tells it.
const version = "1d20c44c4cc2e135"

// Estimator is Estimate as package policy asks for it. The zero value is ready
// for use.
type Estimator struct{}

// GuessesLog10 returns the GuessesLog10 of Estimate.
func (Estimator) GuessesLog10(password string, about ...string) float64 {
	return Estimate(password, about...).GuessesLog10
}

// Parts returns the codes of the Matches of Explain, each once.
func (Estimator) Parts(password string, about ...string) []string {
	var codes []string
	for _, m := range Explain(password, about...).Matches {
		if !slices.Contains(codes, m.Code) {
			codes = append(codes, m.Code)
		}
	}
	return codes
}

// Fingerprint names the version of the estimates, so that package policy knows a
// policy that rates otherwise as another one.
func (Estimator) Fingerprint() string { return "strength " + version }
