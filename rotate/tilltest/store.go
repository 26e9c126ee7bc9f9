package tilltest

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Store is a Store that can be made to fail, so that a test sees what a shop
// does while its database is away. Methods are those of the Store inside.
type Store struct {
	inside rotate.Store
	broken atomic.Pointer[error]
}

var _ rotate.Store = (*Store)(nil)

// Break lets every call fail with err before it does anything, until Break is
// called with nil. Calls under way come to their end.
func (s *Store) Break(err error) {
	if err == nil {
		s.broken.Store(nil)
		return
	}
	s.broken.Store(&err)
}

// fault is the error to fail with, if any.
func (s *Store) fault() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// Insert implements [rotate.Credentials].
func (s *Store) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Insert(ctx, c, events)
}

// Load implements [rotate.Credentials].
func (s *Store) Load(ctx context.Context, account string) (rotate.Credential, error) {
	if err := s.fault(); err != nil {
		return rotate.Credential{}, err
	}
	return s.inside.Load(ctx, account)
}

// Update implements [rotate.Credentials].
func (s *Store) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Update(ctx, account, fn)
}

// Batch implements [rotate.Credentials].
func (s *Store) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	if err := s.fault(); err != nil {
		return 0, "", err
	}
	return s.inside.Batch(ctx, q, fn)
}

// Page implements [rotate.Credentials].
func (s *Store) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.inside.Page(ctx, q)
}

// Count implements [rotate.Credentials].
func (s *Store) Count(ctx context.Context, q rotate.Query) (int, error) {
	if err := s.fault(); err != nil {
		return 0, err
	}
	return s.inside.Count(ctx, q)
}

// Rename implements [rotate.Credentials].
func (s *Store) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Rename(ctx, from, to, fn)
}

// Erase implements [rotate.Credentials].
func (s *Store) Erase(ctx context.Context, account string, events []rotate.Event) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Erase(ctx, account, events)
}

// Place implements [rotate.Orders].
func (s *Store) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Place(ctx, fn)
}

// Orders implements [rotate.Orders].
func (s *Store) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.inside.Orders(ctx, after)
}

// Guess implements [rotate.Guesses].
func (s *Store) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Guess(ctx, key, now, expires, fn)
}

// Prune implements [rotate.Guesses].
func (s *Store) Prune(ctx context.Context, now time.Time, keep int) (int, error) {
	if err := s.fault(); err != nil {
		return 0, err
	}
	return s.inside.Prune(ctx, now, keep)
}

// Lease implements [rotate.Outbox].
func (s *Store) Lease(ctx context.Context, limit int, now, until time.Time) ([]rotate.Event, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.inside.Lease(ctx, limit, now, until)
}

// Delivered implements [rotate.Outbox].
func (s *Store) Delivered(ctx context.Context, ids []string) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.Delivered(ctx, ids)
}

// Events implements [rotate.Outbox].
func (s *Store) Events(ctx context.Context, account, before string, limit int) ([]rotate.Event, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.inside.Events(ctx, account, before, limit)
}

// Keys implements [rotate.Keys].
func (s *Store) Keys(ctx context.Context) ([]rotate.KeyState, error) {
	if err := s.fault(); err != nil {
		return nil, err
	}
	return s.inside.Keys(ctx)
}

// UpdateKeys implements [rotate.Keys].
func (s *Store) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.inside.UpdateKeys(ctx, fn)
}

// KeyUse implements [rotate.Keys].
func (s *Store) KeyUse(ctx context.Context, id string) (int, error) {
	if err := s.fault(); err != nil {
		return 0, err
	}
	return s.inside.KeyUse(ctx, id)
}
