//go:build !testclock

package main

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// clock is the time the shop goes by. Another one is compiled in under the build
// tag "testclock" alone; no flag and no variable changes it.
func clock() func() time.Time { return time.Now }

// mountHooks is for a suite that tests the shop from outside: there is nothing
// to reach.
func (s *shop) mountHooks(*core.ServeEvent) error { return nil }
