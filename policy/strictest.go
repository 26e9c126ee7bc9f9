package policy

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const (
	nameSeparator = " + " // stands between the names of merged policies
	otherNames    = "…"   // stands for those that have no room
)

// Strictest returns the policy that asks for everything that one of the given
// ones asks for: what it accepts, each of them accepts. The order in which they
// are given, and how they are grouped, decides nothing but the order in which
// lists are asked; Strictest(p, p) has the rules of p.
//
// It takes the highest MinLength and MinGuessesLog10, the lowest MaxLength,
// MaxBytes and BreachThreshold, defaults put in, and all Words, Lists and
// Breach, each once; Needs, Contains and RefuseUnchecked win over their absence.
// An Estimator of a policy with a threshold wins over one of a policy without;
// where several are left, the lowest rating counts. Names are joined, each part
// once and in byte order; of more than 255 bytes in all, the first part is left
// and "…" for the others.
//
// So the threshold, the Words or the Contains of one policy meet the estimator
// or the lists of another, and the result may refuse what each of them accepts.
//
// The error wraps ErrInvalid: a policy that is invalid by itself, policies that
// contradict each other, with both fields and whose they are, too many words or
// lists in all, or no policy. Mend one of them.
func Strictest(policies ...Policy) (Policy, error) {
	if len(policies) == 0 {
		return Policy{}, fmt.Errorf("%w: no policy to merge", ErrInvalid)
	}
	for i, p := range policies {
		if err := p.Validate(); err != nil {
			return Policy{}, fmt.Errorf("%w (policy %d, %s)", err, i, quoted(p.Name))
		}
	}
	merged, names := policies[0], []string{policies[0].Name}
	for _, p := range policies[1:] {
		merged, names = stricter(merged, p), append(names, p.Name)
	}
	if len(names) > 1 {
		merged.Name = joinNames(names)
	}
	if err := contradiction(merged, policies); err != nil {
		return Policy{}, err
	}
	if err := merged.Validate(); err != nil {
		return Policy{}, err
	}
	return merged, nil
}

// stricter merges two valid policies, but for their names. The result may
// contradict itself.
func stricter(a, b Policy) Policy {
	return Policy{
		MinLength:       max(a.MinLength, b.MinLength),
		MaxLength:       lower(a.MaxLength, b.MaxLength, DefaultMaxLength),
		MaxBytes:        lower(a.MaxBytes, b.MaxBytes, DefaultMaxBytes),
		NeedLetter:      a.NeedLetter || b.NeedLetter,
		NeedDigit:       a.NeedDigit || b.NeedDigit,
		Estimator:       stricterEstimator(a, b),
		MinGuessesLog10: max(a.MinGuessesLog10, b.MinGuessesLog10),
		Words:           joinWords(a.Words, b.Words),
		Contains:        a.Contains || b.Contains,
		Lists:           distinctLists(a.Lists, b.Lists),
		Breach:          distinctLists(a.Breach, b.Breach),
		BreachThreshold: lower(a.BreachThreshold, b.BreachThreshold, 1),
		Unchecked:       max(a.Unchecked, b.Unchecked),
	}
}

// lower returns the lower of two caps, where 0 means byDefault. Of 0 and what
// it means it returns the latter.
func lower(a, b, byDefault int) int {
	if a == b {
		return a
	}
	resolved := func(n int) int {
		if n == 0 {
			return byDefault
		}
		return n
	}
	if resolved(a) == resolved(b) {
		return byDefault
	}
	if resolved(a) < resolved(b) {
		return a
	}
	return b
}

// joinNames returns the parts of all names in byte order, each once, or the first
// one and otherNames where they have no room. A part that has no room even then is
// none, so that it is all the same which names are joined first.
func joinNames(names []string) string {
	var parts []string
	for _, name := range names {
		parts = append(parts, strings.Split(name, nameSeparator)...)
	}
	parts = slices.DeleteFunc(distinctWords(parts), func(part string) bool { return part == "" })
	joined := strings.Join(parts, nameSeparator)
	if len(joined) <= maxName && !slices.Contains(parts, otherNames) {
		return joined
	}
	for _, part := range parts {
		if part != otherNames && len(part) <= maxName-len(nameSeparator+otherNames) {
			return part + nameSeparator + otherNames
		}
	}
	return otherNames
}

