package strength

import (
	"strings"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy/internal/part"
	"github.com/tillkey/tillkey/policy/strength/internal/guess"
	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// Codes of what a part of a password is.
const (
	Common   = "common"   // a password that many people use
	Word     = "word"     // a word of a language
	Name     = "name"     // a first or last name
	Place    = "place"    // a city
	About    = "about"    // one of the texts about the person and the shop
	Old      = "old"      // a part of the old password
	Turned   = "turned"   // the number, month or season after that of the old password, or near it
	Repeat   = "repeat"   // what went before, once more
	Sequence = "sequence" // neighbours in the alphabet or among the numbers
	Keyboard = "keyboard" // neighbours on a keyboard
	Date     = "date"     // a day
	Year     = "year"
	Reversed = "reversed" // a common word or password, backwards
	Leet     = "leet"     // a common word or password with look-alike signs
)

// Match is a part of a password that an attacker would not have to guess sign
// by sign: the bytes from From up to To.
type Match struct {
	Code     string
	From, To int
}

// Explanation is a rating with its reasons.
type Explanation struct {
	Rating

	// Matches are the parts that were recognised, from left to right.
	Matches []Match

	// Separated tells that one kind of separators stands between the parts or
	// between their signs, and that the password is rated without it.
	Separated bool

	// Text is one or two English sentences for the person who chose the
	// password, "" for a strong one. For another language, translate by the
	// codes of the matches.
	Text string
}

// Explain rates a password as Estimate does and says what it was taken for.
// The result holds no part of the password.
func Explain(password string, about ...string) Explanation {
	return explain(guess.Question{Password: password, About: about})
}

// ExplainChange rates a password as EstimateChange does and says what it was
// taken for.
func ExplainChange(old, password string, about ...string) Explanation {
	return explain(guess.Question{Password: password, Old: old, About: about})
}

func explain(q guess.Question) Explanation {
	found := guess.Explain(tables.Embedded(), q)
	e := Explanation{Rating: rating(found.Rate), Separated: found.Separated}
	for _, p := range found.Parts {
		e.Matches = append(e.Matches, Match{codes[p.Kind], p.From, p.To})
	}
	if e.Score < 3 {
		e.Text = e.text(utf8.RuneCountInString(q.Password))
	}
	return e
}

// codes are the codes of the kinds of package guess.
var codes = [...]string{
	guess.Common: Common, guess.Word: Word, guess.Name: Name, guess.Place: Place, guess.Context: About,
	guess.Old: Old, guess.Turned: Turned, guess.Repeat: Repeat, guess.Sequence: Sequence, guess.Walk: Keyboard, guess.Date: Date,
	guess.Year: Year, guess.Reversed: Reversed, guess.Leet: Leet,
}

const (
	maxNouns = 3
	shortest = 9 // signs from which on a weak password lacks something else than signs

	advice    = "Add two or three words that have nothing to do with each other."
	short     = "It is too short to withstand guessing."
	usual     = "It looks like what many people choose."
	built     = "It is easy to guess because it is built on "
	separated = ", and signs in between do not help"
	renew     = "Think of something new: two or three words that have nothing to do with each other."
)

// text says what a weak password of so many signs is made of, and what to do.
func (e Explanation) text(signs int) string {
	var nouns []string
	seen := map[string]bool{}
	for _, m := range e.Matches {
		if !seen[m.Code] && len(nouns) < maxNouns {
			seen[m.Code] = true
			nouns = append(nouns, part.Text(m.Code))
		}
	}
	do, n := advice, len(nouns)
	if seen[Old] || seen[Turned] {
		do = renew
	}
	switch {
	case n == 0 && signs < shortest:
		return short + " " + do
	case n == 0:
		return usual + " " + do
	case n > 1:
		nouns[n-2] += " and " + nouns[n-1]
		nouns = nouns[:n-1]
	}
	why := built + strings.Join(nouns, ", ")
	if e.Separated {
		why += separated
	}
	return why + ". " + do
}
