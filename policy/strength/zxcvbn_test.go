package strength_test

import (
	"math"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/policy/strength"
)

// judgements say who is right where zxcvbn 4.4.2 and this package are five
// orders of magnitude or more apart.
var judgements = map[string]string{
	"Tr0ub4dour&3": "zxcvbn: the word is not in the list here",
	"pässwörd":     "here: ä and ö are a and o to a guesser",
	"a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9": "neither: an alphabet with spaces is not recognised",
	"correct-horse-battery-staple":                                            "here: four common words and one separator are guessed as words, at some thousands each",
	"correct.horse.battery.staple":                                            "here: the same",
	"correct,horse,battery,staple":                                            "here: the same",
	"correct~horse~battery~staple":                                            "here: the same",
	"Athena lavished a marvelous splendor":                                    "here: five words of a sentence are guessed as words, at some thousands each",
	"alpha bravo charlie delta":                                               "here: common words, and the same sign between them; they are even an alphabet",
	"a b c 1 2 3":                                                             "zxcvbn by accident: a sequence with spaces is not recognised by either, it only charges less a sign",
	"establishedinthecityofZarahemla":                                         "zxcvbn: it is a quotation; what it charges less is a name that is not in the list here",
	"AOEUIDHG&*()LS_":                                                         "zxcvbn: these are neighbours on a Dvorak keyboard, which is not known here",
	"Ba9ZyWABu99[BK#6MBgbH88Tofv)vs":                                          "here: thirty random signs of 94 are 10^59, and zxcvbn charges ten for each",
}

// TestZxcvbn: the order is much like zxcvbn's, and each large difference is
// judged.
func TestZxcvbn(t *testing.T) {
	file, err := os.ReadFile("testdata/zxcvbn.tsv")
	require.NoError(t, err)
	var theirs, ours []float64
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		number, password, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		guesses, err := strconv.ParseFloat(number, 64)
		require.NoError(t, err)
		rated := strength.Estimate(password).GuessesLog10
		theirs, ours = append(theirs, guesses), append(ours, rated)
		if far := rated - guesses; far <= -5 || far >= 5 {
			if _, ok := judgements[password]; !ok {
				t.Errorf("%q: zxcvbn %.1f, here %.1f, and nobody has said who is right", password, guesses, rated)
			}
		}
	}
	require.Len(t, ours, 69)
	require.Greater(t, correlation(ranked(theirs), ranked(ours)), 0.8)
	t.Logf("Spearman %.3f", correlation(ranked(theirs), ranked(ours)))
}

// ranked returns the ranks of numbers; equal ones share the middle.
func ranked(x []float64) []float64 {
	sorted := slices.Clone(x)
	sort.Float64s(sorted)
	out := make([]float64, len(x))
	for i, v := range x {
		first, _ := slices.BinarySearch(sorted, v)
		last := first
		for last+1 < len(sorted) && sorted[last+1] == v {
			last++
		}
		out[i] = float64(first+last) / 2
	}
	return out
}

func correlation(x, y []float64) float64 {
	var mx, my, xy, xx, yy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	for i := range x {
		a, b := x[i]-mx, y[i]-my
		xy, xx, yy = xy+a*b, xx+a*a, yy+b*b
	}
	return xy / math.Sqrt(xx*yy)
}
