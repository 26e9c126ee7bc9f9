package corpus

import (
	"errors"
	"fmt"
)

// The load is how many keys a slot has on average. Between 0.71 and 1.42 the
// file is smallest; which it is follows from the number of keys alone.
const (
	leastLoad = 71 // of 100 slots
	mostLoad  = 400
)

// plan is what shall be written.
type plan struct {
	layout
	kind     Kind
	full     bool
	stamp    int64
	facts    facts // of the source
	limit    uint  // of blockBits
	workers  int
	progress func(Progress)
}

func newPlan(in reader, options Options) (*plan, error) {
	facts := in.facts()
	p := &plan{
		layout: layout{
			remainderBits: uint(options.RemainderBits), counts: options.Counts, minCount: max(options.MinCount, facts.least),
		},
		kind: options.Kind, full: options.Full || facts.full, stamp: options.stamp(),
		facts: facts, workers: options.Workers, progress: options.Progress,
	}
	if p.stamp == 0 {
		p.stamp = facts.stamp
	}
	switch {
	case !facts.counted && options.Counts:
		return nil, errors.New("corpus: the source has no counts to keep")
	case !facts.counted && p.minCount > facts.least:
		return nil, errors.New("corpus: the source has no counts to compare with MinCount")
	case facts.depth < slotBits+p.remainderBits:
		return nil, fmt.Errorf("corpus: the source keeps %d bits of its hashes, too few for %d remainder bits", facts.depth, p.remainderBits)
	}
	p.limit = min(facts.depth-slotBits-p.remainderBits, maxBlockBits)
	keys, deviation, err := in.expect(p.minCount)
	if err != nil {
		return nil, err
	}
	// It is cheaper to have guessed too much than too little.
	for p.wantsMore(int64(keys * (1 + deviation))) {
		p.blockBits++
	}
	if p.tooShallow() && keys*(1-2*deviation) > float64(p.most()) {
		return nil, p.errShallow()
	}
	return p, nil
}

// wantsMore tells whether so many keys may want twice the blocks.
func (p *plan) wantsMore(keys int64) bool {
	return p.blockBits < p.limit && keys*100 >= leastLoad<<(p.blockBits+1+slotBits)
}

// wantsLess tells whether so many keys want half the blocks.
func (p *plan) wantsLess(keys int64) bool {
	return p.blockBits > 0 && keys*100 < leastLoad<<(p.blockBits+slotBits)
}

// tooShallow tells whether there would be more blocks if the source knew more
// bits.
func (p *plan) tooShallow() bool { return p.blockBits == p.limit && p.limit < maxBlockBits }

func (p *plan) errShallow() error {
	return fmt.Errorf("corpus: the source keeps too few bits of its hashes, %d, for so many with %d remainder bits; "+
		"build from the text or list that it is of", p.facts.depth, p.remainderBits)
}

// most is how many keys fit.
func (p *plan) most() int64 { return mostLoad << (p.blockBits + slotBits) / 100 }

// header returns the header of a file without sections.
func (p *plan) header() header {
	return header{layout: p.layout, kind: p.kind, full: p.full, stamp: p.stamp}
}
