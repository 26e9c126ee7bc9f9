package strength_test

import (
	"testing"

	"github.com/tillkey/tillkey/policy/strength"
)

// FuzzEstimate: no input panics, knowing more never makes a password
// stronger, and Explain stays within the password.
func FuzzEstimate(f *testing.F) {
	for _, password := range samples {
		f.Add(password, "Tillkey", "maria.lopez@shop.example", "Summer2025!")
	}
	f.Add("ababab2019-12-31", "ab", "a@b.c.d", "2018")
	f.Fuzz(func(t *testing.T, password, a, b, old string) {
		alone := strength.Estimate(password).GuessesLog10
		one := strength.Estimate(password, a).GuessesLog10
		both := strength.Estimate(password, a, b).GuessesLog10
		changed := strength.EstimateChange(old, password, a, b).GuessesLog10
		if alone < 0 || one > alone || both > one || changed > both || changed < 0 {
			t.Fatalf("%q: %v, with a text %v, with two %v, with the old one %v", password, alone, one, both, changed)
		}
		if len(password) < 8 && alone >= 8 {
			t.Fatalf("%q of %d bytes: %v", password, len(password), alone)
		}
		at := 0
		for _, m := range strength.ExplainChange(old, password, a, b).Matches {
			if m.From < at || m.To <= m.From || m.To > len(password) {
				t.Fatalf("%q: a match from %d to %d", password, m.From, m.To)
			}
			at = m.To
		}
	})
}
