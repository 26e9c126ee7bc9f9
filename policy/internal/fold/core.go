package fold

import "slices"

const (
	// MinCore is the fewest code points that stripping leaves.
	MinCore = 3

	// MaxCores is the most forms that Cores returns.
	MaxCores = 32
)

// Core is a form of a password with some decoration taken off.
type Core struct {
	Text []rune  // as Lower returns it
	Cost float64 // guesses the removed decoration stands for, as a power of ten
}

// Cores returns the password in small letters, and then what is left of it
// after taking off repetition, leading and trailing digits, years, signs and
// keyboard walks, separators, look-alikes between letters and such tails as
// "1a!", alone and combined. Only forms whose removed parts cost at most budget
// are returned, at most MaxCores of them, each of at least MinCore code points
// but for the first. The forms share memory: do not write to them.
func Cores(password string, budget float64) []Core {
	cores := []Core{{Text: Lower(password)}}
	for i := 0; i < len(cores); i++ {
		for _, strip := range [...]func([]rune) (Core, bool){
			unrepeat, unmirror, undouble,
			trailingSigns, trailingDigits, trailingYear, leadingSigns, leadingDigits,
			trailingLetters, trailingWalk, leadingWalk,
			withoutSigns, withoutDigits, unleet,
		} {
			next, ok := strip(cores[i].Text)
			if !ok || len(next.Text) < MinCore {
				continue
			}
			next.Cost += cores[i].Cost
			if next.Cost > budget || len(cores) == MaxCores || known(cores, next.Text) {
				continue
			}
			cores = append(cores, next)
		}
	}
	return cores
}

func known(cores []Core, text []rune) bool {
	return slices.ContainsFunc(cores, func(c Core) bool { return slices.Equal(c.Text, text) })
}
