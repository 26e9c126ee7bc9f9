package hash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tillkey/tillkey/hash"
	"github.com/tillkey/tillkey/hash/legacy"
)

func TestClassOf(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	assert.Equal(t, hash.Stranger, hash.ClassOf(ctx))
	for _, class := range []hash.Class{hash.Staff, hash.Stranger, hash.Known} {
		ctx = hash.WithClass(ctx, class)
		assert.Equal(t, class, hash.ClassOf(ctx), "the last one counts")
	}
	for _, absurd := range []hash.Class{3, 255} {
		assert.Equal(t, hash.Stranger, hash.ClassOf(hash.WithClass(ctx, absurd)))
		assert.Equal(t, "stranger", absurd.String())
	}
	assert.Equal(t, "stranger known staff", fmt.Sprint(hash.Stranger, " ", hash.Known, " ", hash.Staff))
}

// crowd lets calls of all classes arrive at a budget whose hashes end when told.
type crowd struct {
	t      *testing.T
	gate   gate
	hasher *hash.Hasher
}

func newCrowd(t *testing.T, config hash.BudgetConfig) crowd {
	c := crowd{t: t, gate: newGate()}
	c.hasher = newHasher(t, hash.Config{Budget: newBudget(t, config), Foreign: []legacy.Scheme{c.gate}})
	return c
}

// arrive begins a call, which ends its own context with cancel.
func (c crowd) arrive(class hash.Class, kib int, name string) (ended chan error, cancel func()) {
	ctx, cancel := context.WithCancel(hash.WithClass(context.Background(), class))
	ended = make(chan error, 1)
	go func() {
		defer cancel()
		ended <- c.hasher.Verify(ctx, gateString(kib, name), "")
	}()
	synctest.Wait()
	return ended, cancel
}

// finish ends one hash and returns the names of those that begin.
func (c crowd) finish() (begun []string) {
	c.gate.open <- struct{}{}
	synctest.Wait()
	return c.begun()
}

func (c crowd) begun() (names []string) {
	for len(c.gate.begun) > 0 {
		names = append(names, <-c.gate.begun)
	}
	return names
}

// A queue full of strangers refuses nobody else, and whoever else comes is next.
func TestStrangersDelayNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, hash.BudgetConfig{Slots: 1, Queue: 3})
		for i := range 4 {
			c.arrive(hash.Stranger, 1, fmt.Sprint("stranger ", i))
		}
		ended, _ := c.arrive(hash.Stranger, 1, "too many")
		require.ErrorIs(t, <-ended, hash.ErrOverloaded)
		for i := range 3 {
			c.arrive(hash.Known, 1, fmt.Sprint("known ", i))
			c.arrive(hash.Staff, 1, fmt.Sprint("staff ", i))
		}
		stats := c.hasher.Budget().Stats()
		assert.Equal(t, 9, stats.Waiting)
		assert.Equal(t, hash.ClassStats{Waiting: 3, Granted: 1, Refused: 1}, stats.Classes[hash.Stranger])
		assert.Equal(t, hash.ClassStats{Waiting: 3}, stats.Classes[hash.Known])
		assert.Equal(t, hash.ClassStats{Waiting: 3}, stats.Classes[hash.Staff])
		ended, _ = c.arrive(hash.Staff, 1, "too many")
		var overloaded *hash.OverloadedError
		require.ErrorAs(t, <-ended, &overloaded)
		assert.Equal(t, 3, overloaded.Waiting, "of its own class")

		order := c.begun()
		for range 9 {
			order = append(order, c.finish()...)
		}
		c.finish()
		assert.Equal(t, []string{
			"stranger 0", "staff 0", "staff 1", "known 0", "stranger 1",
			"staff 2", "known 1", "known 2", "stranger 2", "stranger 3",
		}, order)
		stats = c.hasher.Budget().Stats()
		assert.Equal(t, hash.ClassStats{Granted: 4, Refused: 1}, stats.Classes[hash.Stranger])
		assert.Equal(t, hash.ClassStats{Granted: 3}, stats.Classes[hash.Known])
		assert.Equal(t, hash.ClassStats{Granted: 3, Refused: 1}, stats.Classes[hash.Staff])
		assert.Zero(t, stats.Waiting)
	})
}

// The wait that a refused caller is told is that of its class.
func TestWaitIsThatOfTheClass(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, hash.BudgetConfig{Slots: 1, Queue: 10})
		c.arrive(hash.Stranger, 1, "x")
		time.Sleep(time.Second) // the bubble's clock: a hash takes a second
		c.finish()
		for range 11 {
			c.arrive(hash.Stranger, 1, "x")
		}
		for range 10 {
			c.arrive(hash.Known, 1, "x")
		}
		for class, want := range map[hash.Class]time.Duration{
			hash.Stranger: 21 * time.Second, // one runs, 20 wait
			hash.Known:    14 * time.Second, // one runs, 10 wait, 3 strangers come between
		} {
			ended, _ := c.arrive(class, 1, "x")
			var overloaded *hash.OverloadedError
			require.ErrorAs(t, <-ended, &overloaded)
			assert.Equal(t, want, overloaded.Wait, "%v", class)
		}
		for range 21 {
			c.finish()
		}
	})
}

