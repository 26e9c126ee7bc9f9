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

	mu      sync.Mutex
	entries map[prefix]*list.Element // of *cached
	recent  list.List                // most recently used first
}

// kept is an answer of the service. It does not change.
type kept struct {
	answer *answer
	etag   string    // for a conditional request, or ""
	at     time.Time // when the service last confirmed it
}

// younger tells whether the service confirmed the answer less than d ago. One
// from the future counts as too old: the clock was turned back.
func (k *kept) younger(d time.Duration, now time.Time) bool {
	age := now.Sub(k.at)
	return age >= 0 && age < d
}

type cached struct {
	prefix prefix
	*kept
}

func newCache(limit int) *cache {
	return &cache{limit: limit, entries: make(map[prefix]*list.Element)}
}

// get returns the answer of a prefix of whatever age, or nil.
func (c *cache) get(p prefix) *kept {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[p]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(element)
	return element.Value.(cached).kept
}

// put stores an answer and drops the least recently used one above the limit.
func (c *cache) put(p prefix, k *kept) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if element, ok := c.entries[p]; ok {
		c.drop(element)
	}
	c.entries[p] = c.recent.PushFront(cached{p, k})
	for len(c.entries) > c.limit {
		c.drop(c.recent.Back())
	}
}

func (c *cache) drop(element *list.Element) {
	delete(c.entries, element.Value.(cached).prefix)
	c.recent.Remove(element)
}
