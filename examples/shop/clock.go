//go:build !testclock

package main

import (
	"net/http"
	"time"
)

// clock is the time the shop goes by. Another one is compiled in under the
// build tag "testclock" alone; no flag and no variable changes it.
func clock() func() time.Time { return time.Now }

// clockPage is the page that moves the clock: there is none.
func (s *shop) clockPage(*http.ServeMux) {}
