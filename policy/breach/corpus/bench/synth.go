package main

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// prefixes is how many ranges the hashes are drawn in.
const prefixes = 1 << 20

// entry is a hash of 20 bytes and its count.
type entry struct {
	high, middle uint64
	low          uint32
	count        uint32
}

// sum returns the bytes of the hash.
func (e entry) sum() (sum [20]byte) {
	binary.BigEndian.PutUint64(sum[:], e.high)
	binary.BigEndian.PutUint64(sum[8:], e.middle)
	binary.BigEndian.PutUint32(sum[16:], e.low)
	return sum
}

// random is the generator splitmix64: small, fast and good enough for hashes.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *random) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// synth draws a corpus of about n hashes, range by range and always the same.
type synth struct{ n int64 }

// size draws how many hashes a range has: as many as n throws leave in it, by
// the normal distribution.
func (s synth) size(r *random) int {
	mean := float64(s.n) / prefixes
	u, v := r.float(), r.float()
	gauss := math.Sqrt(-2*math.Log(1-u)) * math.Cos(2*math.Pi*v)
	return max(int(math.Round(mean+math.Sqrt(mean)*gauss)), 1)
}

// entries draws the hashes of a range in order into room.
func (s synth) entries(prefix int, room []entry) []entry {
	r := random(uint64(prefix) * 0xd1342543de82ef95)
	room = room[:0]
	for range s.size(&r) {
		room = append(room, entry{
			high: uint64(prefix)<<44 | r.next()>>20, middle: r.next(), low: uint32(r.next()), count: drawCount(&r),
		})
	}
	slices.SortFunc(room, func(a, b entry) int { return cmp.Compare(a.high, b.high) })
	return room
}

// tail is the share of hashes that leaked at least so often, in 256 real ranges
// of Pwned Passwords of November 2024.
var tail = [...]struct{ count, share float64 }{
	{1, 1}, {2, 0.566}, {3, 0.426}, {5, 0.218}, {10, 0.089}, {100, 0.0056}, {1000, 0.00045}, {5e7, 1e-9},
}

// drawCount draws a count with these shares; between them the logarithms lie
// on lines.
func drawCount(r *random) uint32 {
	u := 1 - r.float()
	for i := 1; i < len(tail); i++ {
		if a, b := tail[i-1], tail[i]; u > b.share {
			t := math.Log(u/a.share) / math.Log(b.share/a.share)
			if a.count == 1 {
				return 1
			}
			return uint32(a.count * math.Pow(b.count/a.count, t))
		}
	}
	return 5e7
}

// stranger draws a hash that is in no corpus.
func stranger(r *random) entry {
	return entry{high: r.next(), middle: r.next(), low: uint32(r.next())}
}

// member returns a hash of the corpus.
func (s synth) member(r *random, room []entry) entry {
	all := s.entries(int(r.next()>>44), room)
	return all[r.next()%uint64(len(all))]
}
