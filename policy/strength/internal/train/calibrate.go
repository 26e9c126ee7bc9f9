package train

import (
	"math"
	"sort"

	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// quantiles are where the curve has its knots. Above the middle the numbers of
// the sample say little: the service had learned from most of RockYou, and
// reaches what it has seen in 14 million guesses, however strange it is.
var quantiles = [...]float64{.002, .005, .01, .02, .04, .06, .1, .15, .2, .25, .3, .35, .4, .45, .5}

// Above the last knot the curve rises by near thousandths to 10^8, and then by
// far: passwords and passphrases that a machine made are then rated about as
// high as the choice that made them.
const (
	near  = 625
	far   = 750
	bound = 8000
)

// curve maps scores to guess numbers: the quantiles of the scores of the
// sample rockyou-offline to the quantiles of the guess numbers there. The
// tables must have been made without RockYou.
func curve(d Data, t tables.Tables) []tables.Knot {
	var scores []int
	var guesses []float64
	for _, r := range d.Leaks["rockyou-offline"].Rows {
		scores = append(scores, guess.Score(t, guess.Question{Password: r.Password}))
		guesses = append(guesses, r.Strength)
	}
	sort.Ints(scores)
	sort.Float64s(guesses)
	knots := []tables.Knot{{}}
	last := knots[0]
	for _, q := range quantiles {
		i := int(q * float64(len(scores)))
		next := tables.Knot{Score: scores[i], Guesses: int(1000 * math.Log10(max(1, guesses[i])))}
		if next.Score > last.Score && next.Guesses > last.Guesses {
			knots = append(knots, next)
			last = next
		}
	}
	last = tables.Knot{Score: last.Score + (bound-last.Guesses)*1000/near, Guesses: bound}
	return append(knots, last, tables.Knot{Score: last.Score + 100000, Guesses: last.Guesses + 100*far})
}
