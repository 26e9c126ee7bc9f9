package main

import (
	"runtime"
	"sync"

	"github.com/FastFilter/xorfilter"
)

// fuse is a binary fuse filter of 16 bits.
type fuse struct{ filter *xorfilter.BinaryFuse[uint16] }

func (f fuse) count(e *entry) int {
	if f.filter.Contains(e.high) {
		return 1
	}
	return 0
}

// buildFuse makes one filter of all hashes, which it holds in memory.
func (c config) buildFuse() (fuse, int64, error) {
	load, err := c.shards()
	if err != nil {
		return fuse{}, 0, err
	}
	keys := make([]uint64, 0, c.n+c.n/64+1024)
	for i := range shards {
		keys = load(i, keys)
	}
	filter, err := xorfilter.NewBinaryFuse[uint16](keys)
	return fuse{filter}, int64(len(keys)), err
}

const shards = 256

// shardedFuse is a binary fuse filter for each first byte.
type shardedFuse [shards]xorfilter.BinaryFuse[uint16]

func (f *shardedFuse) count(e *entry) int {
	if f[e.high>>56].Contains(e.high) {
		return 1
	}
	return 0
}

// buildShards makes the shards from what gives the hashes of one, on all
// processors. A shard that is not to be kept goes when it is made.
func buildShards(keys func(shard int, room []uint64) []uint64, keep bool) (_ *shardedFuse, count, bytes int64, _ error) {
	all := new(shardedFuse)
	var first error
	var mu sync.Mutex
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			builder := xorfilter.MakeBinaryFuseBuilder[uint16](0)
			var room []uint64
			for i := range next {
				room = keys(i, room[:0])
				filter, err := xorfilter.BuildBinaryFuse[uint16](&builder, room)
				mu.Lock()
				count += int64(len(room))
				bytes += int64(len(filter.Fingerprints)) * 2
				if err != nil {
					first = err
				}
				mu.Unlock()
				if keep {
					filter.Fingerprints = append([]uint16(nil), filter.Fingerprints...)
					all[i] = filter
				}
			}
		})
	}
	for i := range shards {
		next <- i
	}
	close(next)
	group.Wait()
	return all, count, bytes, first
}

// synthShard draws the hashes of a shard.
func (s synth) synthShard(shard int, keys []uint64) []uint64 {
	var room []entry
	for p := shard * prefixes / shards; p < (shard+1)*prefixes/shards; p++ {
		room = s.entries(p, room)
		for _, e := range room {
			keys = append(keys, e.high)
		}
	}
	return keys
}
