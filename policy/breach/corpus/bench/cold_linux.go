package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

const coldQueries = 400

// measureCold looks up in files that the system has not in memory, and prints
// how many faults of mapped pages and calls to read a look-up needs. Map reads a
// block, to check it, when it is first used.
func (c config) measureCold() error {
	fmt.Printf("\n%-18s %10s %10s %10s %17s\n", "cold, of each", "faults", "reads", "KiB read", "p50 / p99, us")
	// Corpora that were closed are unmapped when their memory is collected; what is
	// mapped stays in memory.
	runtime.GC()
	time.Sleep(time.Second)
	queries := c.drawQueries()[:coldQueries]
	for _, form := range forms {
		for name, access := range map[string]corpus.Access{"map ": corpus.Map, "read ": corpus.Read} {
			f, err := os.Open(c.corpus(form.name))
			if err != nil {
				return err
			}
			defer f.Close()
			if err := f.Sync(); err != nil {
				return err
			}
			if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
				return err
			}
			opened, err := corpus.Open(c.corpus(form.name), corpus.OpenOptions{Access: access})
			if err != nil {
				return err
			}
			var before, after syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
				return err
			}
			calls, err := readCalls()
			if err != nil {
				return err
			}
			times := make([]float64, 0, coldQueries)
			for i := range queries {
				begin := time.Now()
				if _, err := opened.Count(queries[i].bytes[:]); err != nil {
					return err
				}
				times = append(times, float64(time.Since(begin))/1e3)
			}
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
				return err
			}
			now, err := readCalls()
			if err != nil {
				return err
			}
			slices.Sort(times)
			fmt.Printf("%-18s %10.2f %10.2f %10.1f %8.0f /%7.0f\n", name+form.name, float64(after.Majflt-before.Majflt)/coldQueries,
				float64(now-calls-1)/coldQueries, float64(after.Inblock-before.Inblock)/2/coldQueries, times[coldQueries/2], times[coldQueries*99/100])
			if err := opened.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// readCalls returns how many calls to read this process has made.
func readCalls() (calls int64, err error) {
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, "syscr: "); ok {
			return strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		}
	}
	return 0, errors.New("no calls to read in /proc/self/io")
}
