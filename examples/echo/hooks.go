//go:build !testclock

package main

import (
	"io"
	"os"
	"time"

	"github.com/labstack/echo/v5"
)

// clock is the time the shop goes by, and logOutput where it logs to. Under the
// build tag testclock alone others are compiled in, with routes for a test suite;
// no flag and no variable does it.
func clock() func() time.Time { return time.Now }

func logOutput() io.Writer { return os.Stderr }

func (s *shop) hooks(*echo.Echo) error { return nil }
