package generate

import (
	"context"
	"fmt"
	"math"
	"unicode/utf8"
)

// hopeless is how many refusals at the start of a sample end it while there
// are other lengths to try.
const hopeless = 48

// sample is what trials said about passwords of some length.
type sample struct {
	units    int
	tried    int
	accepted int
	bits     float64
	refused  refusals
}

// plan finds how many units the passwords have.
func (g *Generator) plan(ctx context.Context) error {
	best := sample{bits: math.Inf(-1), refused: make(refusals)}
	lengths := g.lengths()
	for _, n := range lengths {
		s, err := g.try(ctx, n, len(lengths) > 1)
		if err != nil {
			return err
		}
		if s.better(best) {
			best = s
		}
		if s.accepted >= trials/2 && s.bits >= g.recipe.goal() {
			break
		}
	}
	if best.accepted < fewest || best.bits < g.recipe.floor() {
		return &UnmetError{
			Codes: best.refused.codes(), Tried: best.tried, Accepted: best.accepted,
			Bits: max(best.bits, 0), Want: g.recipe.floor(),
		}
	}
	g.units, g.bits = best.units, best.bits
	return nil
}

// better says whether a sample beats the best one so far: what is accepted, and
// worth the most; or else what tells the most about why it is not.
func (s sample) better(best sample) bool {
	fine := func(s sample) bool { return s.accepted >= fewest }
	switch {
	case fine(s) != fine(best):
		return fine(s)
	case fine(s):
		return s.bits > best.bits
	case s.tried == 0 || best.tried == 0:
		return s.tried > 0 || best.tried == 0 && s.bits > best.bits
	}
	return s.accepted > best.accepted
}

// try draws passwords of n units and asks the policy about them.
func (g *Generator) try(ctx context.Context, n int, others bool) (sample, error) {
	s := sample{units: n, bits: g.form.bits(n), refused: make(refusals)}
	if s.bits < g.recipe.floor() {
		return s, nil // and there may be nothing to draw
	}
	for range trials {
		if err := ctx.Err(); err != nil {
			return s, fmt.Errorf("generate: new: %w", err)
		}
		s.tried++
		if v := g.recipe.Policy.Preview(g.form.draw(n), g.recipe.About...); len(v.Problems) > 0 {
			s.refused.add(v)
		} else {
			s.accepted++
		}
		if others && s.accepted == 0 && s.tried == hopeless {
			break
		}
	}
	s.bits += math.Log2(atLeast(s.accepted, s.tried))
	if len(g.recipe.Policy.Breach) > 0 {
		s.bits += math.Log2(max(0, 1-math.Exp2(maxLeaked-s.bits)))
	}
	return s, nil
}

// lengths returns the numbers of units to try, the most promising ones first.
func (g *Generator) lengths() []int {
	r := g.recipe
	if fixed := r.Length + r.Words; fixed > 0 {
		return []int{fixed}
	}
	const margin = 0.2 // bits that trials take away where all are accepted
	enough := 1
	for enough < MaxLength && g.form.bits(enough) < r.goal()+margin {
		enough++
	}
	var lengths []int
	codePoints, bytes := r.Policy.Caps()
	if r.Kind == Characters {
		most := min(codePoints, bytes, MaxLength)
		for n := min(max(enough, r.Policy.MinLength), most); n < most; n += max(1, n/4) {
			lengths = append(lengths, n)
		}
		return append(lengths, most)
	}
	most := max(1, min(g.form.fitting(codePoints, utf8.RuneCountInString), g.form.fitting(bytes, size), MaxWords))
	start := min(max(enough, g.form.fitting(r.Policy.MinLength, utf8.RuneCountInString)+1), most)
	for n := start; n <= most; n++ {
		lengths = append(lengths, n)
	}
	for n := start - 1; n > 0 && g.form.bits(n) >= r.floor(); n-- {
		lengths = append(lengths, n)
	}
	return lengths
}

// size returns how many bytes a word has.
func size(word string) int { return len(word) }

// fitting returns how many words fit a length in the mean, by how long one is.
func (f form) fitting(length int, long func(word string) int) int {
	total := 0
	for _, word := range f.words {
		total += long(word)
	}
	gap := float64(len(f.separator))
	room := float64(length) + gap
	if f.needDigit {
		room -= gap + 1
	}
	return max(0, int(room/(float64(total)/float64(len(f.words))+gap)))
}
