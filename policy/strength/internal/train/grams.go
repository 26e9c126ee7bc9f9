package train

import (
	"math"

	"github.com/tillkey/tillkey/policy/strength/internal/tables"
)

// signs is how many signs the model shares the rest of its mass among.
const signs = 90

// node is a context: the signs that follow it and how often.
type node struct {
	tail   []rune // the last sign first
	total  float64
	signs  []rune
	counts []float64
}

// grams counts which sign follows which context, and smooths the counts by
// absolute discounting.
type grams struct {
	discount float64
	nodes    map[uint64]*node // by the hash of the context
}

func (g *grams) add(folded []rune, weight float64) {
	tail := make([]rune, tables.Order-1)
	for i := range tail {
		tail[i] = tables.Start
	}
	for i := range len(folded) + 1 {
		r := tables.End
		if i < len(folded) {
			r = folded[i]
		}
		h := tables.Seed
		for k := 0; k < tables.Order; k++ {
			if k > 0 {
				h = tables.Step(h, tail[k-1])
			}
			n := g.nodes[h]
			if n == nil {
				n = &node{tail: append([]rune(nil), tail[:k]...)}
				g.nodes[h] = n
			}
			n.add(r, weight)
		}
		copy(tail[1:], tail[:len(tail)-1])
		tail[0] = r
	}
}

func (n *node) add(r rune, weight float64) {
	n.total += weight
	for i, s := range n.signs {
		if s == r {
			n.counts[i] += weight
			return
		}
	}
	n.signs, n.counts = append(n.signs, r), append(n.counts, weight)
}

func (n *node) count(r rune) float64 {
	for i, s := range n.signs {
		if s == r {
			return n.counts[i]
		}
	}
	return 0
}

// chance is the probability of a sign after a context, the last sign first.
func (g *grams) chance(tail []rune, r rune) float64 {
	p := 1.0 / signs
	h := tables.Seed
	for k := 0; k <= len(tail); k++ {
		if k > 0 {
			h = tables.Step(h, tail[k-1])
		}
		n := g.nodes[h]
		if n == nil {
			break
		}
		p = max(n.count(r)-g.discount, 0)/n.total + g.discount*float64(len(n.signs))/n.total*p
	}
	return p
}

// pack writes the model. An n-gram of k signs is kept if its weight is at
// least least(k) and telling it apart from the shorter one saves gain bits or
// more in all, or if it is the context of one that is kept; single signs
// always are.
func (g *grams) pack(c *tables.Contents, least func(k int) float64, gain float64) int {
	levels := [tables.Order][]uint64{}
	for h, n := range g.nodes {
		levels[len(n.tail)] = append(levels[len(n.tail)], h)
	}
	contexts := map[uint64]bool{} // that are kept
	written := 0
	for k := tables.Order; k > 1; k-- {
		for _, h := range levels[k-1] {
			n := g.nodes[h]
			kept, keptBelow, some := 0.0, 0.0, false
			for i, r := range n.signs {
				p, below := g.chance(n.tail, r), g.chance(n.tail[:k-2], r)
				worth := n.counts[i] >= least(k) && n.counts[i]*math.Abs(math.Log2(p/below)) >= gain
				if !worth && !contexts[after(n.tail, r)] {
					continue
				}
				kept, keptBelow, some = kept+p, keptBelow+below, true
				c.AddGram(h, r, eighths(p))
				written++
			}
			if some {
				contexts[h] = true
				back := max(1e-9, 1-kept) / max(1e-9, 1-keptBelow)
				c.AddBackoff(h, eighths(min(1, back)))
				written++
			}
		}
	}
	n := g.nodes[tables.Seed]
	for _, r := range n.signs {
		c.AddGram(tables.Seed, r, eighths(g.chance(nil, r)))
		written++
	}
	for r := ' '; r < 0x7f; r++ {
		if n.count(r) == 0 && (r < 'A' || r > 'Z') {
			c.AddGram(tables.Seed, r, eighths(g.chance(nil, r)))
		}
	}
	return written
}

// after is the hash of the context of a sign and the ones before it.
func after(tail []rune, r rune) uint64 {
	h := tables.Step(tables.Seed, r)
	for _, t := range tail {
		h = tables.Step(h, t)
	}
	return h
}

func eighths(p float64) int { return int(math.Round(-8 * math.Log2(p))) }
