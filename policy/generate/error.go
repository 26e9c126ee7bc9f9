package generate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tillkey/tillkey/policy"
)

// ErrUnmet says that a recipe and its policy do not go together. The error is
// an *UnmetError: choose a longer recipe, or a policy that can be met.
var ErrUnmet = errors.New("generate: the policy cannot be met")

// UnmetError says why no password could be made. It Is ErrUnmet.
type UnmetError struct {
	// Codes are those of the problems that the policy found, as in
	// policy.Problem, the most frequent first.
	Codes []string

	// Tried passwords were drawn, of which the policy accepted Accepted.
	Tried, Accepted int

	// Bits is what those accepted are worth, and Want what they should be.
	// Both are 0 in an error of Password.
	Bits, Want float64
}

// Error names no password.
func (e *UnmetError) Error() string {
	if e.Accepted >= fewest || e.Tried == 0 {
		return fmt.Sprintf("%v: passwords of this recipe are worth %.1f bits, not %.1f", ErrUnmet, e.Bits, e.Want)
	}
	return fmt.Sprintf("%v: it accepts %d of %d passwords of this recipe (%s)", ErrUnmet, e.Accepted, e.Tried, strings.Join(e.Codes, ", "))
}

// Is reports whether target is ErrUnmet.
func (e *UnmetError) Is(target error) bool { return target == ErrUnmet }

// refusals counts the codes of problems.
type refusals map[string]int

func (r refusals) add(v policy.Verdict) {
	for _, p := range v.Problems {
		r[p.Code]++
	}
}

// codes returns the codes, the most frequent first.
func (r refusals) codes() []string {
	codes := make([]string, 0, len(r))
	for code := range r {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		if r[a] != r[b] {
			return r[b] - r[a]
		}
		return strings.Compare(a, b)
	})
	return codes
}
