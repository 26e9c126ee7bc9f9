package strength_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/tillkey/tillkey/policy/strength"
)

// TestWorst looks for what costs most to rate: texts of 64, 1 000 and 4 000
// signs, the old password and a text about someone, bred from random pieces.
// The figures are wall time, the best of several runs, and mean something on
// an idle machine only. It takes half a minute: set STRENGTH_WORST.
func TestWorst(t *testing.T) {
	if os.Getenv("STRENGTH_WORST") == "" {
		t.Skip("STRENGTH_WORST is not set")
	}
	for _, n := range []int{64, 1000, 4000} {
		b := breeder{n: n, random: rand.New(rand.NewPCG(1, uint64(n)))}
		worst := b.breed(12, 1200)
		t.Logf("%d signs: %v, alone %v: %q after %q, about %q", n, worst.cost(15), alone(worst.password, 15),
			worst.password[:min(len(worst.password), 100)], worst.old[:min(len(worst.old), 40)], worst.about[:min(len(worst.about), 40)])
	}
}

// pieces are what hostile texts are bred from, beside random signs.
var pieces = append([]string{
	"1!|", "4@8({3[<6903!1|7$5+%2", "0.1-1.1985", "19-8-1-", "öäß日", "p@$$w0rd1!", "m4r14 ", "t1llk3y-", "11", "А", "abcb", "mari", "anna", "lovelo",
}, samples[1:]...)

type subject struct{ password, old, about string }

// cost is the shortest of several runs with all that is known.
func (s subject) cost(runs int) time.Duration {
	return shortest(runs, func() {
		strength.EstimateChange(s.old, s.password, "Tillkey", "Maria Lopez", "maria.lopez@shop.example", s.about)
	})
}

func alone(password string, runs int) time.Duration {
	return shortest(runs, func() { strength.Estimate(password) })
}

func shortest(runs int, do func()) time.Duration {
	all := make([]time.Duration, runs)
	for i := range all {
		start := time.Now()
		do()
		all[i] = time.Since(start)
	}
	return slices.Min(all)
}

// breeder keeps the subjects that cost most.
type breeder struct {
	n      int
	random *rand.Rand
	kept   []subject
	costs  []time.Duration
}

func (b *breeder) breed(keep, rounds int) subject {
	for _, p := range pieces {
		b.try(subject{b.fill(nil, []rune(p)), b.fill(nil, []rune(p)), p}, keep)
	}
	for range rounds {
		child := b.kept[b.random.IntN(len(b.kept))]
		other := b.kept[b.random.IntN(len(b.kept))]
		switch b.random.IntN(8) {
		case 0:
			child.old = other.password
		case 1:
			child.about = b.part([]rune(child.password))
		default:
			child.password = b.change([]rune(child.password), []rune(other.password))
		}
		b.try(child, keep)
	}
	return b.kept[0]
}

// try keeps a subject if it costs more than the cheapest of those kept, the
// dearest first.
func (b *breeder) try(s subject, keep int) {
	cost := s.cost(3)
	at := len(b.kept)
	for at > 0 && b.costs[at-1] < cost {
		at--
	}
	if at == keep {
		return
	}
	if cost = s.cost(7); at > 0 && cost > b.costs[at-1] {
		cost = b.costs[at-1]
	}
	b.kept, b.costs = slices.Insert(b.kept, at, s), slices.Insert(b.costs, at, cost)
	b.kept, b.costs = b.kept[:min(keep, len(b.kept))], b.costs[:min(keep, len(b.costs))]
}

// change puts a piece, random signs, a part of its own or one of another in
// the middle of a text.
func (b *breeder) change(signs, other []rune) string {
	at, count := b.random.IntN(b.n), 1+b.random.IntN(b.n/2)
	from := b.random.IntN(b.n)
	piece := []rune(pieces[b.random.IntN(len(pieces))])
	kind := b.random.IntN(4)
	out := slices.Clone(signs)
	for i := range count {
		to := (at + i) % b.n
		switch kind {
		case 0:
			out[to] = piece[i%len(piece)]
		case 1:
			out[to] = rune('!' + b.random.IntN(94))
		case 2:
			out[to] = signs[(from+i)%b.n]
		default:
			out[to] = other[to]
		}
	}
	return string(out)
}

func (b *breeder) fill(signs, piece []rune) string {
	for len(signs) < b.n {
		signs = append(signs, piece...)
	}
	return string(signs[:b.n])
}

// part is up to 256 signs of a text.
func (b *breeder) part(signs []rune) string {
	from := b.random.IntN(len(signs))
	return string(signs[from:min(len(signs), from+1+b.random.IntN(256))])
}
