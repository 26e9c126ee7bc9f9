package policy

import (
	"encoding/json"
	"slices"
	"strings"
)

// knownGuessesLog10 is the most that a password found on a list, in a breach,
// or made of context words is rated: these are tried first.
const knownGuessesLog10 = 5

// Verdict is what Check and Preview found. It holds nothing of the password
// but its length, and that only in a TooShort problem.
type Verdict struct {
	// Problems are all reasons to refuse the password, none if it may be
	// chosen. It is written as [] in JSON, never null.
	Problems []Problem `json:"problems"`

	// GuessesLog10 is the estimated number of guesses an attacker needs, as
	// a power of ten, 0 to 1000. A password that is on a list, in a breach,
	// or made of context words gets 5 at most.
	GuessesLog10 float64 `json:"guesses_log10"`

	// Score sums up GuessesLog10 for a meter: below 3 is 0, below 6 is 1,
	// below 8 is 2, below 10 is 3, else 4.
	Score int `json:"score"`

	// Breached is how often the password was seen by the breach source that
	// saw it most. It is nil if no source answered: see Unchecked for
	// whether one was asked.
	Breached *int `json:"breached"`

	// Unchecked are the lists and breach sources that could not answer.
	// Under AcceptUnchecked the caller should check again later if there are
	// any. It is written as [] in JSON, never null.
	Unchecked []Unchecked `json:"unchecked"`
}

// Unchecked is a list or breach source that could not answer.
type Unchecked struct {
	Field string `json:"field"` // "Lists" or "Breach", the field of the Policy
	Index int    `json:"index"` // its place in that field
	Err   error  `json:"-"`     // why, for the log
}

func newVerdict() Verdict {
	return Verdict{Problems: []Problem{}, Unchecked: []Unchecked{}}
}

// Err returns nil if there is no problem, and else a *Refusal that holds the
// same problems.
func (v Verdict) Err() error {
	if len(v.Problems) == 0 {
		return nil
	}
	return &Refusal{Problems: slices.Clone(v.Problems)}
}

// Has reports whether the problem with the given code was found.
func (v Verdict) Has(code string) bool {
	return slices.ContainsFunc(v.Problems, func(p Problem) bool { return p.Code == code })
}

// MarshalJSON writes empty lists as [] even for the zero Verdict.
func (v Verdict) MarshalJSON() ([]byte, error) {
	type plain Verdict
	if v.Problems == nil {
		v.Problems = []Problem{}
	}
	if v.Unchecked == nil {
		v.Unchecked = []Unchecked{}
	}
	return json.Marshal(plain(v))
}

func (v *Verdict) add(code string, params map[string]any) {
	v.Problems = append(v.Problems, NewProblem(code, params))
}

// rate brings the rating in line with the problems found.
func (v *Verdict) rate() {
	if v.Has(TooCommon) || v.Has(ContainsContext) || v.Has(Breached) {
		v.GuessesLog10 = min(v.GuessesLog10, knownGuessesLog10)
	}
	v.Score = score(v.GuessesLog10)
}

func score(guessesLog10 float64) int {
	for s, limit := range [...]float64{3, 6, 8, 10} {
		if guessesLog10 < limit {
			return s
		}
	}
	return 4
}

// Refusal is the error for a password that must not be chosen. Show the
// problems to the customer, by their texts or by their codes.
type Refusal struct {
	Problems []Problem
}

// Error names the codes of the problems. It holds nothing of the password.
func (r *Refusal) Error() string {
	codes := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		codes[i] = p.Code
	}
	return "policy: password refused: " + strings.Join(codes, ", ")
}
