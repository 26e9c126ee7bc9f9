package argon2

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var cheap = Params{Variant: ID, Version: Version13, Time: 1, Memory: 64, Lanes: 1, KeyLength: 32}

var someone = Input{Password: []byte("correct horse battery staple"), Salt: []byte("0123456789abcdef")}

func key(t *testing.T, e *Engine, p Params) {
	t.Helper()
	_, err := e.Key(p, someone)
	require.NoError(t, err)
}

// held returns the arenas that an engine has now.
func held(e *Engine) []*arena {
	e.arenas.mu.Lock()
	defer e.arenas.mu.Unlock()
	return slices.Clone(e.arenas.all)
}

// What an arena held is gone when its key is known, unless that is turned off.
func TestArenasAreWiped(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		e := New(Config{UnsafeKeepMemory: keep})
		p := cheap
		p.Lanes, p.Memory = 3, 3*1024 // more than a huge page, and not of the whole memory
		key(t, e, p)
		require.Len(t, e.arenas.all, 1)
		zero := true
		for _, b := range e.arenas.all[0].memory {
			zero = zero && b == block{}
		}
		require.Equal(t, !keep, zero)
	}
}

func TestArenasAreUsedAgain(t *testing.T) {
	t.Parallel()
	e := New(Config{Slots: 2})
	key(t, e, cheap)
	first := &e.arenas.all[0].memory[0]
	smaller := cheap
	smaller.Memory = 8
	for range 10 {
		key(t, e, cheap)
		key(t, e, smaller)
	}
	require.Len(t, e.arenas.all, 1)
	require.Same(t, first, &e.arenas.all[0].memory[0])
}

// However many keys are computed at once, no more arenas than slots stay.
func TestNoMoreArenasThanSlotsStay(t *testing.T) {
	t.Parallel()
	e := New(Config{Slots: 3})
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			p := cheap
			p.Memory, p.Lanes = 64+100*uint32(i%5), 1+uint32(i%4)
			for range 10 {
				if _, err := e.Key(p, someone); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	require.LessOrEqual(t, len(e.arenas.all), 3)
	require.NotEmpty(t, e.arenas.all)
	require.Zero(t, e.active.Load())
}

func TestIdleArenasAreReleased(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := New(Config{Slots: 2, Idle: time.Minute})
		a := e.arenas.take(100)
		b := e.arenas.take(100)
		e.arenas.give(a, true)
		time.Sleep(40 * time.Second) // of the bubble
		e.arenas.give(b, true)
		require.Len(t, held(e), 2)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		require.Equal(t, []*arena{b}, held(e), "a has been idle for a minute, b has not")
		time.Sleep(30*time.Second + time.Nanosecond)
		synctest.Wait()
		require.Empty(t, held(e))

		c := e.arenas.take(100)
		time.Sleep(time.Hour)
		require.Equal(t, []*arena{c}, held(e), "in use")
		e.arenas.give(c, true)
		time.Sleep(time.Minute + time.Nanosecond)
		synctest.Wait()
		require.Empty(t, held(e))
	})
}

// An arena of a dear key that is used for a cheap one gives the rest back when
// the memory is needed elsewhere.
func TestArenasStayWithinBytes(t *testing.T) {
	t.Parallel()
	s := arenas{slots: 2, bytes: 1000 * blockSize, idle: time.Minute, lend: mapBlocks}
	large := s.take(900)
	s.give(large, false)
	require.Same(t, large, s.take(100))
	other := s.take(800)
	require.Same(t, large, s.all[0])
	if large.mapped != nil {
		require.False(t, s.over())
		require.Equal(t, 100, large.dirty)
	}
	s.give(large, true)
	s.give(other, true)
	third := s.take(950)
	require.Equal(t, []*arena{third}, s.all, "the free ones made room")
	s.give(third, true)
}

// A budget that is just large enough for its slots must not drop arenas: each
// hash would map its memory anew.
func TestFullBudgetKeepsItsArenas(t *testing.T) {
	t.Parallel()
	e := New(Config{Slots: 2, Bytes: 2 * 64 << 10})
	a, b := e.arenas.take(64+perLane), e.arenas.take(64+perLane)
	e.arenas.give(a, true)
	e.arenas.give(b, true)
	for range 10 {
		key(t, e, cheap)
		require.Equal(t, []*arena{a, b}, e.arenas.all)
	}
}

