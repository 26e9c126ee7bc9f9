package argon2

import (
	"cmp"
	"runtime"
	"sync/atomic"
	"time"
)

// Config sizes an Engine. Each zero field means its default.
type Config struct {
	// Slots is the most arenas that are kept, 1 or more. It should be the most
	// keys computed at once: a key beyond it is computed in memory that is made
	// for it and given back. Zero means GOMAXPROCS at the time of New.
	Slots int

	// Bytes is the memory that all arenas together should stay within, in use
	// or kept, up to 1 MiB for each slot more. Zero means no such limit. Keys
	// that are computed at once and need more in sum get it all the same.
	Bytes int64

	// Workers is the most processors that keys with several lanes are computed
	// on, all keys together: a key that begins while others are computed gets
	// its share, at least one. No more than one for two lanes is taken. Zero
	// means GOMAXPROCS at the time of New.
	Workers int

	// Idle is how long an arena is kept without use. Zero means 30 seconds.
	Idle time.Duration

	// UnsafeKeepMemory leaves in an arena what a key was computed from until
	// the next key overwrites it. Who can read the memory of the process can
	// then test passwords against it without any hashing. It saves some tenth
	// of the time.
	UnsafeKeepMemory bool
}

// Engine computes keys in memory that it keeps. It is safe for use by many
// goroutines at once.
type Engine struct {
	arenas  arenas
	workers int
	wipe    bool
	kernel  kernel
	active  atomic.Int32 // keys computed now
}

// New returns an engine. It allocates no arena: the first keys do.
func New(config Config) *Engine {
	e := &Engine{
		workers: cmp.Or(max(config.Workers, 0), runtime.GOMAXPROCS(0)),
		wipe:    !config.UnsafeKeepMemory,
		kernel:  bestKernel(),
	}
	e.arenas.lend = mapBlocks
	e.arenas.slots = cmp.Or(max(config.Slots, 0), runtime.GOMAXPROCS(0))
	if config.Bytes > 0 { // what lanes need beside their memory comes on top
		e.arenas.bytes = config.Bytes + int64(e.arenas.slots)*MaxLanes*perLane*blockSize
	}
	e.arenas.idle = cmp.Or(max(config.Idle, 0), 30*time.Second)
	return e
}

// Key returns the Argon2 tag of an input. It returns a *verdict.BoundsError for
// a value outside its bounds, before it allocates or computes anything, and no
// other error. The caller limits how many keys are computed at once.
func (e *Engine) Key(p Params, in Input) ([]byte, error) {
	if err := check(p, in); err != nil {
		return nil, err
	}
	active := e.active.Add(1)
	defer e.active.Add(-1)
	blocks := int(p.blocks())
	a := e.arenas.take(blocks + int(p.Lanes)*perLane)
	defer e.arenas.give(a, e.wipe)

	f := fill{
		Params:  p,
		memory:  a.memory[:blocks],
		segment: p.segmentLength(),
		length:  p.segmentLength() * slicesPerPass,
		kernel:  e.kernel,
	}
	lanes := f.newLanes(a.memory[blocks:a.used])
	var h initial
	h.set(p, in)
	for _, l := range lanes {
		h.block(&f.memory[l.first], 0, l.number)
		h.block(&f.memory[l.first+1], 1, l.number)
	}
	clear(h[:])
	f.run(lanes, max(e.workers/int(active), 1))
	return f.tag(), nil
}

// tag returns the key from the last block of each lane (RFC 9106, section 3.2,
// steps 7 and 8).
func (f *fill) tag() []byte {
	last := f.memory[f.length-1]
	for end := 2 * f.length; end <= uint32(len(f.memory)); end += f.length {
		last.add(&f.memory[end-1])
	}
	var bytes [blockSize]byte
	last.bytes(&bytes)
	key := make([]byte, f.KeyLength)
	expand(key, bytes[:])
	clear(last[:])
	clear(bytes[:])
	return key
}
