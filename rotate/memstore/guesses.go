package memstore

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// guess is one counter and when it is forgotten.
type guess struct {
	counter rotate.Counter
	expires time.Time
}

// Guess implements [rotate.Guesses].
func (s *Store) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	var counter rotate.Counter
	if g, ok := s.guesses[key]; ok && !g.expires.Before(kept(now)) {
		counter = g.counter
	}
	changed, err := outcome(ctx, fn(&counter))
	if err != nil || !changed {
		return err
	}
	counter.Until = kept(counter.Until)
	s.guesses[key] = guess{counter: counter, expires: kept(expires)}
	return nil
}

// Prune implements [rotate.Guesses]. A negative keep counts as 0.
func (s *Store) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	before := len(s.guesses)
	maps.DeleteFunc(s.guesses, func(_ [32]byte, g guess) bool { return g.expires.Before(kept(now)) })
	if over := len(s.guesses) - max(0, keep); over > 0 {
		for _, key := range s.soonest()[:over] {
			delete(s.guesses, key)
		}
	}
	return before - len(s.guesses), nil
}

// soonest lists the keys of all counters, those that expire first in front.
func (s *Store) soonest() [][32]byte {
	return slices.SortedFunc(maps.Keys(s.guesses), func(a, b [32]byte) int {
		return cmp.Or(s.guesses[a].expires.Compare(s.guesses[b].expires), bytes.Compare(a[:], b[:]))
	})
}
