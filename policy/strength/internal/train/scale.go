package train

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

const (
	passes    = 8000 // the default threshold of package policy
	unguessed = 9e14 // the sample says of these that they were not guessed
)

// siteName writes how many of the passwords that hold the site's name pass
// when the name is given.
func siteName(w io.Writer, l Leak, t tables.Tables) {
	var all, with, without int
	for _, r := range l.Rows {
		if !strings.Contains(strings.ToLower(r.Password), l.Name) {
			continue
		}
		all++
		if guess.Rate(t, guess.Question{Password: r.Password, About: []string{l.Name}}) >= passes {
			with++
		}
		if guess.Rate(t, guess.Question{Password: r.Password}) >= passes {
			without++
		}
	}
	fmt.Fprintf(w, "%s: of %d passwords with its name %.1f %% reach 10^8 with the name given, %.1f %% without\n",
		l.Name, all, share(with, all), share(without, all))
}

// guessNumbers compares ratings with known guess numbers.
func guessNumbers(w io.Writer, l Leak, t tables.Tables) {
	var weak, weakPass, hard, hardFail int
	var errors []float64
	for _, r := range l.Rows {
		rate := guess.Rate(t, guess.Question{Password: r.Password})
		if r.Strength > unguessed {
			hard++
			if rate < passes {
				hardFail++
			}
			continue
		}
		errors = append(errors, math.Abs(float64(rate)/1000-math.Log10(r.Strength)))
		if r.Strength < 1e6 {
			weak++
			if rate >= passes {
				weakPass++
			}
		}
	}
	sort.Float64s(errors)
	fmt.Fprintf(w, "%s: median error %.2f orders of magnitude; %.2f %% of %d guessed before 10^6 reach 10^8; %.1f %% of %d never guessed do not\n",
		l.Name, errors[len(errors)/2], share(weakPass, weak), weak, share(hardFail, hard), hard)
}

func share(part, all int) float64 { return 100 * float64(part) / float64(all) }
