package memstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// entry is one event and how far its delivery is.
type entry struct {
	event     rotate.Event
	leased    time.Time // until when
	delivered bool
}

// Lease implements [rotate.Outbox]. A limit below 1 leases nothing.
func (s *Store) Lease(ctx context.Context, limit int, now, until time.Time) ([]rotate.Event, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	var leased []rotate.Event
	for _, e := range s.waiting {
		if len(leased) >= limit {
			break
		}
		if e.delivered || kept(now).Before(e.leased) {
			continue
		}
		e.leased = kept(until)
		leased = append(leased, e.event)
	}
	return leased, nil
}

// Delivered implements [rotate.Outbox].
func (s *Store) Delivered(ctx context.Context, ids []string) error {
	if err := s.lock(ctx); err != nil {
		return err
	}
	defer s.unlock()
	for _, id := range ids {
		if e, ok := s.events[id]; ok && !e.delivered {
			e.delivered = true
			s.done++
		}
	}
	s.trim()
	return nil
}

// trim drops delivered events from those that wait: at once in front, where they
// nearly always are, and all when they are the most.
func (s *Store) trim() {
	for len(s.waiting) > 0 && s.waiting[0].delivered {
		s.waiting = s.waiting[1:]
		s.done--
	}
	if 2*s.done > len(s.waiting) {
		s.waiting = slices.DeleteFunc(s.waiting, func(e *entry) bool { return e.delivered })
		s.done = 0
	}
}

// Events implements [rotate.Outbox]. A limit below 1 reads nothing. The error
// is [rotate.ErrNotFound] if there is no event named before: the caller starts
// again with the newest.
func (s *Store) Events(ctx context.Context, account, before string, limit int) ([]rotate.Event, error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	older := s.trail
	if before != "" {
		e, ok := s.events[before]
		if !ok {
			return nil, rotate.ErrNotFound
		}
		older = s.trail[:slices.Index(s.trail, e)]
	}
	var page []rotate.Event
	for _, e := range slices.Backward(older) {
		if len(page) >= limit {
			break
		}
		if account == "" || e.event.Account == account {
			page = append(page, e.event)
		}
	}
	return page, nil
}

// admit reports events that cannot be written, before anything is.
func (s *Store) admit(events []rotate.Event) error {
	seen := make(map[string]bool, len(events))
	for _, e := range events {
		if e.ID == "" {
			return errors.New("memstore: an event has no id")
		}
		if s.events[e.ID] != nil || seen[e.ID] {
			return fmt.Errorf("memstore: there is an event %q already", e.ID)
		}
		seen[e.ID] = true
	}
	return nil
}

// write adds events that were admitted.
func (s *Store) write(events []rotate.Event) {
	for _, e := range events {
		n := &entry{event: ownEvent(e)}
		s.trail = append(s.trail, n)
		s.waiting = append(s.waiting, n)
		s.events[n.event.ID] = n
	}
}

// renameEvents makes the events of one account those of another.
func (s *Store) renameEvents(from, to string) {
	for _, e := range s.trail {
		if e.event.Account == from {
			e.event.Account = to
		}
		if e.event.To == from {
			e.event.To = to
		}
	}
}

// eraseEvents deletes the events that name an account.
func (s *Store) eraseEvents(account string) {
	gone := func(e *entry) bool { return names(e.event, account) }
	for _, e := range s.trail {
		if gone(e) {
			delete(s.events, e.event.ID)
		}
	}
	s.trail = slices.DeleteFunc(s.trail, gone)
	s.waiting = slices.DeleteFunc(s.waiting, func(e *entry) bool { return e.delivered || gone(e) })
	s.done = 0
}

// names tells whether an event is about an account, under its present id or
// the one it moved to.
func names(e rotate.Event, account string) bool {
	return e.Account == account || e.To == account
}

// ownEvent returns an event as a database would give it back.
func ownEvent(e rotate.Event) rotate.Event {
	clone(&e.ID, &e.Account, &e.Actor, &e.Key, &e.To)
	clone(&e.Kind)
	clone(&e.Reason)
	clone(&e.Order)
	e.At, e.By = kept(e.At), kept(e.By)
	return e
}
