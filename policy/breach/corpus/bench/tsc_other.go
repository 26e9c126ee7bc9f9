//go:build !amd64

package main

import "time"

var start = time.Now()

// ticks reads the clock, which is coarser than a processor's time stamp.
func ticks() uint64 { return uint64(time.Since(start)) }
