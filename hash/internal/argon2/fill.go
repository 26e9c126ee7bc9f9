package argon2

import (
	"sync"
	"sync/atomic"
)

const (
	slicesPerPass = 4 // of a pass, RFC 9106, section 3.4: lanes wait for each other after each

	// together is how many lanes are computed in turn on one processor, since
	// the blocks of one can be computed while the memory of the other is
	// loaded. It takes less time of processors than one lane on each.
	together = 2

	// perLane is the blocks that a lane needs beside its memory: two for the
	// scratch, two for the addresses.
	perLane = 4
)

// fill is the work of filling the memory for one key.
type fill struct {
	Params
	memory  []block
	segment uint32 // length of a segment
	length  uint32 // of a lane
	kernel  kernel
}

// lane is one row of the memory and what is known about its next block.
type lane struct {
	number uint32
	first  uint32 // index of its first block in the memory
	prev   *block
	ref    *block // with which prev makes the next block
	ahead  *block // the one after ref, if it does not depend on the password

	tmp       *scratch
	input     *block // of the addresses
	addresses *block
}

// newLanes lays the lanes out, with rest, which has perLane blocks for each.
func (f *fill) newLanes(rest []block) []lane {
	lanes := make([]lane, f.Lanes)
	for i := range lanes {
		own := rest[i*perLane:][:perLane]
		lanes[i] = lane{
			number:    uint32(i),
			first:     uint32(i) * f.length,
			tmp:       scratchOf(own[:2]),
			input:     &own[2],
			addresses: &own[3],
		}
	}
	return lanes
}

// run fills the memory, whose first two blocks of each lane are set. Lanes are
// computed in groups, each on one processor.
func (f *fill) run(lanes []lane, workers int) {
	groups := (len(lanes) + together - 1) / together
	group := func(i int) []lane { return lanes[i*together : min((i+1)*together, len(lanes))] }
	workers = min(workers, groups)
	for pass := range f.Time {
		for slice := range uint32(slicesPerPass) {
			var next atomic.Int32
			work := func() {
				for i := int(next.Add(1)) - 1; i < groups; i = int(next.Add(1)) - 1 {
					f.fillSegment(pass, slice, group(i))
				}
			}
			var wait sync.WaitGroup
			for range workers - 1 {
				wait.Go(work)
			}
			func() { // nobody may write when a panic gives the memory back
				defer wait.Wait()
				work()
			}()
		}
	}
}

// fillSegment fills one segment of each of the given lanes, in turn.
func (f *fill) fillSegment(pass, slice uint32, lanes []lane) {
	v := f.view(pass, slice)
	for k := range lanes {
		v.begin(&lanes[k])
	}
	for i := v.start; i < f.segment; i++ {
		for k := range lanes {
			v.next(&lanes[k], i)
		}
	}
}
