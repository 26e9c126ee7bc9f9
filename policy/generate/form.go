package generate

import (
	"math"
	"strings"
)

// The alphabets. The clear ones have no look-alikes.
const (
	letters      = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	clearLetters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ" // without l, I and O
	digits       = "0123456789"
	clearDigits  = "23456789" // without 0 and 1
	symbols      = "!#$%&*+-./:=?@_"
	clearSymbols = "#%*+=?"
)

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// form is what the passwords of a recipe look like, but for their length.
type form struct {
	needLetter, needDigit bool

	letters, digits, symbols string

	words     []string // nil for Characters
	separator string
}

// newForm returns the form of a valid recipe.
func newForm(r Recipe) (form, error) {
	f := form{needLetter: r.Policy.NeedLetter, needDigit: r.Policy.NeedDigit, letters: letters, digits: digits}
	f.symbols = symbols
	if r.AvoidLookAlikes {
		f.letters, f.digits, f.symbols = clearLetters, clearDigits, clearSymbols
	}
	if !r.Symbols {
		f.symbols = ""
	}
	if r.Kind == Characters {
		return f, nil
	}
	var err error
	f.words, err = r.list()
	f.separator = r.separator()
	return f, err
}

// bits returns the logarithm of how many passwords of n units draw makes.
func (f form) bits(n int) float64 {
	if f.words != nil {
		bits := float64(n) * math.Log2(float64(len(f.words)))
		if f.needDigit {
			bits += math.Log2(float64(len(f.digits)))
		}
		return bits
	}
	all := float64(len(f.letters) + len(f.digits) + len(f.symbols))
	without := func(some string) float64 { return math.Pow((all-float64(len(some)))/all, float64(n)) }
	if f.needLetter && f.needDigit && n < 2 {
		return math.Inf(-1)
	}
	missing := 0.0
	if f.needLetter {
		missing += without(f.letters)
	}
	if f.needDigit {
		missing += without(f.digits)
	}
	if f.needLetter && f.needDigit {
		missing -= without(f.letters + f.digits) // counted twice above
	}
	return float64(n)*math.Log2(all) + math.Log2(1-missing)
}

// draw returns a password of n units, each with the same chance. bits(n) must
// be a number.
func (f form) draw(n int) string {
	if f.words == nil {
		return f.drawCharacters(n)
	}
	parts := make([]string, n, n+1)
	for i := range parts {
		parts[i] = f.words[random(len(f.words))]
	}
	if f.needDigit {
		parts = append(parts, randomBytes(f.digits, 1))
	}
	return strings.Join(parts, f.separator)
}

func (f form) drawCharacters(n int) string {
	alphabet := f.letters + f.digits + f.symbols
	for {
		password := randomBytes(alphabet, n)
		if f.needLetter && !strings.ContainsAny(password, f.letters) ||
			f.needDigit && !strings.ContainsAny(password, f.digits) {
			continue
		}
		return password
	}
}
