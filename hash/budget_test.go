package hash_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

// meter is a foreign scheme that measures on its own what runs at once.
type meter struct {
	memory, running         atomic.Int64
	peakMemory, peakRunning atomic.Int64
}

const meterKiB = 48

func (*meter) Name() string              { return "meter" }
func (*meter) Match(encoded string) bool { return encoded == "$meter$" }
func (*meter) Inspect(string) (legacy.Cost, error) {
	return legacy.Cost{Memory: meterKiB << 10, Text: "fixed"}, nil
}

func (m *meter) Verify(string, []byte) error {
	raise(&m.peakMemory, m.memory.Add(meterKiB<<10))
	raise(&m.peakRunning, m.running.Add(1))
	work := make([]byte, meterKiB<<10)
	for i := range work {
		work[i] = byte(i)
	}
	m.memory.Add(-meterKiB << 10)
	m.running.Add(-1)
	return legacy.ErrMismatch
}

func raise(peak *atomic.Int64, value int64) {
	for old := peak.Load(); value > old && !peak.CompareAndSwap(old, value); old = peak.Load() {
	}
}

func TestParallelVerifiesStayInsideTheBudget(t *testing.T) {
	t.Parallel()
	const size = 3*(64<<10) + 100 // bytes: three hashes, and not a fourth
	budget := newBudget(t, hash.BudgetConfig{Bytes: size, Slots: 16})
	m := &meter{}
	hasher := newHasher(t, hash.Config{
		Params:  hash.Params{Memory: 64, Time: 1, Parallelism: 2},
		Budget:  budget,
		Foreign: []legacy.Scheme{m},
	})
	encoded := mustHash(t, hasher, "right")
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			for range 20 {
				if i%2 == 0 {
					assert.NoError(t, hasher.Verify(context.Background(), encoded, "right"))
				} else {
					assert.ErrorIs(t, hasher.Verify(context.Background(), "$meter$", "right"), hash.ErrMismatch)
				}
			}
		})
	}
	group.Wait()
	stats := budget.Stats()
	assert.LessOrEqual(t, stats.Peak, int64(size))
	assert.LessOrEqual(t, m.peakMemory.Load(), int64(size))
	assert.LessOrEqual(t, stats.PeakRunning, 16)
	assert.EqualValues(t, 64*20+1, stats.Granted)
	assert.EqualValues(t, 64*20+1, stats.Hashes)
	assert.Zero(t, stats.InUse)
	assert.Zero(t, stats.Running)
	assert.Zero(t, stats.Waiting)
}

// Two hashers that share a budget share its slots; formats without memory are
// limited by slots alone.
func TestSlotsLimitFormatsThatNeedNoMemory(t *testing.T) {
	t.Parallel()
	budget := newBudget(t, hash.BudgetConfig{Bytes: 1 << 30, Slots: 2, Queue: 1000})
	m := &meter{}
	one := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{m}})
	two := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{m}})
	var group sync.WaitGroup
	for i := range 64 {
		hasher := []*hash.Hasher{one, two}[i%2]
		group.Go(func() {
			for range 20 {
				assert.ErrorIs(t, hasher.Verify(context.Background(), "$meter$", ""), hash.ErrMismatch)
			}
		})
	}
	group.Wait()
	assert.LessOrEqual(t, m.peakRunning.Load(), int64(2))
	assert.LessOrEqual(t, budget.Stats().PeakRunning, 2)
	assert.EqualValues(t, 64*20, budget.Stats().Granted)
}

func TestOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		budget := newBudget(t, hash.BudgetConfig{Bytes: 100 << 10, Slots: 8})
		hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{g}})
		arrive := func(kib int, name string) {
			go hasher.Verify(context.Background(), gateString(kib, name), "")
			synctest.Wait()
		}
		arrive(60, "a")
		arrive(90, "b") // does not fit beside a
		for i := range 20 {
			arrive(10, fmt.Sprint("c", i)) // would fit, but must not overtake b
		}
		assert.Equal(t, "a", <-g.begun)
		assert.Empty(t, g.begun)
		assert.Equal(t, 21, budget.Stats().Waiting)

		g.open <- struct{}{} // a ends; b takes 90, the first small one the last 10
		synctest.Wait()
		begun := []string{<-g.begun, <-g.begun}
		assert.ElementsMatch(t, []string{"b", "c0"}, begun)
		assert.Empty(t, g.begun)
		assert.EqualValues(t, 100<<10, budget.Stats().InUse)

		for range 22 - 1 {
			g.open <- struct{}{}
			synctest.Wait()
		}
		assert.Zero(t, budget.Stats().InUse)
		assert.Zero(t, budget.Stats().Waiting)
		assert.EqualValues(t, 100<<10, budget.Stats().Peak)
	})
}

func TestOneSlotServesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		hasher := newHasher(t, hash.Config{
			Budget:  newBudget(t, hash.BudgetConfig{Slots: 1}),
			Foreign: []legacy.Scheme{g},
		})
		var want, got []string
		for i := range 50 {
			name := fmt.Sprint(i)
			want = append(want, name)
			go hasher.Verify(context.Background(), gateString(1, name), "")
			synctest.Wait()
		}
		for range want {
			got = append(got, <-g.begun)
			g.open <- struct{}{}
			synctest.Wait()
		}
		assert.Equal(t, want, got)
	})
}

func TestFullQueueFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		budget := newBudget(t, hash.BudgetConfig{Slots: 1, Queue: 2})
		hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{g}})
		verify := func() { go hasher.Verify(context.Background(), gateString(1, "x"), "") }

		verify() // teaches the budget that a hash takes two seconds
		synctest.Wait()
		time.Sleep(2 * time.Second) // the bubble's clock
		g.open <- struct{}{}
		synctest.Wait()

		for range 3 { // one runs, two wait
			verify()
			synctest.Wait()
		}
		begin := time.Now()
		for name, call := range map[string]func() error{
			"Verify": func() error { return hasher.Verify(context.Background(), gateString(1, "x"), "") },
			"Decoy":  func() error { return hasher.Decoy(context.Background(), "") },
			"Hash":   func() error { _, err := hasher.Hash(context.Background(), ""); return err },
		} {
			err := call()
			var overloaded *hash.OverloadedError
			require.ErrorAs(t, err, &overloaded, name)
			assert.ErrorIs(t, err, hash.ErrOverloaded, name)
			assert.Equal(t, 6*time.Second, overloaded.Wait, "one running and two waiting, two seconds each")
			assert.Equal(t, 2, overloaded.Waiting)
		}
		assert.Equal(t, begin, time.Now(), "no call waited")
		assert.EqualValues(t, 3, budget.Stats().Refused)
		for range 3 {
			g.open <- struct{}{}
			synctest.Wait()
		}
		assert.NoError(t, hasher.Decoy(context.Background(), ""), "there is room again")
	})
}

func TestNegativeQueueNeverWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		hasher := newHasher(t, hash.Config{
			Budget:  newBudget(t, hash.BudgetConfig{Slots: 1, Queue: -1}),
			Foreign: []legacy.Scheme{g},
		})
		go hasher.Verify(context.Background(), gateString(1, "x"), "")
		synctest.Wait()
		var overloaded *hash.OverloadedError
		require.ErrorAs(t, hasher.Decoy(context.Background(), ""), &overloaded)
		assert.Positive(t, overloaded.Wait, "before the first hash has ended too")
		g.open <- struct{}{}
		synctest.Wait()
		assert.NoError(t, hasher.Decoy(context.Background(), ""))
	})
}

func TestCancelledWaiterLeavesNoPermit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		budget := newBudget(t, hash.BudgetConfig{Bytes: 100 << 10, Slots: 4})
		hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{g}})
		go hasher.Verify(context.Background(), gateString(60, "runs"), "")
		synctest.Wait()

		results := make(chan error, 2)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		go func() { results <- hasher.Verify(ctx, gateString(90, "gives up"), "") }()
		synctest.Wait()
		go func() {
			results <- hasher.Verify(context.Background(), gateString(30, "behind"), "")
		}()
		synctest.Wait()
		assert.Equal(t, "runs", <-g.begun)
		assert.Empty(t, g.begun, "nobody overtakes the large one")

		assert.ErrorIs(t, <-results, context.DeadlineExceeded)
		synctest.Wait()
		assert.Equal(t, "behind", <-g.begun, "who was behind it goes on at once")
		stats := budget.Stats()
		assert.EqualValues(t, 90<<10, stats.InUse)
		assert.Equal(t, 2, stats.Running)
		assert.Zero(t, stats.Waiting)
		assert.EqualValues(t, 1, stats.Abandoned)
		g.open <- struct{}{}
		g.open <- struct{}{}
		synctest.Wait()
		assert.Zero(t, budget.Stats().InUse)
		assert.Zero(t, budget.Stats().Running)
	})
}

func TestPermitOutlivesACancelledRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		budget := newBudget(t, hash.BudgetConfig{Slots: 1})
		hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{g}})
		ctx, cancel := context.WithCancel(context.Background())
		results := make(chan error, 1)
		go func() { results <- hasher.Verify(ctx, gateString(10, "first"), decomposed) }()
		synctest.Wait()
		cancel()
		assert.ErrorIs(t, <-results, context.Canceled, "the caller is free at once")
		assert.EqualValues(t, 10<<10, budget.Stats().InUse, "the memory is not")

		go func() { results <- hasher.Verify(context.Background(), gateString(10, "second"), "") }()
		synctest.Wait()
		assert.Equal(t, "first", <-g.begun)
		assert.Empty(t, g.begun)
		assert.Equal(t, 1, budget.Stats().Waiting)

		g.open <- struct{}{} // the first computation ends; its second form is not begun
		synctest.Wait()
		assert.Equal(t, "second", <-g.begun)
		assert.EqualValues(t, 1, budget.Stats().Hashes)
		g.open <- struct{}{}
		assert.ErrorIs(t, <-results, hash.ErrMismatch)
		assert.Zero(t, budget.Stats().InUse)
	})
}

func TestEndedContextStartsNothing(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{})
	encoded := mustHash(t, hasher, "right")
	before := hasher.Budget().Stats()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := hasher.Hash(ctx, "right")
	assert.ErrorIs(t, err, context.Canceled)
	assert.ErrorIs(t, hasher.Verify(ctx, encoded, "right"), context.Canceled)
	assert.ErrorIs(t, hasher.Decoy(ctx, "right"), context.Canceled)
	assert.Equal(t, before, hasher.Budget().Stats())
}

