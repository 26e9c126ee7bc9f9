package generate

// What the tests look into.

const (
	Trials  = trials
	Fewest  = fewest
	Letters = letters
	Digits  = digits
	Symbols = symbols
)

var (
	Random  = random
	Evenly  = evenly
	AtLeast = atLeast
	Tail    = tail
)

// Form makes a form of its own alphabets.
func Form(letters, digits, symbols string, needLetter, needDigit bool) form {
	return form{letters: letters, digits: digits, symbols: symbols, needLetter: needLetter, needDigit: needDigit}
}

func (f form) Bits(n int) float64 { return f.bits(n) }
func (f form) Draw(n int) string  { return f.draw(n) }

func (g *Generator) Units() int { return g.units }

// RawBits is what passwords were worth if the policy accepted all.
func (g *Generator) RawBits() float64 { return g.form.bits(g.units) }

// Accepted draws n passwords and counts those that Preview accepts.
func (g *Generator) Accepted(n int) int {
	accepted := 0
	for range n {
		if len(g.recipe.Policy.Preview(g.form.draw(g.units), g.recipe.About...).Problems) == 0 {
			accepted++
		}
	}
	return accepted
}
