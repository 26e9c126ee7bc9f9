package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

// query is what is looked up.
type query struct {
	entry
	bytes [20]byte
	hit   bool
}

// contender answers queries.
type contender struct {
	name   string
	counts bool // the answer is the exact count
	count  func(*query) int
	round  func(x *contender, frequency float64) error // measures in another process
	close  func() error
	loop   float64 // nanoseconds, of the best round
	chain  float64
	hits   percentiles
	misses percentiles
	other  int // a hit with another answer than its own count
	chance int // a miss that is found
}

type percentiles struct{ p50, p99 float64 }

func (p *percentiles) keepLeast(q percentiles) {
	keepLeast(&p.p50, q.p50)
	keepLeast(&p.p99, q.p99)
}

func keepLeast(a *float64, b float64) {
	if *a == 0 || b < *a {
		*a = b
	}
}

// ours returns a contender for a corpus.
func (c config) ours(name, file string, access corpus.Access, counts bool) (contender, error) {
	opened, err := corpus.Open(c.corpus(file), corpus.OpenOptions{Access: access, Preload: access == corpus.Map})
	if err != nil {
		return contender{}, err
	}
	return contender{name: name, counts: counts, count: func(q *query) int {
		n, err := opened.Count(q.bytes[:])
		if err != nil {
			panic(err)
		}
		return n
	}, close: opened.Close}, nil
}

func (c config) contenders() ([]*contender, error) {
	var all []*contender
	add := func(x contender, err error) error {
		if err == nil && strings.HasPrefix(x.name, c.only) {
			all = append(all, &x)
		}
		return err
	}
	for _, form := range forms {
		if err := add(c.ours(form.name, form.name, corpus.Map, form.options.Counts)); err != nil {
			return nil, err
		}
	}
	if err := add(c.ours("read pwb16", "pwb16", corpus.Read, false)); err != nil {
		return nil, err
	}
	if c.only == "pwb" {
		return all, nil
	}
	load, err := c.shards()
	if err != nil {
		return nil, err
	}
	sharded, _, _, err := buildShards(load, true)
	if err != nil {
		return nil, err
	}
	_ = add(contender{name: "fuse16/256", count: func(q *query) int { return sharded.count(&q.entry) }}, nil)
	if c.n <= 200_000_000 && !c.quick {
		filter, _, err := c.buildFuse()
		if err != nil {
			return nil, err
		}
		_ = add(contender{name: "fuse16", count: func(q *query) int { return filter.count(&q.entry) }}, nil)
		r := buildRecords(synth{c.n})
		_ = add(contender{name: "interpolation", counts: true, count: func(q *query) int { return interpolation{r}.count(&q.entry) }}, nil)
		_ = add(contender{name: "binary search", counts: true, count: func(q *query) int { return binarySearch{r}.count(&q.entry) }}, nil)
	}
	return all, nil
}

// drawQueries draws half hits and half misses.
func (c config) drawQueries() []query {
	r := random(12345)
	var room []entry
	all := make([]query, c.queries)
	for i := range all {
		q := &all[i]
		if q.hit = r.next()&1 == 0; q.hit {
			q.entry = synth{c.n}.member(&r, room)
		} else {
			q.entry = stranger(&r)
		}
		q.bytes = q.sum()
	}
	return all
}

// measureLookUps prints the times of all contenders.
func (c config) measureLookUps() error {
	all, err := c.contenders()
	if err != nil {
		return err
	}
	if c.hibp != "" {
		others, end, err := c.hibpContenders()
		if err != nil {
			return err
		}
		defer end()
		all = append(all, others...)
	}
	queries := c.drawQueries()
	frequency := calibrate()
	for round := range c.rounds {
		for i := range all {
			x := all[(i+round)%len(all)]
			if x.round != nil {
				if err := x.round(x, frequency); err != nil {
					return err
				}
				continue
			}
			if round == 0 {
				x.judge(queries)
			}
			x.measure(queries, frequency)
		}
	}
	fmt.Printf("\n%-14s %8s %8s %17s %17s   %s\n", "look-up, ns", "loop", "chain", "hit p50 / p99", "miss p50 / p99", "hits with another count, misses found")
	for _, x := range all {
		fmt.Printf("%-14s %8.0f %8.0f %8.0f /%7.0f %8.0f /%7.0f   %d, %d\n", x.name, x.loop, x.chain,
			x.hits.p50, x.hits.p99, x.misses.p50, x.misses.p99, x.other, x.chance)
		if x.close != nil {
			if err := x.close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge counts hits that are not found or have another count than their own, as
// the few have whose kept bits are those of another, and misses that are found.
func (x *contender) judge(queries []query) {
	for i := range queries {
		q := &queries[i]
		n := x.count(q)
		switch {
		case q.hit && (n == 0 || x.counts && n != int(q.entry.count)):
			x.other++
		case !q.hit && n > 0:
			x.chance++
		}
	}
}

// measure goes three times over the queries: in a loop, in a chain in which
// each waits for the answer before, and with a look at the clock around each.
func (x *contender) measure(queries []query, frequency float64) {
	begin, sum := time.Now(), 0
	for i := range queries {
		sum += x.count(&queries[i])
	}
	loop := float64(time.Since(begin)) / float64(len(queries))
	begin = time.Now()
	last := sum & math.MinInt64
	for i := range queries {
		last = x.count(&queries[i+last>>40]) // no count is so large
	}
	chain := float64(time.Since(begin)) / float64(len(queries))
	hits, misses := make([]uint32, 0, len(queries)), make([]uint32, 0, len(queries))
	for i := range queries {
		q := &queries[i]
		t := ticks()
		sum += x.count(q)
		t = ticks() - t
		if q.hit {
			hits = append(hits, uint32(t))
		} else {
			misses = append(misses, uint32(t))
		}
	}
	if sum < 0 {
		fmt.Fprintln(os.Stderr, "impossible sum")
	}
	keepLeast(&x.loop, loop)
	keepLeast(&x.chain, chain)
	for _, p := range []struct {
		to    *percentiles
		ticks []uint32
	}{{&x.hits, hits}, {&x.misses, misses}} {
		slices.Sort(p.ticks)
		p.to.keepLeast(percentiles{
			float64(p.ticks[len(p.ticks)/2]) / frequency,
			float64(p.ticks[len(p.ticks)*99/100]) / frequency,
		})
	}
}

// calibrate returns the ticks in a nanosecond.
func calibrate() float64 {
	begin, t := time.Now(), ticks()
	for time.Since(begin) < 100*time.Millisecond {
	}
	return float64(ticks()-t) / float64(time.Since(begin))
}