// Calls of all classes that succeed, fail, panic, are refused, or whose callers go
// away at any moment leave no permit, no byte and no goroutine behind: the bubble
// would not end otherwise.
func TestMixedCallsLeaveNothingInUse(t *testing.T) {
	t.Parallel()
	const workers, calls = 20, 5000
	synctest.Test(t, func(t *testing.T) {
		budget := newBudget(t, hash.BudgetConfig{Bytes: 40 << 10, Slots: 3, Queue: 3})
		hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{&panicker{}}})
		big := stored(hash.Params{Memory: 33, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		tooBig := stored(hash.Params{Memory: 41, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
		encoded := mustHash(t, hasher, "right")
		var asked, overloaded, cancelled [3]atomic.Uint64
		var group sync.WaitGroup
		for worker := range workers {
			group.Go(func() {
				random := rand.New(rand.NewPCG(1, uint64(worker)))
				for range calls {
					class := random.IntN(3)
					ctx, cancel := context.WithCancel(hash.WithClass(context.Background(), hash.Class(class)))
					switch random.IntN(4) {
					case 0:
						go cancel()
					case 1:
						cancel()
					}
					var err error
					switch random.IntN(7) {
					case 0:
						_, err = hasher.Hash(ctx, decomposed)
					case 1:
						err = hasher.Verify(ctx, encoded, "right")
					case 2:
						err = hasher.Verify(ctx, big, decomposed)
					case 3:
						err = hasher.Verify(ctx, tooBig, "right")
					case 4:
						err = hasher.Decoy(ctx, "right")
					case 5:
						err = hasher.Verify(ctx, "broken", "right")
					case 6:
						err = hasher.Verify(ctx, "$recorder$", "right")
					}
					cancel()
					if !isTyped(err) {
						t.Errorf("%v", err)
					}
					asked[class].Add(1)
					if errors.Is(err, hash.ErrOverloaded) {
						overloaded[class].Add(1)
					}
					if errors.Is(err, context.Canceled) {
						cancelled[class].Add(1)
					}
				}
			})
		}
		group.Wait()
		synctest.Wait() // computations whose callers have gone
		stats := budget.Stats()
		assert.Zero(t, stats.InUse)
		assert.Zero(t, stats.Running)
		assert.Zero(t, stats.Waiting)
		assert.LessOrEqual(t, stats.Peak, stats.Bytes)
		assert.LessOrEqual(t, stats.PeakRunning, stats.Slots)
		var sum hash.ClassStats
		for class, c := range stats.Classes {
			assert.Zero(t, c.Waiting)
			assert.Equal(t, overloaded[class].Load(), c.Refused)
			assert.LessOrEqual(t, c.Abandoned, cancelled[class].Load())
			assert.Positive(t, c.Granted)
			assert.Positive(t, c.Refused)
			assert.Positive(t, c.Abandoned)
			assert.LessOrEqual(t, c.Granted+c.Refused, asked[class].Load()+1)
			sum.Granted, sum.Refused, sum.Abandoned = sum.Granted+c.Granted, sum.Refused+c.Refused, sum.Abandoned+c.Abandoned
		}
		assert.Equal(t, hash.ClassStats{Granted: stats.Granted, Refused: stats.Refused, Abandoned: stats.Abandoned}, sum)
		assert.NoError(t, hasher.Verify(context.Background(), encoded, "right"), "and it still works")
	})
}

// isTyped reports whether err is one of the answers that Verify may give.
func isTyped(err error) bool {
	return err == nil || errors.Is(err, hash.ErrMismatch) || errors.Is(err, hash.ErrFormat) || boundsParam(err) != "" ||
		errors.Is(err, hash.ErrOverloaded) || errors.Is(err, context.Canceled)
}

func TestHashHeavierThanTheWholeBudget(t *testing.T) {
	t.Parallel()
	budget := newBudget(t, hash.BudgetConfig{Bytes: 64 << 10})
	_, err := hash.New(hash.Config{Params: hash.Params{Memory: 65, Time: 1}, UnsafeAllowWeak: true, Budget: budget})
	assert.Equal(t, hash.ParamMemory, boundsParam(err))

	hasher := newHasher(t, hash.Config{Budget: budget, Foreign: []legacy.Scheme{newGate()}})
	for _, encoded := range []string{
		stored(hash.Params{Memory: 65, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}),
		gateString(65, "x"),
	} {
		err = hasher.Verify(context.Background(), encoded, "password")
		assert.Equal(t, hash.ParamMemory, boundsParam(err))
	}
	assert.ErrorIs(t, hasher.Verify(context.Background(), stored(hash.Params{Memory: 64, Time: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}), ""), hash.ErrMismatch)
}

// panicker breaks the contract of a scheme.
type panicker struct{ recorder }

func (*panicker) Verify(encoded string, password []byte) error {
	panic("row " + encoded + " password " + string(password))
}

func TestPanickingSchemeIsABrokenRow(t *testing.T) {
	t.Parallel()
	hasher := newHasher(t, hash.Config{Foreign: []legacy.Scheme{&panicker{}}})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, ctx := range []context.Context{context.Background(), ctx} {
		err := hasher.Verify(ctx, "$recorder$", "secret")
		assert.ErrorIs(t, err, hash.ErrFormat)
		assert.NotContains(t, err.Error(), "secret")
		assert.Zero(t, hasher.Budget().Stats().InUse)
		assert.Zero(t, hasher.Budget().Stats().Running)
	}
}

func TestNewBudget(t *testing.T) {
	t.Parallel()
	for _, config := range []hash.BudgetConfig{
		{Bytes: -1}, {Slots: -1}, {Slots: 1<<16 + 1}, {Queue: 1<<20 + 1},
	} {
		_, err := hash.NewBudget(config)
		assert.Error(t, err, "%+v", config)
	}
	stats := newBudget(t, hash.BudgetConfig{}).Stats()
	assert.GreaterOrEqual(t, stats.Bytes, int64(256<<20))
	assert.GreaterOrEqual(t, stats.Bytes, int64(stats.Slots)*19456<<10)
}
