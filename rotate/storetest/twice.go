package storetest

import (
	"context"
	"slices"
	"time"

	"github.com/tillkey/tillkey/rotate"
)

// Twice returns a Store that works on s and runs every fn twice, as a database
// does after a serialization failure. The first run gets a throw-away copy, and
// what it returns is dropped, events and error included. An fn that is not pure
// shows: it counts twice, or remembers what it saw the first time.
//
// Any suite of flows can run on it; it is as safe for concurrent use as s.
func Twice(s rotate.Store) rotate.Store { return twice{s} }

type twice struct{ rotate.Store }

type edit = func(*rotate.Credential) ([]rotate.Event, error)

// rehearsed runs fn on a copy first.
func rehearsed(fn edit) edit {
	return func(c *rotate.Credential) ([]rotate.Event, error) {
		draft := c.Clone()
		_, _ = fn(&draft)
		return fn(c)
	}
}

func (t twice) Update(ctx context.Context, account string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return t.Store.Update(ctx, account, rehearsed(fn))
}

func (t twice) Batch(ctx context.Context, q rotate.Query, fn func(*rotate.Credential) ([]rotate.Event, error)) (n int, last string, err error) {
	return t.Store.Batch(ctx, q, rehearsed(fn))
}

func (t twice) Rename(ctx context.Context, from, to string, fn func(*rotate.Credential) ([]rotate.Event, error)) error {
	return t.Store.Rename(ctx, from, to, rehearsed(fn))
}

func (t twice) Place(ctx context.Context, fn func(seq int64) (rotate.Order, []rotate.Event, error)) error {
	return t.Store.Place(ctx, func(seq int64) (rotate.Order, []rotate.Event, error) {
		_, _, _ = fn(seq)
		return fn(seq)
	})
}

func (t twice) Guess(ctx context.Context, key [32]byte, now, expires time.Time, fn func(*rotate.Counter) error) error {
	return t.Store.Guess(ctx, key, now, expires, func(c *rotate.Counter) error {
		draft := *c
		_ = fn(&draft)
		return fn(c)
	})
}

func (t twice) UpdateKeys(ctx context.Context, fn func([]rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error)) error {
	return t.Store.UpdateKeys(ctx, func(keys []rotate.KeyState) ([]rotate.KeyState, []rotate.Event, error) {
		_, _, _ = fn(slices.Clone(keys))
		return fn(keys)
	})
}
