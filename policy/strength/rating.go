package strength

import (
	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// Rating is how strong a password is.
type Rating struct {
	// GuessesLog10 is the number of guesses that a skilled attacker needs, as
	// a power of ten, 0 or more, in steps of a thousandth.
	GuessesLog10 float64

	// Score is 0 below 10^3 guesses, 1 below 10^6, 2 below 10^8, 3 below
	// 10^10, and 4 from there on. 10^8 is what an attacker reaches who tries a
	// password online for years.
	Score int
}

// Estimate rates a password for an attacker who knows the given texts about
// the person and the shop: names, an e-mail address, brands and products. A
// further text never makes a rating higher. Of each the first 256 bytes count,
// and of a password the first 128 code points are searched for patterns; the
// rest is rated sign by sign. It allocates nothing.
func Estimate(password string, about ...string) Rating {
	return rating(guess.Rate(tables.Embedded(), guess.Question{Password: password, About: about}))
}

// EstimateChange rates a password for an attacker who knows the one before it
// too. Parts that both hold are nearly free, forwards and backwards, with
// look-alike signs, in any order, and so are the next numbers, seasons and
// months. With old "" it is Estimate.
func EstimateChange(old, password string, about ...string) Rating {
	return rating(guess.Rate(tables.Embedded(), guess.Question{Password: password, Old: old, About: about}))
}

func rating(thousandths int) Rating {
	r := Rating{GuessesLog10: float64(thousandths) / 1000}
	for _, limit := range [...]int{3000, 6000, 8000, 10000} {
		if thousandths >= limit {
			r.Score++
		}
	}
	return r
}
