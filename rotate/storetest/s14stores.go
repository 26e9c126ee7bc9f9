package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// failure is a way in which a write fails.
type failure string

const (
	// undone: within its transaction, after fn has run.
	undone failure = "undone"
	// late: it was done, and the caller does not get to know.
	late failure = "late"
	// ended: the context of the flow ends while fn runs.
	ended failure = "context ended"
	// panics: fn panics.
	panics failure = "panics"
)

// breaking is a Store whose n-th write fails.
type breaking struct {
	rotate.Store
	n      int
	how    failure
	cancel context.CancelFunc // of the flow
}

// fails tells whether this write does.
func (s *breaking) fails() bool {
	s.n--
	return s.n == 0
}

// write runs one write; broken is one that fails by its fn, or has none.
func (s *breaking) write(done, broken func() error) error {
	if !s.fails() {
		return done()
	}
	switch s.how {
	case late:
		_ = done()
		return errBoom
	case undone:
		// Nothing fails where an fn has no row to run on.
		return errors.Join(errBoom, broken())
	}
	return broken()
}

// strike is called when fn has run.
func (s *breaking) strike(err error) error {
	switch s.how {
	case panics:
		panic(errBoom)
	case ended:
		s.cancel()
		return err
	}
	return errBoom
}

// breaks runs fn and strikes.
func (s *breaking) breaks(fn edit) edit {
	return func(c *rotate.Credential) ([]rotate.Event, error) {
		events, err := fn(c)
		return events, s.strike(err)
	}
}

// without is a write that has no fn to break.
func (s *breaking) without(ctx context.Context, write func(ctx context.Context) error) error {
	if s.how == undone {
		ctx = cancelledOf(ctx)
	} else {
		s.strike(nil)
	}
	return write(ctx)
}

// cancelledOf is a context that is over.
func cancelledOf(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func (s *breaking) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	return s.write(
		func() error { return s.Store.Insert(ctx, c, events) },
		func() error {
			return s.without(ctx, func(ctx context.Context) error { return s.Store.Insert(ctx, c, events) })
		})
}

func (s *breaking) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.write(
		func() error { return s.Store.Update(ctx, account, fn) },
		func() error { return s.Store.Update(ctx, account, s.breaks(fn)) })
}

func (s *breaking) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	err = s.write(
		func() error { n, last, err = s.Store.Batch(ctx, q, fn); return err },
		func() error { _, _, err := s.Store.Batch(ctx, q, s.breaks(fn)); return err })
	return n, last, err
}

func (s *breaking) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return s.write(
		func() error { return s.Store.Rename(ctx, from, to, fn) },
		func() error { return s.Store.Rename(ctx, from, to, s.breaks(fn)) })
}

func (s *breaking) Erase(ctx context.Context, account string, events []rotate.Event) error {
	return s.write(
		func() error { return s.Store.Erase(ctx, account, events) },
		func() error {
			return s.without(ctx, func(ctx context.Context) error { return s.Store.Erase(ctx, account, events) })
		})
}

func (s *breaking) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	return s.write(
		func() error { return s.Store.Place(ctx, fn) },
		func() error {
			return s.Store.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
				o, events, err := fn(seq)
				return o, events, s.strike(err)
			})
		})
}

func (s *breaking) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	return s.write(
		func() error { return s.Store.Guess(ctx, key, now, expires, fn) },
		func() error {
			return s.Store.Guess(ctx, key, now, expires, func(c *rotate.Counter) error {
				return s.strike(fn(c))
			})
		})
}

func (s *breaking) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	return s.write(
		func() error { return s.Store.UpdateKeys(ctx, fn) },
		func() error {
			return s.Store.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
				keys, events, err := fn(keys)
				return keys, events, s.strike(err)
			})
		})
}

// watching is a Store that notes what is called while an fn of it runs.
type watching struct {
	rotate.Store
	inside atomic.Bool
	called []string
	// hashes counts the hashes computed so far.
	hashes func() uint64
}

// note notes a call from within an fn.
func (w *watching) note(call string) {
	if w.inside.Load() {
		w.called = append(w.called, call)
	}
}

// under runs an fn that is under a lock.
func (w *watching) under(fn func()) {
	before := w.hashes()
	w.inside.Store(true)
	fn()
	w.inside.Store(false)
	if w.hashes() != before {
		w.called = append(w.called, "a hash")
	}
}

func (w *watching) edit(fn edit) edit {
	return func(c *rotate.Credential) (events []rotate.Event, err error) {
		w.under(func() { events, err = fn(c) })
		return events, err
	}
}

func (w *watching) Insert(ctx context.Context, c rotate.Credential, events []rotate.Event) error {
	w.note("Insert")
	return w.Store.Insert(ctx, c, events)
}

func (w *watching) Load(ctx context.Context, account string) (rotate.Credential, error) {
	w.note("Load")
	return w.Store.Load(ctx, account)
}

func (w *watching) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	w.note("Update")
	return w.Store.Update(ctx, account, w.edit(fn))
}

func (w *watching) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	w.note("Batch")
	return w.Store.Batch(ctx, q, w.edit(fn))
}

func (w *watching) Page(ctx context.Context, q rotate.Query) ([]rotate.Credential, error) {
	w.note("Page")
	return w.Store.Page(ctx, q)
}

func (w *watching) Count(ctx context.Context, q rotate.Query) (int, error) {
	w.note("Count")
	return w.Store.Count(ctx, q)
}

func (w *watching) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	w.note("Rename")
	return w.Store.Rename(ctx, from, to, w.edit(fn))
}

func (w *watching) Erase(ctx context.Context, account string, events []rotate.Event) error {
	w.note("Erase")
	return w.Store.Erase(ctx, account, events)
}

func (w *watching) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	w.note("Place")
	return w.Store.Place(ctx, func(seq int64) (o rotate.Order, events []rotate.Event, err error) {
		w.under(func() { o, events, err = fn(seq) })
		return o, events, err
	})
}

func (w *watching) Orders(ctx context.Context, after int64) ([]rotate.Order, error) {
	w.note("Orders")
	return w.Store.Orders(ctx, after)
}

func (w *watching) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	w.note("Guess")
	return w.Store.Guess(ctx, key, now, expires, func(c *rotate.Counter) (err error) {
		w.under(func() { err = fn(c) })
		return err
	})
}

func (w *watching) Keys(ctx context.Context) ([]rotate.KeyState, error) {
	w.note("Keys")
	return w.Store.Keys(ctx)
}

func (w *watching) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	w.note("UpdateKeys")
	return w.Store.UpdateKeys(ctx, func(old []rotate.KeyState) (keys []rotate.KeyState, events []rotate.Event, err error) {
		w.under(func() { keys, events, err = fn(old) })
		return keys, events, err
	})
}

func (w *watching) KeyUse(ctx context.Context, id string) (int, error) {
	w.note("KeyUse")
	return w.Store.KeyUse(ctx, id)
}
