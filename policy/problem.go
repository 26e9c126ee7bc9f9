package policy

import "maps"

// Codes of problems. They are stable: translate by them, test by them. The
// comment of each names its params.
const (
	// TooShort: fewer code points than MinLength.
	// min int, length int (both in code points).
	TooShort = "too_short"

	// TooLong: over a cap; nothing else was checked.
	// max int, unit string ("characters" or "bytes").
	TooLong = "too_long"

	// NotText: not valid UTF-8; nothing else was checked. No params.
	NotText = "not_text"

	// TooCommon: one of Lists has it. No params.
	TooCommon = "too_common"

	// TooGuessable: rated below MinGuessesLog10.
	// guesses_log10 int (rounded down), min_log10 int (rounded up), parts string
	// (codes of PartCodes, three at most, joined by commas; optional).
	TooGuessable = "too_guessable"

	// ContainsContext: made of words about the person or the shop.
	// match string ("whole", or "part" under Policy.Contains). The word
	// itself is not named: whoever sees the problem may not be who it is about.
	ContainsContext = "contains_context"

	// Breached: a breach source has it.
	// count int, how often it was seen.
	Breached = "breached"

	// SameAsCurrent: it is the password in use. Not found by this package,
	// which knows no stored passwords. No params.
	SameAsCurrent = "same_as_current"

	// TooSimilar: too near to the password in use, see Similar. Not found by
	// Check. No params.
	TooSimilar = "too_similar"

	// Reused: it was in use before. Not found by this package.
	// history int, how many earlier passwords are remembered; optional.
	Reused = "reused"

	// NeedsLetter: NeedLetter is set and there is none. No params.
	NeedsLetter = "needs_letter"

	// NeedsDigit: NeedDigit is set and there is none. No params.
	NeedsDigit = "needs_digit"
)

// Codes returns every code, in the order above.
func Codes() []string {
	return []string{
		TooShort, TooLong, NotText, TooCommon, TooGuessable, ContainsContext, Breached,
		SameAsCurrent, TooSimilar, Reused, NeedsLetter, NeedsDigit,
	}
}

// Problem is one reason to refuse a password.
type Problem struct {
	Code   string         `json:"code"`
	Params map[string]any `json:"params"` // string or int; never null
	Text   string         `json:"text"`   // English, for the customer
}

// NewProblem returns the problem with its English text filled in from code and
// params. Params are copied. An unknown code gets a general text.
func NewProblem(code string, params map[string]any) Problem {
	copied := make(map[string]any, len(params))
	maps.Copy(copied, params)
	return Problem{Code: code, Params: copied, Text: problemText(code, copied)}
}
