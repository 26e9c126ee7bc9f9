package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// memorySize is a flag for memory in KiB.
type memorySize uint32

// Set reads a whole number of KiB, MiB or GiB, such as 64MiB.
func (m *memorySize) Set(text string) error {
	for unit, kib := range map[string]uint64{"KiB": 1, "MiB": 1 << 10, "GiB": 1 << 20} {
		digits, found := strings.CutSuffix(text, unit)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 32)
		if err != nil || n > math.MaxUint32/kib {
			break
		}
		*m = memorySize(n * kib)
		return nil
	}
	return errors.New("not a number of KiB, MiB or GiB")
}

// String returns the size in the largest unit that needs no fraction.
func (m memorySize) String() string {
	switch {
	case m > 0 && m%(1<<20) == 0:
		return fmt.Sprintf("%dGiB", m>>20)
	case m > 0 && m%(1<<10) == 0:
		return fmt.Sprintf("%dMiB", m>>10)
	}
	return fmt.Sprintf("%dKiB", uint32(m))
}

// Type is what help calls the value.
func (*memorySize) Type() string { return "MEMORY" }