// noMemory is what mapBlocks returns where no memory can be mapped.
func noMemory(int) ([]block, []byte) { return nil, nil }

// Where memory cannot be mapped, a plain slice does as well: the same key, wiped,
// used again and given back.
func TestPlainSlicesWhereNothingCanBeMapped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := cheap
		p.Memory, p.Lanes = 3*1024, 3
		want, err := New(Config{}).Key(p, someone)
		require.NoError(t, err)
		e := New(Config{Slots: 1, Bytes: 4 << 20, Idle: time.Minute})
		e.arenas.lend = noMemory
		for range 3 {
			got, err := e.Key(p, someone)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Len(t, held(e), 1)
			mapped, wiped := false, 0
			e.arenas.mu.Lock() // against the sweep that is to come
			for _, a := range e.arenas.all {
				mapped = mapped || a.mapped != nil
				for _, b := range a.memory {
					if b == (block{}) {
						wiped++
					}
				}
			}
			e.arenas.mu.Unlock()
			require.False(t, mapped)
			require.Equal(t, 3*1024+perLane*3, wiped)
		}
		time.Sleep(time.Minute + time.Nanosecond)
		synctest.Wait()
		require.Empty(t, held(e))
	})
}

// Whatever is taken and given back in whatever order: an arena is large enough
// and nobody else's, what it holds is not overwritten by others, and none is
// forgotten. Memory is mapped, or not, or only now and then.
func TestArenaLaws(t *testing.T) {
	t.Parallel()
	for seed, lend := range []func(int) ([]block, []byte){
		mapBlocks, noMemory, func(n int) ([]block, []byte) {
			if n%3 == 0 {
				return noMemory(n)
			}
			return mapBlocks(n)
		},
	} {
		arenaLaws(t, rand.New(rand.NewPCG(9106, uint64(seed))), &arenas{slots: 3, bytes: 3000 * blockSize, idle: time.Hour, lend: lend})
	}
}

func arenaLaws(t *testing.T, random *rand.Rand, s *arenas) {
	t.Helper()
	var taken []*arena
	mark := func(a *arena) {
		for i := range a.memory[:a.used] {
			a.memory[i][i%words] = uint64(a.used)
		}
	}
	check := func(a *arena) {
		for i := range a.memory[:a.used] {
			require.Equal(t, uint64(a.used), a.memory[i][i%words])
		}
	}
	for range 1500 {
		if len(taken) < 5 && random.IntN(2) == 0 {
			n := 1 + random.IntN(1<<random.IntN(12))
			a := s.take(n)
			require.GreaterOrEqual(t, len(a.memory), n)
			require.Equal(t, n, a.used)
			require.NotContains(t, taken, a)
			taken = append(taken, a)
			mark(a)
		} else if len(taken) > 0 {
			i := random.IntN(len(taken))
			check(taken[i])
			s.give(taken[i], random.IntN(2) == 0)
			taken = append(taken[:i], taken[i+1:]...)
		}
		require.LessOrEqual(t, len(s.all), max(s.slots, len(taken)))
		sum := 0
		for _, a := range s.all {
			require.LessOrEqual(t, a.used, a.dirty)
			require.LessOrEqual(t, a.dirty, len(a.memory))
			if a.mapped != nil {
				sum += max(a.dirty, a.used)
			} else {
				sum += a.used
			}
		}
		used := 0
		for _, a := range taken {
			used += a.used
		}
		require.LessOrEqual(t, sum, max(used, 3000))
	}
}

// The memory of a key is not allocated for each key.
func TestAllocationsDoNotGrowWithMemory(t *testing.T) {
	e := New(Config{})
	p := cheap
	p.Memory = 8192
	key(t, e, p)
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, err := e.Key(p, someone); err != nil {
				b.Fatal(err)
			}
		}
	})
	require.Less(t, result.AllocedBytesPerOp(), int64(8<<10))
}
