package argon2

import (
	"slices"
	"sync"
	"time"
)

// arena is memory for one key after another.
type arena struct {
	memory []block
	mapped []byte    // what memory lies in, nil if it is a plain slice
	used   int       // blocks of the key computed in it now; 0 if it is free
	dirty  int       // blocks that were touched, so that the machine lends memory for them
	since  time.Time // when it became free
}

// arenas are those in use and those kept for the next key, as many as there are
// slots. If more keys are computed at once there are more, until they end.
type arenas struct {
	slots int
	bytes int64
	idle  time.Duration
	lend  func(blocks int) ([]block, []byte) // mapBlocks

	mu    sync.Mutex
	all   []*arena
	timer bool // sweep is going to be called
}

// take returns an arena of at least so many blocks, which hold anything.
func (s *arenas) take(blocks int) *arena {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.best(blocks)
	if a == nil {
		s.drop(func() bool { return len(s.all) >= s.slots })
		a = s.newArena(blocks)
		s.all = append(s.all, a)
	}
	a.used = blocks
	a.dirty = max(a.dirty, blocks)
	if s.over() {
		s.drop(s.over)
	}
	if s.over() {
		for _, a := range s.all {
			a.trim()
		}
	}
	return a
}

// give takes an arena back.
func (s *arenas) give(a *arena, wipe bool) {
	if wipe {
		for rest := a.memory[:a.used]; len(rest) > 0; {
			n := min(len(rest), wipeAtOnce)
			wipeBlocks(rest[:n])
			rest = rest[n:]
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.used, a.since = 0, time.Now()
	s.drop(func() bool { return len(s.all) > s.slots || s.over() })
	if !s.timer {
		s.timer = true
		time.AfterFunc(s.idle, s.sweep)
	}
}

// wipeAtOnce is how many blocks are wiped before the scheduler may step in:
// some 10 µs, so that the collector need not wait for a whole arena.
const wipeAtOnce = 256

//go:noinline
func wipeBlocks(b []block) { clear(b) } // a call is where a goroutine can be stopped

// best returns the smallest free arena that is large enough, or nil.
func (s *arenas) best(blocks int) (best *arena) {
	for _, a := range s.all {
		if a.used == 0 && len(a.memory) >= blocks && (best == nil || len(a.memory) < len(best.memory)) {
			best = a
		}
	}
	return best
}

// over tells whether the arenas hold more memory than they should.
func (s *arenas) over() bool {
	dirty := int64(0)
	for _, a := range s.all {
		dirty += int64(a.dirty) * blockSize
	}
	return s.bytes > 0 && dirty > s.bytes
}

// drop releases free arenas for as long as there are any and more says so.
func (s *arenas) drop(more func() bool) {
	for more() {
		i := slices.IndexFunc(s.all, func(a *arena) bool { return a.used == 0 })
		if i < 0 {
			return
		}
		s.all[i].release()
		s.all = slices.Delete(s.all, i, i+1)
	}
}

// sweep releases the arenas that nobody has used for the idle time, and comes
// again when the next one is due. It is called by one timer at a time, so an
// engine that is not used costs nothing.
func (s *arenas) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer = false
	wait := s.idle
	s.all = slices.DeleteFunc(s.all, func(a *arena) bool {
		if a.used > 0 {
			return false
		}
		left := s.idle - time.Since(a.since)
		if left > 0 {
			s.timer, wait = true, min(wait, left)
			return false
		}
		a.release()
		return true
	})
	if s.timer {
		time.AfterFunc(wait, s.sweep)
	}
}

// newArena returns a free arena of so many blocks. Where memory cannot be mapped,
// as on other systems or where a limit forbids it, it is a plain slice.
func (s *arenas) newArena(blocks int) *arena {
	a := &arena{}
	if a.memory, a.mapped = s.lend(blocks); a.memory == nil {
		a.memory = make([]block, blocks)
	}
	return a
}

// release gives all memory back. Nothing may use the arena after.
func (a *arena) release() {
	unmap(a.mapped)
	*a = arena{}
}

// trim gives back what is touched but not used by the key computed now. A plain
// slice cannot be cut: it stays as it is until it is dropped.
func (a *arena) trim() {
	if a.mapped == nil || a.dirty <= a.used {
		return
	}
	discard(a.memory[a.used:])
	a.dirty = a.used
}
