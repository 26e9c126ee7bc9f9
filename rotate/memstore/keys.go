package memstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tillkey/tillkey/rotate"
)

// Keys implements [rotate.Keys].
func (s *Store) Keys(ctx context.Context) ([]rotate.KeyState, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	return slices.Clone(s.keys), nil
}

// UpdateKeys implements [rotate.Keys]. It refuses two states of one key.
func (s *Store) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	keys, events, err := fn(slices.Clone(s.keys))
	changed, err := outcome(ctx, err)
	if err != nil {
		return err
	}
	if err := s.admit(events); err != nil {
		return err
	}
	if changed {
		if keys, err = ownKeys(keys); err != nil {
			return err
		}
		s.keys = keys
	}
	s.write(events)
	return nil
}

// KeyUse implements [rotate.Keys].
func (s *Store) KeyUse(ctx context.Context, id string) (int, error) {
	if err := s.lock(ctx); err != nil {
		return 0, err
	}
	defer s.unlock()
	n := 0
	for _, row := range s.rows {
		ids, err := row.KeyIDs()
		if err != nil {
			return 0, err
		}
		if slices.Contains(ids, id) {
			n++
		}
	}
	return n, nil
}

// ownKeys returns key states as a database would give them back: oldest first.
func ownKeys(keys []rotate.KeyState) ([]rotate.KeyState, error) {
	keys = slices.Clone(keys)
	seen := make(map[string]bool, len(keys))
	for i := range keys {
		k := &keys[i]
		if seen[k.ID] {
			return nil, fmt.Errorf("memstore: key %q has two states", k.ID)
		}
		clone(&k.ID, &k.Canary)
		k.Added, k.Unused, k.Dropped = kept(k.Added), kept(k.Unused), kept(k.Dropped)
		seen[k.ID] = true
	}
	slices.SortFunc(keys, func(a, b rotate.KeyState) int {
		return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.ID, b.ID))
	})
	return keys, nil
}
