package policy

import (
	"math"
	"unicode"

	passwordvalidator "github.com/wagslane/go-password-validator"

	"github.com/tillkey/tillkey/policy/internal/fold"
)

const (
	// maxRated bounds the work, which is quadratic in the length. What lies
	// beyond can only make a password stronger.
	maxRated = 128

	// Stand-ins for signs beyond ASCII. The rating counts bytes and one
	// possible sign per sign used, which is wrong for them both ways. The
	// letters are in an order that holds no alphabet and no keyboard row.
	standInLetters = "kdvqmzhxfbtscjynarwgupelio"
	standInSigns   = `"#%'()+/:;<=>?[\]^{|}~`
)

// Entropy returns an estimator by length and kinds of signs alone, with
// keyboard rows, alphabets and repeated signs taken out. It knows no words, so
// it overrates what people choose; it is a cheap floor, and Policy.Lists has to
// find the rest. It ignores case and about, counts a code point beyond ASCII
// as one letter or sign, a repeated unit once, and rates the first 128 code
// points only.
//
// The number is the entropy in bits of github.com/wagslane/go-password-validator
// times log10(2).
func Entropy() Estimator { return entropy{} }

type entropy struct{}

// Fingerprint implements [Fingerprinter].
func (entropy) Fingerprint() string { return "entropy 1" }

func (entropy) GuessesLog10(password string, _ ...string) float64 {
	rated := make([]rune, 0, maxRated)
	for _, r := range password {
		if len(rated) == maxRated {
			break
		}
		rated = append(rated, standIn(unicode.ToLower(r)))
	}
	repeats := 1.0
	if p := fold.Period(rated); p > 0 {
		repeats = float64(len(rated)) / float64(p)
		rated = rated[:p]
	}
	if len(rated) == 0 {
		return 0
	}
	bits := passwordvalidator.GetEntropy(string(rated)) + math.Log2(repeats)
	return bits * math.Log10(2)
}

func standIn(r rune) rune {
	switch {
	case r <= unicode.MaxASCII:
		return r
	case unicode.IsLetter(r):
		return rune(standInLetters[int(r)%len(standInLetters)])
	}
	return rune(standInSigns[int(r)%len(standInSigns)])
}
