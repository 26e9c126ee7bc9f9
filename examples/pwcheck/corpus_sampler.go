package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// cell is how many hashes of a sample are spread at random over the room of as
// many.
const cell = 16

// sampler makes up hashes.
type sampler struct {
	random
	ntlm bool
}

// random is SplitMix64: good enough to be spread evenly, the same for ever, and
// no source of secrets.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

type sampled struct {
	sum   [20]byte
	count uint32
}

// write writes about n lines, cell by cell.
func (s *sampler) write(ctx context.Context, n int64, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	known := s.known()
	n = max(n-int64(len(known)), 1)
	cells := (n + cell - 1) / cell
	width := math.MaxUint64 / uint64(cells)
	var rows []sampled
	for i := range cells {
		if i%(1<<12) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		first := uint64(i) * width
		rows = rows[:0]
		for range min(cell, n-i*cell) {
			r := sampled{count: s.count()}
			binary.BigEndian.PutUint64(r.sum[:], first+s.next()%width)
			binary.BigEndian.PutUint64(r.sum[8:], s.next())
			binary.BigEndian.PutUint32(r.sum[16:], uint32(s.next()))
			rows = append(rows, r)
		}
		for len(known) > 0 && (i == cells-1 || binary.BigEndian.Uint64(known[0].sum[:]) < first+width) {
			rows, known = append(rows, known[0]), known[1:]
		}
		slices.SortFunc(rows, func(a, b sampled) int { return cmp.Compare(string(a.sum[:]), string(b.sum[:])) })
		for _, r := range rows {
			sum := r.sum[:]
			if s.ntlm {
				sum = sum[:16]
			}
			if _, err := fmt.Fprintf(out, "%X:%d\r\n", sum, r.count); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// known returns the hashes of "password" and "123456", in order.
func (s *sampler) known() []sampled {
	list := []sampled{{sha1.Sum([]byte("password")), 9_545_824}, {sha1.Sum([]byte("123456")), 37_359_195}}
	if s.ntlm {
		for i, text := range []string{"32ED87BDB5FDC5E9CBA88547376818D4", "8846F7EAEE8FB117AD06BDD830B7586C"} {
			list[i].sum = [20]byte{}
			sum, _ := hex.DecodeString(strings.ToLower(text)) // it is a constant
			copy(list[i].sum[:], sum)
		}
		list[0].count, list[1].count = list[1].count, list[0].count
	}
	return list
}

// shares is how many hashes leaked at least so often, in 256 ranges of Pwned
// Passwords of November 2024.
var shares = [...]struct{ count, share float64 }{
	{1, 1}, {2, 0.566}, {3, 0.426}, {5, 0.218}, {10, 0.089}, {100, 0.0056}, {1000, 0.00045}, {5e7, 1e-9},
}

// count draws a count with these shares; between them the logarithms lie on
// lines.
func (s *sampler) count() uint32 {
	u := 1 - float64(s.next()>>11)/(1<<53)
	for i := 1; i < len(shares); i++ {
		if a, b := shares[i-1], shares[i]; u > b.share {
			if a.count == 1 {
				return 1
			}
			t := math.Log(u/a.share) / math.Log(b.share/a.share)
			return uint32(a.count * math.Pow(b.count/a.count, t))
		}
	}
	return 5e7
}
