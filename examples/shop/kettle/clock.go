//go:build !testclock

package kettle

import (
	"context"
	"io"
	"net/http"
	"time"
)

// This file is what the shop is without the build tag "testclock"; the files
// named testclock are what it is with it, for tests from outside. No flag and no
// variable takes the place of the tag.

// clock is the time the shop goes by.
func clock() func() time.Time { return time.Now }

// clockPage is the page that moves the clock: there is none.
func (s *Shop) clockPage(*http.ServeMux) {}

// logTo is where the log goes.
func logTo(stderr io.Writer) io.Writer { return stderr }

// front is what Run serves, and what closes it.
func front(_ context.Context, s *Shop) (http.Handler, func() error, error) {
	return s.Handler(), s.Close, nil
}
