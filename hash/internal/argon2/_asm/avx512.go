package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// wide is the same with registers of eight words: all rows and all columns are
// computed at once and the state needs no memory. There are two functions too,
// but the second only asks for memory.
func wide(name string, xor bool) {
	TEXT(name, NOSPLIT, "func(out, prev, ref *[128]uint64)")
	out := Mem{Base: Load(Param("out"), RDI)}
	prev := Mem{Base: Load(Param("prev"), RSI)}
	ref := Mem{Base: Load(Param("ref"), RDX)}
	const half = rowBytes / 2
	v := [16]VecPhysical{Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15}
	left, right, temporary := [2]VecPhysical{Z16, Z17}, [2]VecPhysical{Z18, Z19}, Z31

	load := func(offset int, to VecPhysical) {
		VMOVDQU64(prev.Offset(offset), to)
		VPXORQ(ref.Offset(offset), to, to)
		if xor {
			VPXORQ(out.Offset(offset), to, temporary)
			VMOVDQU64(temporary, out.Offset(offset))
		} else {
			VMOVDQU64(to, out.Offset(offset))
		}
	}
	// lower and upper put the lower or upper halves of two registers in one.
	lower := func(x, y, to VecPhysical) { VSHUFI64X2(U8(0x44), y, x, to) }
	upper := func(x, y, to VecPhysical) { VSHUFI64X2(U8(0xee), y, x, to) }

	// Quad q is rows 2q and 2q+1: a has words 0-3 of both, b words 4-7, and so on.
	var s state
	for q := range s {
		for i := range 2 {
			load((2*q+i)*rowBytes, left[i])
			load((2*q+i)*rowBytes+half, right[i])
		}
		s[q] = quad{v[4*q], v[4*q+1], v[4*q+2], v[4*q+3]}
		lower(left[0], left[1], s[q].a)
		upper(left[0], left[1], s[q].b)
		lower(right[0], right[1], s[q].c)
		upper(right[0], right[1], s[q].d)
	}
	s.halfWide(temporary)
	s.turn(previous, next)
	s.halfWide(temporary)
	s.turn(next, previous)

	// A register of the columns has one word of each: of columns 0, 4, 1, 5 and
	// so on, since that takes one operation.
	for q := range s {
		lower(s[q].a, s[q].b, left[0])
		upper(s[q].a, s[q].b, left[1])
		lower(s[q].c, s[q].d, right[0])
		upper(s[q].c, s[q].d, right[1])
		for i := range 2 {
			VPUNPCKLQDQ(right[i], left[i], v[4*q+2*i])
			VPUNPCKHQDQ(right[i], left[i], v[4*q+2*i+1])
		}
	}
	s = straight(v)
	s.halfWide(temporary)
	s = diagonal(v)
	s.halfWide(temporary)
	for row := range 8 {
		even, odd := v[2*row], v[2*row+1]
		VPUNPCKLQDQ(odd, even, left[0])
		VPUNPCKHQDQ(odd, even, right[0])
		for i, part := range []VecPhysical{left[0], right[0]} {
			at := out.Offset(row*rowBytes + i*half)
			VPXORQ(at, part, part)
			VMOVDQU64(part, at)
		}
	}
	VZEROUPPER()
	RET()
}

// fetch writes the function that asks for the memory of the next block to read
// and of the one to write.
func fetch(name string) {
	TEXT(name, NOSPLIT, "func(out, next *[128]uint64)")
	out := Mem{Base: Load(Param("out"), RDI)}
	next := Mem{Base: Load(Param("next"), RSI)}
	prefetch(out, next)
	RET()
}

// turn brings the diagonals of rows together, or apart again.
func (s state) turn(a, c uint64) {
	for _, q := range s {
		VPERMQ(U8(a), q.a, q.a)
		VPERMQ(U8(opposite), q.d, q.d)
		VPERMQ(U8(c), q.c, q.c)
	}
}

// halfWide computes the four G_B of each quad.
func (s state) halfWide(t VecPhysical) {
	step := func(x, y, z VecPhysical, right uint64) {
		VPMULUDQ(x, y, t)
		VPADDQ(x, y, x)
		VPADDQ(t, t, t)
		VPADDQ(t, x, x)
		VPXORQ(x, z, z)
		VPRORQ(U8(right), z, z)
	}
	for i, right := range []uint64{32, 24, 16, 63} {
		for _, q := range s {
			if i%2 == 0 {
				step(q.a, q.b, q.d, right)
			} else {
				step(q.c, q.d, q.b, right)
			}
		}
	}
}
