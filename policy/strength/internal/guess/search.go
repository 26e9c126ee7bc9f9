// Package guess rates a password: a search for the cheapest way to put it
// together from what guessers use, and a model of signs, blended.
//
// Every cost is an integer in thousandths of a power of ten, so that the same
// password has the same rating on every machine. Nothing is allocated. The
// search sees Window signs; the work for what lies beyond is linear.
package guess

import "github.com/tillkey/tillkey/policy/strength/internal/tables"

const infinite = 1 << 30

// way is one of two searches. The patterns' way pays for tokens and a fixed
// price for a sign; the model's way pays for signs what the model asks, and
// may copy, count and walk.
type way struct {
	best [Window + 1]int32
	from [Window + 1]uint8
	kind [Window + 1]Kind
}

// search is the state of one estimate.
type search struct {
	text
	tables   tables.Tables
	sign     [Window]int32 // what the model asks for a sign
	patterns way
	model    way
	whole    int32 // cost of the password as a listed one
	keys     [layouts][Window]uint8
	marks    marks
	tail     int64 // cost of the signs beyond the window
	long     bool  // there are such signs

	separated bool // it is cheaper without its separators
}

// token offers a way from one place to another at a price.
func (w *way) token(from, to int, cost int32, kind Kind) {
	if c := w.best[from] + cost; c < w.best[to] {
		w.best[to], w.from[to], w.kind[to] = c, uint8(from), kind
	}
}

// both offers a token in both ways.
func (s *search) both(from, to int, cost int32, kind Kind) {
	s.model.token(from, to, cost, kind)
	s.pattern(from, to, cost, kind)
}

// pattern offers a token in the patterns' way, where each joint costs a little
// more, for the number of ways to put tokens together. It costs the same
// whatever is on its other side, so that one more token makes nothing dearer.
func (s *search) pattern(from, to int, cost int32, kind Kind) {
	if from > 0 {
		cost += joint
	}
	if to < s.n {
		cost += joint
	}
	s.patterns.token(from, to, cost, kind)
}

// run does the search. It goes over the places from left to right; the best
// way to a place is known when the place is reached.
func (s *search) run() {
	for i := 1; i <= s.n; i++ {
		s.patterns.best[i], s.model.best[i] = infinite, infinite
	}
	s.readKeys()
	for i := 0; i <= s.n; i++ {
		s.backwards(i)
		if i == s.n {
			break
		}
		s.marked(i)
		s.words(i)
		s.copies(i)
		s.mirrors(i)
		s.sequence(i)
		s.walks(i)
		s.dates(i)
		s.model.token(i, i+1, s.sign[i], Sign)
		s.patterns.token(i, i+1, anySign, Sign)
	}
}
