package corpus

import (
	"context"
	"errors"
	"math"
)

// maxSources bounds the sources of a Merge.
const maxSources = 256

// Merge is several sources at once: what any of them holds, with the largest
// count that one of them has for it. Where they keep different bits of their
// hashes, or left out rare passwords, the result keeps what all of them do: the
// fewest bits and the largest MinCount. It is as new as the newest of them.
func Merge(sources ...Source) Source { return merge(sources) }

type merge []Source

func (m merge) open(ctx context.Context, w workspace) (reader, error) {
	if len(m) == 0 || len(m) > maxSources {
		return nil, errors.New("corpus: Merge needs 1 to 256 sources")
	}
	all := make(merged, 0, len(m))
	for _, source := range m {
		r, err := source.open(ctx, w)
		if err != nil {
			all.close()
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// merged is several sources that are being read.
type merged []reader

func (m merged) facts() facts {
	all := m[0].facts()
	for _, r := range m[1:] {
		f := r.facts()
		all.size += f.size
		all.depth = min(all.depth, f.depth)
		all.counted = all.counted && f.counted
		all.least = max(all.least, f.least)
		all.full = all.full || f.full
		all.stamp = max(all.stamp, f.stamp)
	}
	return all
}

func (m merged) expect(minCount uint32) (keys, deviation float64, err error) {
	for _, r := range m {
		k, d, err := r.expect(minCount)
		if err != nil {
			return 0, 0, err
		}
		keys, deviation = keys+k, max(deviation, d)
	}
	return keys, deviation, nil
}

func (m merged) cursor() cursor {
	c := &mergeCursor{parts: make([]part, len(m))}
	for i, r := range m {
		c.parts[i].cursor = r.cursor()
	}
	return c
}

func (m merged) finish() error {
	for _, r := range m {
		if err := r.finish(); err != nil {
			return err
		}
	}
	return nil
}

func (m merged) hole(gap uint64) error {
	// The hole is in all of them.
	for _, r := range m {
		if err := r.hole(gap); err != nil {
			return err
		}
	}
	return nil
}

func (m merged) close() {
	for _, r := range m {
		r.close()
	}
}

// part is a stretch of one of the sources.
type part struct {
	cursor
	batch
	at int // the next key
}

// head returns the next key, or one above all if there is none.
func (p *part) head() key {
	if p.at < len(p.keys) {
		return p.keys[p.at]
	}
	return key{math.MaxUint64, math.MaxUint64}
}

type mergeCursor struct{ parts []part }

func (c *mergeCursor) load(ctx context.Context, s stretch, into *batch) error {
	left := 0
	for i := range c.parts {
		p := &c.parts[i]
		p.reset()
		p.at = 0
		// Rows that are left out count for the holes, so they are read too.
		all := s
		all.minCount = 0
		if err := p.load(ctx, all, &p.batch); err != nil {
			return err
		}
		left += len(p.keys)
		into.bytes += p.bytes
	}
	into.grow(left)
	for range left {
		first := 0
		for i := 1; i < len(c.parts); i++ {
			p, best := &c.parts[i], &c.parts[first]
			if best.at == len(best.keys) || p.at < len(p.keys) && p.head().compare(best.head()) < 0 {
				first = i
			}
		}
		p := &c.parts[first]
		k, count := p.keys[p.at], p.counts[p.at]
		p.at++
		into.saw(k.high)
		if count >= s.minCount {
			into.add(k, count)
		}
	}
	return nil
}
