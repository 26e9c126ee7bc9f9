package sqlstore

import (
	"strconv"
	"strings"
	"sync"
)

// maxTexts bounds how many statements are remembered. There are some hundred.
const maxTexts = 1024

// texts turns the statements of this package into those of a database: with its
// prefix, its places for values, and its limits.
type texts struct {
	prefix   string
	before   string
	numbered bool

	mu   sync.RWMutex
	done map[string]string
}

func newTexts(d *dialect, prefix, before string) *texts {
	return &texts{prefix: prefix, before: before, numbered: d.numbered, done: make(map[string]string)}
}

// of returns the text of a statement.
func (t *texts) of(query string) string {
	t.mu.RLock()
	text, ok := t.done[query]
	t.mu.RUnlock()
	if ok {
		return text
	}
	text = t.before + prefixed(query, t.prefix)
	if t.numbered {
		text = numbered(text)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.done) < maxTexts {
		t.done[query] = text
	}
	return text
}

// prefixed writes a statement with another prefix. No statement holds a value.
func prefixed(query, prefix string) string {
	if prefix == defaultPrefix {
		return query
	}
	return strings.ReplaceAll(query, defaultPrefix, prefix)
}

// numbered writes $1, $2 and so on for each "?".
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	return b.String()
}
