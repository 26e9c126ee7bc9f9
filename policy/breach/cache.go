package breach

import (
	"container/list"
	"sync"
	"time"
)

// cache keeps the latest answers by prefix, in memory only. Its keys are
// prefixes, never hashes. It is safe for concurrent use. A nil cache is empty
// and stays so.
type cache struct {
	limit int
	ttl   time.Duration

	mu      sync.Mutex
	entries map[prefix]*list.Element // of *cached
	recent  list.List                // most recently used first
}

type cached struct {
	prefix prefix
	answer *answer
	stored time.Time
}

func newCache(limit int, ttl time.Duration) *cache {
	return &cache{limit: limit, ttl: ttl, entries: make(map[prefix]*list.Element)}
}

// get returns the answer of a prefix, or nil if there is none that is younger
// than the limit. An answer from the future counts as too old: the clock was
// turned back.
func (c *cache) get(p prefix, now time.Time) *answer {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[p]
	if !ok {
		return nil
	}
	entry := element.Value.(*cached)
	if age := now.Sub(entry.stored); age < 0 || age >= c.ttl {
		c.drop(element)
		return nil
	}
	c.recent.MoveToFront(element)
	return entry.answer
}

// put stores an answer and drops the least recently used one above the limit.
func (c *cache) put(p prefix, a *answer, now time.Time) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[p]; ok {
		c.drop(element)
	}
	c.entries[p] = c.recent.PushFront(&cached{prefix: p, answer: a, stored: now})
	for len(c.entries) > c.limit {
		c.drop(c.recent.Back())
	}
}

func (c *cache) drop(element *list.Element) {
	delete(c.entries, element.Value.(*cached).prefix)
	c.recent.Remove(element)
}
