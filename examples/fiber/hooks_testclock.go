//go:build testclock

package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/tillkey/tillkey/examples/shopspec"
	"github.com/tillkey/tillkey/examples/shopspec/hook"
)

// ahead is how far the clock was moved.
var ahead atomic.Int64

// clock is a clock that can be moved, for tests from outside.
func clock() func() time.Time {
	return func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
}

// hooks mounts what a suite that tests the shop from outside reaches behind its
// pages with. The log is on standard error, and who started the process can
// restart it.
func (s *shop) hooks(app *fiber.App) {
	token, err := hook.ReadToken()
	if err != nil {
		s.log.Error("hooks", "error", err)
		return
	}
	handler, err := hook.Handler(shopspec.Hooks{
		Seed: s.seedAccount, StoredHash: s.storedHash, Mail: s.sentMail,
		Advance: func(_ context.Context, d time.Duration) (time.Time, error) {
			ahead.Add(int64(d))
			return s.now(), nil
		},
	}, token)
	if err != nil {
		s.log.Error("hooks", "error", err)
		return
	}
	app.Post("/test/hooks/*", adaptor.HTTPHandler(handler))
}
