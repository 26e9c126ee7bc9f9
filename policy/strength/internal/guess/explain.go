package guess

import (
	"slices"
	"unicode/utf8"

	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// Part is a recognised part of a password, in bytes.
type Part struct {
	Kind     Kind
	From, To int
}

// Explanation is a rating with its reasons.
type Explanation struct {
	Rate      int
	Parts     []Part // of the cheapest way to put the password together from patterns
	Separated bool   // rated without the one kind of separators in it
}

// Explain rates as Rate does, and says why.
func Explain(t tables.Tables, q Question) Explanation {
	s := search{tables: t}
	e := Explanation{Rate: s.rate(q), Separated: s.separated}
	if s.separated {
		without := search{tables: t}
		without.joined(&s.text)
		without.readSigns("")
		without.blend(q)
		s = without
	}
	for i := s.n; i > 0; i = int(s.patterns.from[i]) {
		kind, from := s.patterns.kind[i], int(s.patterns.from[i])
		if kind == Sign || kind == Repeat && i-from == 1 { // a sign twice is nothing to talk about
			continue
		}
		last := int(s.at[i-1])
		_, size := utf8.DecodeRuneInString(q.Password[last:])
		e.Parts = append(e.Parts, Part{kind, int(s.at[from]), last + size})
	}
	slices.Reverse(e.Parts)
	return e
}
