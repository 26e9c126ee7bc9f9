package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/tillkey/tillkey/hash"
)

// runStorm is the child: so many verifies at the same moment. args are the kind
// of verifier, the number of verifies, passes and lanes, with commas between.
func runStorm(args string) error {
	kind, rest, _ := strings.Cut(args, ",")
	var numbers []int
	for text := range strings.SplitSeq(rest, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		numbers = append(numbers, n)
	}
	if len(numbers) != 3 {
		return fmt.Errorf("not a storm: %q", args)
	}
	verifies := numbers[0]
	verify, err := verifier(kind, verifies, hash.Params{Memory: stormMemory >> 10, Time: uint32(numbers[1]), Parallelism: uint8(numbers[2])})
	if err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, begin := processorTime(), time.Now()
	result := storm{Took: make([]time.Duration, verifies)}
	errs := make([]error, verifies)
	var group sync.WaitGroup
	for i := range verifies {
		group.Go(func() {
			errs[i] = verify()
			result.Took[i] = time.Since(begin)
		})
	}
	group.Wait()
	result.CPU = processorTime() - cpu
	runtime.ReadMemStats(&after)
	result.GC = after.NumGC - before.NumGC
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	slices.Sort(result.Took)
	if result.PeakRSS, err = peakRSS(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// verifier returns what verifies one password: "budget" through a Budget that
// computes one hash on each processor, "naive" with x/crypto as it comes,
// "limited" with x/crypto, as many at once as there are processors. The hash has
// been made by the engine, so memory of one is there.
func verifier(kind string, verifies int, p hash.Params) (func() error, error) {
	slots := runtime.GOMAXPROCS(0)
	budget, err := hash.NewBudget(hash.BudgetConfig{Bytes: int64(slots) * stormMemory, Queue: verifies})
	if err != nil {
		return nil, err
	}
	hasher, err := hash.New(hash.Config{Params: p, Budget: budget})
	if err != nil {
		return nil, err
	}
	const password = "correct horse battery staple"
	if kind == "budget" {
		encoded, err := hasher.Hash(context.Background(), password)
		return func() error { return hasher.Verify(context.Background(), encoded, password) }, err
	}
	encoded, err := argon2id.CreateHash(password, &argon2id.Params{
		Memory: p.Memory, Iterations: p.Time, Parallelism: p.Parallelism, SaltLength: 16, KeyLength: 32,
	})
	permits := make(chan struct{}, verifies)
	if kind == "limited" {
		permits = make(chan struct{}, slots)
	}
	return func() error {
		permits <- struct{}{}
		defer func() { <-permits }()
		if match, err := argon2id.ComparePasswordAndHash(password, encoded); err != nil || !match {
			return fmt.Errorf("no match: %w", err)
		}
		return nil
	}, err
}

// peakRSS returns the most memory that the process has held, from Linux.
func peakRSS() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
			return kib << 10, nil
		}
	}
	return 0, fmt.Errorf("no VmHWM in /proc/self/status")
}
