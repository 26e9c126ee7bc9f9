package generate

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"

	"github.com/tillkey/tillkey/policy"
)

// Kind says what passwords are made of.
type Kind int

const (
	// Characters are letters and digits, for a password manager to keep.
	Characters Kind = iota
	// Passphrase is words, for a person to type and keep in mind.
	Passphrase
)

// Bounds on the fields of a Recipe, and their defaults.
const (
	MaxLength = 1024 // characters, as many as a policy can ask for
	MaxWords  = 256

	// LeastBits is what every password is worth at least: about three words.
	// One guess a second takes 4 000 years for half of them.
	LeastBits = 38

	// DefaultBits are aimed at with Characters. From 112 bits on NIST
	// SP 800-63B-4, 3.1.2.2 asks for no slow hash any more.
	DefaultBits = 112
	// DefaultPhraseBits are aimed at with a Passphrase: five or six words.
	DefaultPhraseBits = 64

	maxBits = 512
)

// ErrRecipe is what errors about a Recipe wrap. Mend the field they name.
var ErrRecipe = errors.New("generate: invalid recipe")

// Recipe says which passwords to make. The zero value of a field leaves the
// choice to New, so Recipe{Policy: p} makes what p accepts. Printing it shows
// nothing of About.
type Recipe struct {
	// Policy accepts every password made. It is asked in full: lists, context
	// words, threshold and breach sources. Its slices must not change later.
	Policy policy.Policy

	// About are texts about the person, as Policy.Check takes them.
	About []string

	// Kind says what passwords are made of.
	Kind Kind

	// MinBits is what a password is worth at least, 0 to 512. With 0 it is
	// LeastBits, and New aims at DefaultBits or DefaultPhraseBits as far as the
	// policy's caps allow.
	MinBits float64

	// Length is how many characters each password has, 1 to 1024, for
	// Characters only. 0 lets New choose.
	Length int

	// Symbols adds a few signs of ASCII to letters and digits, for Characters
	// only.
	Symbols bool

	// Words is how many words each passphrase has, 1 to 256, for a Passphrase
	// only. 0 lets New choose.
	Words int

	// Language is the list that words are from, one of Languages, for a
	// Passphrase only. Empty is "en".
	Language string

	// List are words to use instead of a Language: at least 2 and at most
	// 131 072 different ones in NFC, of at most 64 bytes, made of letters,
	// marks, digits, dashes and apostrophes, with a letter or digit at both
	// ends. It must not change later.
	List []string

	// Separator stands between words: 1 to 4 signs of ASCII that are neither
	// letters nor digits; a space is one. Empty is "-".
	Separator string

	// AvoidLookAlikes leaves out what is hard to tell apart in print: the
	// letters l, I and O, the digits 0 and 1, and symbols that look like
	// others. It does not change words.
	AvoidLookAlikes bool
}

// validate returns the first mistake in a field.
func (r Recipe) validate() error {
	phrase := r.Kind == Passphrase
	switch {
	case r.Kind != Characters && r.Kind != Passphrase:
		return wrong("Kind is %d, want Characters or Passphrase", r.Kind)
	case math.IsNaN(r.MinBits) || r.MinBits < 0 || r.MinBits > maxBits:
		return wrong("MinBits is %v, want 0 to %d", r.MinBits, maxBits)
	case r.Length < 0 || r.Length > MaxLength:
		return wrong("Length is %d, want 1 to %d", r.Length, MaxLength)
	case r.Words < 0 || r.Words > MaxWords:
		return wrong("Words is %d, want 1 to %d", r.Words, MaxWords)
	case phrase && (r.Length != 0 || r.Symbols):
		return wrong("Length and Symbols are for Characters, not for a Passphrase")
	case !phrase && (r.Words != 0 || r.Language != "" || r.List != nil || r.Separator != ""):
		return wrong("Words, Language, List and Separator are for a Passphrase, not for Characters")
	case r.Language != "" && r.List != nil:
		return wrong("Language and List exclude each other")
	case r.Length != 0 && (r.Length < r.Policy.MinLength || r.Length > min(r.Policy.Caps())):
		return wrong("Length is %d, and the policy wants %d to %d", r.Length, r.Policy.MinLength, min(r.Policy.Caps()))
	}
	return r.validateSeparator()
}

func (r Recipe) validateSeparator() error {
	if len(r.Separator) > 4 {
		return wrong("Separator has more than 4 signs")
	}
	for _, c := range []byte(r.Separator) {
		if c < ' ' || c > '~' || isLetter(c) || isDigit(c) {
			return wrong("Separator is not of signs of ASCII other than letters and digits")
		}
	}
	return nil
}

func (r Recipe) separator() string {
	if r.Separator == "" {
		return "-"
	}
	return r.Separator
}

// floor is what a password must be worth, goal what is aimed at.
func (r Recipe) floor() float64 {
	return max(r.MinBits, LeastBits, r.Policy.MinGuessesLog10*math.Log2(10))
}

func (r Recipe) goal() float64 {
	if r.MinBits > 0 {
		return r.floor()
	}
	if r.Kind == Passphrase {
		return max(r.floor(), DefaultPhraseBits)
	}
	return max(r.floor(), DefaultBits)
}

// Format hides the texts about the person from package fmt.
func (r Recipe) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "generate.Recipe{redacted}") }

// LogValue hides them from package log/slog.
func (r Recipe) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRecipe, fmt.Sprintf(format, args...))
}
