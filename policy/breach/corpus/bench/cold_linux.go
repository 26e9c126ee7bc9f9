package main

import (
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tillkey/tillkey/policy/breach/corpus"
)

const coldQueries = 400

// measureCold looks up in files that the system has not in memory, and prints
// how many faults and reads of the disk a look-up needs.
func (c config) measureCold() error {
	fmt.Printf("\n%-14s %14s %12s %17s\n", "cold, of each", "disk faults", "KiB read", "p50 / p99, us")
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
			slices.Sort(times)
			fmt.Printf("%-18s %10.2f %12.1f %8.0f /%7.0f\n", name+form.name, float64(after.Majflt-before.Majflt)/coldQueries,
				float64(after.Inblock-before.Inblock)/2/coldQueries, times[coldQueries/2], times[coldQueries*99/100])
			if err := opened.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
