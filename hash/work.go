package hash

import (
	"context"
	"errors"
	"time"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// work is one or more computations that share a permit.
type work struct {
	bytes int64 // memory of one computation
	steps []func() error
}

// run waits for a permit and does the steps one after the other until one gives
// something else than ErrMismatch. It returns what the last step returned, or
// what acquire returned.
//
// A computation cannot be interrupted. If the context ends during a step, run
// returns the context's error at once, the step runs to its end in the
// background, no further step begins, and only then is the permit given back:
// a caller that goes away and comes again cannot pile up memory.
func (b *Budget) run(ctx context.Context, w work) error {
	if err := b.acquire(ctx, w.bytes); err != nil {
		return err
	}
	if ctx.Done() == nil {
		return b.finish(ctx, w)
	}
	done := make(chan error, 1)
	go func() { done <- b.finish(ctx, w) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	default:
		return contextError(ctx.Err())
	}
}

// finish does the steps and gives the permit back.
func (b *Budget) finish(ctx context.Context, w work) error {
	begin := time.Now()
	hashes := 0
	defer func() { b.release(w.bytes, time.Since(begin), hashes) }()
	err := error(nil)
	for _, step := range w.steps {
		if cause := ctx.Err(); cause != nil {
			return contextError(cause)
		}
		hashes++
		if err = guarded(step); !errors.Is(err, ErrMismatch) {
			return err
		}
	}
	return err
}

// guarded turns a panic into an ErrFormat error. Nothing in this module panics
// on a stored string; a scheme from elsewhere might, and one broken row must not
// end a process that serves everybody. The panic's value may quote the stored
// string, so it is dropped.
func guarded(step func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = verdict.Broken("the scheme panicked on the stored string")
		}
	}()
	return step()
}
