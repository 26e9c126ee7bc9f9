package tables

import (
	"encoding/binary"
	"math/bits"
)

// Knot is one point of the curve, in thousandths of a power of ten.
type Knot struct{ Score, Guesses int }

// Contents is what a file is made of. The order in which texts and grams are
// added makes no difference.
type Contents struct {
	Curve  []Knot // rising in both numbers, at least two
	texts  []entry
	starts map[uint64]bool // the hashes of starts
	grams  []entry
}

// AddText adds a text of the list, folded.
func (c *Contents) AddText(text []rune, kind Kind, cost int) {
	if c.starts == nil {
		c.starts = map[uint64]bool{}
	}
	h := Seed
	for i, r := range text {
		h = Step(h, r)
		if IsStart(i + 1) {
			c.starts[h] = true
		}
	}
	c.texts = append(c.texts, entry{Finish(h), byte(kind), byte(min(cost, 255))})
}

// startBits is the set of the starts, two bits for each.
func (c *Contents) startBits() []byte {
	set := make([]byte, len(c.starts)/4+1)
	for h := range c.starts {
		at, _ := bits.Mul64(h, uint64(8*len(set)))
		set[at/8] |= 1 << (at % 8)
	}
	return set
}

// AddGram adds the cost of a sign after a context.
func (c *Contents) AddGram(context uint64, r rune, cost int) {
	c.grams = append(c.grams, entry{gramKey(context, r), 0, byte(min(cost, 255))})
}

// AddBackoff adds what it costs to leave a context.
func (c *Contents) AddBackoff(context uint64, cost int) {
	c.grams = append(c.grams, entry{backoffKey(context), 0, byte(min(cost, 255))})
}

// Encode returns the file.
func (c *Contents) Encode() []byte {
	list, grams, starts := newIndex(c.texts, 3), newIndex(c.grams, 2), c.startBits()
	out := []byte(magic)
	for _, n := range []int{len(c.Curve), int(list.buckets), len(list.values), int(grams.buckets), len(grams.values), len(starts)} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	for _, k := range c.Curve {
		out = binary.LittleEndian.AppendUint32(out, uint32(k.Score))
		out = binary.LittleEndian.AppendUint32(out, uint32(k.Guesses))
	}
	for _, x := range []index{list, grams} {
		out = append(append(append(out, x.offsets...), x.prints...), x.values...)
	}
	return append(out, starts...)
}
