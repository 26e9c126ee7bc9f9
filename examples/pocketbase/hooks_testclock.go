//go:build testclock

package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

// ahead is how far the clock was moved.
var ahead atomic.Int64

// clock is a clock that can be moved, for tests from outside.
func clock() func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
}

// mountHooks mounts what the command shopspec reaches behind the pages with.
func (s *shop) mountHooks(e *core.ServeEvent) error {
	token, err := hook.ReadToken()
	if err != nil {
		return err
	}
	hooks := s.reach(clock())
	hooks.Advance = func(_ context.Context, d time.Duration) (time.Time, error) {
		ahead.Add(int64(d))
		return clock()(), nil
	}
	handler, err := hook.Handler(hooks, token)
	if err == nil {
		e.Router.POST("/test/hooks/{name}", apis.WrapStdHandler(handler))
	}
	return err
}