// A stranger's hash that needs all of the memory is overtaken three times, then
// everybody waits until there is room for it.
func TestHeavyStrangerIsServed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, hash.BudgetConfig{Bytes: 100 << 10, Slots: 8})
		c.arrive(hash.Known, 20, "first")
		c.arrive(hash.Stranger, 100, "heavy")
		for i := range 5 {
			c.arrive(hash.Staff, 20, fmt.Sprint("staff ", i))
		}
		assert.Equal(t, []string{"first", "staff 0", "staff 1", "staff 2"}, c.begun(), "though there is room for one more")
		for range 3 {
			assert.Empty(t, c.finish())
		}
		assert.Equal(t, []string{"heavy"}, c.finish())
		assert.ElementsMatch(t, []string{"staff 3", "staff 4"}, c.finish())
		c.finish()
		c.finish()
		assert.Zero(t, c.hasher.Budget().Stats().InUse)
	})
}

// Whoever waits for room that never comes, and gives up, leaves no trace: those
// behind it go on as if it had never been there.
func TestCancelledClassIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(t, hash.BudgetConfig{Bytes: 100 << 10, Slots: 8})
		c.arrive(hash.Known, 20, "first")
		ended, cancel := c.arrive(hash.Stranger, 100, "gives up")
		for i := range 5 {
			c.arrive(hash.Known, 20, fmt.Sprint("known ", i))
		}
		assert.Len(t, c.begun(), 4)
		cancel()
		assert.ErrorIs(t, <-ended, context.Canceled)
		synctest.Wait()
		assert.Equal(t, []string{"known 3"}, c.begun(), "all of the memory is in use again")
		c.arrive(hash.Stranger, 20, "stranger")
		assert.Equal(t, []string{"known 4"}, c.finish(), "the new stranger has not been passed over yet")
		assert.Equal(t, []string{"stranger"}, c.finish())
		for range 5 {
			c.finish()
		}
		stats := c.hasher.Budget().Stats()
		assert.Equal(t, hash.ClassStats{Granted: 1, Abandoned: 1}, stats.Classes[hash.Stranger])
		assert.Zero(t, stats.InUse)
	})
}

// waiting is a call of the model that TestBudgetLaws compares a budget with.
type waiting struct {
	name   string
	kib    int
	ended  chan error
	cancel func()
}

// Whatever arrives in whatever order and size, ends or gives up: permits stay
// inside the budget, those of a class begin in order of arrival, nobody waits if
// nothing runs, and the next never waits if it fits. TestQueueLaws has what holds between classes.
func TestBudgetLaws(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 3))
			const memory, slots = 100, 4
			c := newCrowd(t, hash.BudgetConfig{Bytes: memory << 10, Slots: slots, Queue: 6})
			var lines [3][]waiting
			settle := func() {
				begun := c.begun() // at once, so in any order
				for class, line := range lines {
					n := slices.IndexFunc(line, func(w waiting) bool { return !slices.Contains(begun, w.name) })
					if n < 0 {
						n = len(line)
					}
					lines[class] = line[n:]
					for _, w := range line[n:] {
						require.NotContains(t, begun, w.name, "order of arrival")
					}
				}
				stats := c.hasher.Budget().Stats()
				require.LessOrEqual(t, stats.InUse, int64(memory<<10))
				require.LessOrEqual(t, stats.Running, slots)
				for class := range lines {
					require.Len(t, lines[class], stats.Classes[class].Waiting)
				}
				if class, waits := c.hasher.Budget().Next(); waits {
					next := lines[class][0]
					require.True(t, stats.Running == slots || stats.InUse+int64(next.kib)<<10 > memory<<10, "%s fits and waits", next.name)
				}
				if stats.Running == 0 {
					require.Zero(t, stats.Waiting)
					require.Zero(t, stats.InUse)
				}
			}
			for i := range 300 {
				switch n := random.IntN(10); {
				case n < 5:
					class := random.IntN(3)
					w := waiting{name: fmt.Sprint(i), kib: 1 + random.IntN([]int{20, 50, memory}[random.IntN(3)])}
					before := lines[class]
					lines[class] = append(slices.Clone(before), w)
					w.ended, w.cancel = c.arrive(hash.Class(class), w.kib, w.name)
					lines[class][len(before)] = w
					if len(before) == 6 && len(w.ended) > 0 {
						require.ErrorIs(t, <-w.ended, hash.ErrOverloaded)
						lines[class] = before
					}
				case n < 9 && c.hasher.Budget().Stats().Running > 0:
					c.gate.open <- struct{}{}
					synctest.Wait()
				case n == 9:
					class := random.IntN(3)
					if len(lines[class]) == 0 {
						continue
					}
					at := random.IntN(len(lines[class]))
					w := lines[class][at]
					lines[class] = slices.Delete(slices.Clone(lines[class]), at, at+1)
					w.cancel()
					require.ErrorIs(t, <-w.ended, context.Canceled)
					synctest.Wait()
				}
				settle()
			}
			for c.hasher.Budget().Stats().Running > 0 {
				c.gate.open <- struct{}{}
				synctest.Wait()
				settle()
			}
			require.Zero(t, c.hasher.Budget().Stats().Waiting)
		})
	}
}