// joinWords returns the words of both, each once. It copies nothing where one
// of them has none.
func joinWords(a, b []string) []string {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	return distinctWords(slices.Concat(a, b))
}

// stricterEstimator returns what rates passwords for both. Without a threshold
// an estimator decides nothing, and nil has no opinion.
func stricterEstimator(a, b Policy) Estimator {
	switch {
	case a.MinGuessesLog10 > 0 && b.MinGuessesLog10 > 0:
		return lowestOf(a.estimator(), b.estimator())
	case a.MinGuessesLog10 > 0 || b.MinGuessesLog10 == 0 && b.Estimator == nil:
		return a.Estimator
	case b.MinGuessesLog10 > 0 || a.Estimator == nil:
		return b.Estimator
	}
	return lowestOf(a.Estimator, b.Estimator)
}

// lowest rates by the strictest of several estimators.
type lowest []Estimator

// lowestOf returns one estimator for several. Those that are several
// themselves are taken apart, so that grouping changes nothing.
func lowestOf(estimators ...Estimator) Estimator {
	var all []Estimator
	for _, e := range estimators {
		if several, ok := e.(lowest); ok {
			all = append(all, several...)
		} else {
			all = append(all, e)
		}
	}
	if all = distinct(all); len(all) == 1 {
		return all[0]
	}
	return lowest(all)
}

// GuessesLog10 implements [Estimator].
func (l lowest) GuessesLog10(password string, about ...string) float64 {
	rating := math.Inf(1)
	for _, e := range l {
		rating = min(rating, finite(e.GuessesLog10(password, about...)))
	}
	return rating
}

// Parts implements [Explainer] with what the strictest one that has something to
// say says.
func (l lowest) Parts(password string, about ...string) []string {
	var parts []string
	rating := math.Inf(1)
	for _, e := range l {
		explainer, ok := e.(Explainer)
		if !ok {
			continue
		}
		if r := finite(e.GuessesLog10(password, about...)); r < rating {
			if said := explainer.Parts(password, about...); len(said) > 0 {
				parts, rating = said, r
			}
		}
	}
	return parts
}

// Fingerprint implements [Fingerprinter].
func (l lowest) Fingerprint() string {
	ids := make([]string, len(l))
	for i, e := range l {
		ids[i] = identity(e)
	}
	slices.Sort(ids)
	return "lowest of " + strings.Join(ids, ", ")
}

// contradiction returns an error if no password can satisfy all policies, for
// a merged one that says so, and names the fields and whose they are.
func contradiction(merged Policy, policies []Policy) error {
	whose := func(has func(Policy) bool) string {
		i := slices.IndexFunc(policies, has)
		return quoted(policies[max(0, i)].Name)
	}
	minLength := func(p Policy) bool { return p.MinLength == merged.MinLength }
	maxLength := func(p Policy) bool { return p.maxLength() == merged.maxLength() }
	maxBytes := func(p Policy) bool { return p.maxBytes() == merged.maxBytes() }
	switch {
	case merged.MinLength > merged.maxLength():
		return fmt.Errorf("%w: MinLength %d of %s is above MaxLength %d of %s", ErrInvalid,
			merged.MinLength, whose(minLength), merged.maxLength(), whose(maxLength))
	case merged.MinLength > merged.maxBytes():
		return fmt.Errorf("%w: MinLength %d of %s does not fit MaxBytes %d of %s", ErrInvalid,
			merged.MinLength, whose(minLength), merged.maxBytes(), whose(maxBytes))
	case merged.NeedLetter && merged.NeedDigit && min(merged.maxLength(), merged.maxBytes()) < 2:
		return fmt.Errorf("%w: NeedLetter of %s and NeedDigit of %s do not fit MaxLength %d and MaxBytes %d", ErrInvalid,
			whose(func(p Policy) bool { return p.NeedLetter }), whose(func(p Policy) bool { return p.NeedDigit }),
			merged.maxLength(), merged.maxBytes())
	}
	return nil
}
