//go:build !testclock

package main

import (
	"time"

	"github.com/gofiber/fiber/v3"
)

// clock is the time the shop goes by. Another one is compiled in under the build
// tag "testclock" alone; no flag and no variable changes it.
func clock() func() time.Time { return time.Now }

// hooks are for a suite that tests the shop from outside: there are none.
func (s *shop) hooks(*fiber.App) {}
