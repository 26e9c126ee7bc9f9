// Command _asm writes the assembly of package argon2, for AVX2 here and for
// AVX-512 in avx512.go:
//
//	cd hash/internal/argon2/_asm && go run . -out ../block_amd64.s
//
// # What it makes
//
// The compression function G of RFC 9106, section 3.5, runs the permutation P
// on eight rows and then on eight columns of a block of 1024 bytes. One P alone
// is a chain of operations that each wait for the one before, so four of them
// are computed side by side: rows 0-3, rows 4-7, columns 0-3, columns 4-7. That
// takes all sixteen registers: fifteen hold the state, one is for temporary
// values, and the sixteenth part of the state is in memory.
//
// G is cut in two functions. The first ends after columns 0-3: then the first
// word of the block is known, which names the next block to read. The second
// asks for the memory of that block, and of the one to write next, to be loaded
// while it computes columns 4-7.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	rowBytes  = 128  // a row is 16 words
	vector    = 32   // bytes of a register: four words
	blockSize = 1024 // bytes

	// Where the parts of the state that have no register are kept, behind the
	// block in the scratch memory.
	slotA = blockSize
	slotC = blockSize + vector
)

func main() {
	ConstraintExpr("amd64,!purego")
	first("mixFirst", false)
	first("mixFirstXOR", true)
	second("mixSecond")
	wide("mixWide", false)
	wide("mixWideXOR", true)
	fetch("fetch")
	Generate()
}

// first writes the function that computes out = prev XOR ref, the rows, and
// columns 0-3. With xor, what was in out before is added, as the second and
// later passes of version 0x13 want it.
func first(name string, xor bool) {
	TEXT(name, NOSPLIT, "func(out, prev, ref *[128]uint64, tmp *[136]uint64)")
	out := Mem{Base: Load(Param("out"), RDI)}
	prev := Mem{Base: Load(Param("prev"), RSI)}
	ref := Mem{Base: Load(Param("ref"), RDX)}
	tmp := Mem{Base: Load(Param("tmp"), RCX)}
	rows(0, xor, out, prev, ref, tmp)
	rows(4, xor, out, prev, ref, tmp)
	columns(0, out, tmp)
	VZEROUPPER()
	RET()
}

// second writes the function that finishes a block.
func second(name string) {
	TEXT(name, NOSPLIT, "func(out *[128]uint64, tmp *[136]uint64, next *[128]uint64)")
	out := Mem{Base: Load(Param("out"), RDI)}
	tmp := Mem{Base: Load(Param("tmp"), RCX)}
	next := Mem{Base: Load(Param("next"), RSI)}
	prefetch(out, next)
	columns(1, out, tmp)
	VZEROUPPER()
	RET()
}

// prefetch asks for the memory of next and of the block behind out. It faults
// nowhere, not even behind the end of the memory.
func prefetch(out, next Mem) {
	for line := 0; line < blockSize; line += 64 {
		PREFETCHT0(next.Offset(line))
	}
	for line := 0; line < blockSize; line += 64 {
		PREFETCHT0(out.Offset(blockSize + line))
	}
}

// t holds temporary values everywhere.
var t = Y15

// quad is a, b, c, d of four G_B functions of RFC 9106, section 3.6, one in each
// 64-bit lane.
type quad struct{ a, b, c, d VecPhysical }

// state is the four quads of four permutations. a and c of the last quad share
// a register: while one of them is in it, the other is in its slot.
type state [4]quad

// On the diagonals b of lane i meets a of lane i-1, c of lane i+1 and d of lane
// i+2. b is the value that is ready last, so it stays where it is. These are the
// others' moves, for VPERMQ.
const next, previous, opposite = 0x39, 0x93, 0x4e

// straight and diagonal are the quads of the two rounds of P.
func straight(v [16]VecPhysical) state {
	return state{{v[0], v[4], v[8], v[12]}, {v[1], v[5], v[9], v[13]}, {v[2], v[6], v[10], v[14]}, {v[3], v[7], v[11], v[15]}}
}

func diagonal(v [16]VecPhysical) state {
	return state{{v[0], v[5], v[10], v[15]}, {v[1], v[6], v[11], v[12]}, {v[2], v[7], v[8], v[13]}, {v[3], v[4], v[9], v[14]}}
}

// rows computes P on four rows. A register holds four words of one row, so each
// quad is one row: a is words 0-3, b words 4-7, and so on.
func rows(row int, xor bool, out, prev, ref, tmp Mem) {
	s := state{{Y0, Y1, Y2, Y3}, {Y4, Y5, Y6, Y7}, {Y8, Y9, Y10, Y11}, {Y12, Y13, Y12, Y14}}
	load := func(q, part int, to VecPhysical) {
		offset := (row+q)*rowBytes + part*vector
		VMOVDQU(prev.Offset(offset), to)
		VPXOR(ref.Offset(offset), to, to)
		if xor {
			VPXOR(out.Offset(offset), to, t)
			VMOVDQU(t, out.Offset(offset))
		} else {
			VMOVDQU(to, out.Offset(offset))
		}
	}
	load(3, 2, s[3].c)
	VMOVDQU(s[3].c, tmp.Offset(slotC))
	for q := range s {
		load(q, 0, s[q].a)
		load(q, 1, s[q].b)
		if q < 3 {
			load(q, 2, s[q].c)
		}
		load(q, 3, s[q].d)
	}
	s.half(tmp)

	turn := func(a, c uint64) {
		for q := range 3 {
			VPERMQ(U8(a), s[q].a, s[q].a)
			VPERMQ(U8(opposite), s[q].d, s[q].d)
			VPERMQ(U8(c), s[q].c, s[q].c)
		}
		VPERMQ(U8(opposite), s[3].d, s[3].d)
		VPERMQ(U8(c), s[3].c, s[3].c)
		VMOVDQU(s[3].c, tmp.Offset(slotC))
		VPERMQ(U8(a), tmp.Offset(slotA), s[3].a)
	}
	turn(previous, next)
	s.half(tmp)
	turn(next, previous)
	for q := range s {
		offset := (row + q) * rowBytes
		VMOVDQU(s[q].a, tmp.Offset(offset))
		VMOVDQU(s[q].b, tmp.Offset(offset+vector))
		if q == 3 {
			VMOVDQU(tmp.Offset(slotC), s[q].c)
		}
		VMOVDQU(s[q].c, tmp.Offset(offset+2*vector))
		VMOVDQU(s[q].d, tmp.Offset(offset+3*vector))
	}
}

// columns computes P on columns 0-3 or 4-7 and adds them to out. Column i is
// words 2i and 2i+1 of each row. A register holds one word of four columns, so
// the diagonals need no permutation: the registers only change their roles.
func columns(half int, out, tmp Mem) {
	v := [16]VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y3, Y11, Y12, Y13, Y14}
	load := func(row int) {
		at := tmp.Offset(row*rowBytes + half*2*vector)
		even, odd := v[2*row], v[2*row+1]
		VMOVDQU(at, even)
		VPUNPCKHQDQ(at.Offset(vector), even, odd)
		VPUNPCKLQDQ(at.Offset(vector), even, even)
	}
	load(5)
	VMOVDQU(v[11], tmp.Offset(slotC))
	for _, row := range []int{0, 2, 4, 6, 1, 3, 7} {
		load(row)
	}
	s := straight(v)
	s.half(tmp)

	// v[11] is in its register, v[3] in the slot. In the diagonals v[3] meets
	// v[9], so these two share the register of v[9] now.
	VMOVDQU(v[9], tmp.Offset(slotC))
	VMOVDQU(tmp.Offset(slotA), v[9])
	v[3] = v[9]
	s = diagonal(v)
	s.half(tmp)

	store := func(row int, even, odd Op) {
		at := out.Offset(row*rowBytes + half*2*vector)
		low := even.(VecPhysical)
		VPUNPCKLQDQ(odd, low, t)
		VPXOR(at, t, t)
		VMOVDQU(t, at)
		VPUNPCKHQDQ(odd, low, t)
		VPXOR(at.Offset(vector), t, t)
		VMOVDQU(t, at.Offset(vector))
	}
	for row := range 8 {
		if row == 1 {
			store(row, v[2], tmp.Offset(slotA))
			continue
		}
		store(row, v[2*row], v[2*row+1])
	}
}

// half computes the four G_B of each quad. Before it, a of the last quad is in
// the shared register and c in its slot; after it, c is in the register and a in
// its slot.
func (s state) half(tmp Mem) {
	a, c := tmp.Offset(slotA), tmp.Offset(slotC)
	shared := s[3].a
	s.step(func(q quad) (x, y, z VecPhysical) { return q.a, q.b, q.d }, shared, rotate32)
	VMOVDQU(shared, a)
	s.step(func(q quad) (x, y, z VecPhysical) { return q.c, q.d, q.b }, c, rotate24)
	VMOVDQU(shared, c)
	s.step(func(q quad) (x, y, z VecPhysical) { return q.a, q.b, q.d }, a, rotate16)
	VMOVDQU(shared, a)
	s.step(func(q quad) (x, y, z VecPhysical) { return q.c, q.d, q.b }, c, rotate63)
}

// step computes x = x + y + 2*low(x)*low(y), z = (z XOR x) turned right, for
// each quad. from is where x of the last quad is read.
func (s state) step(parts func(quad) (x, y, z VecPhysical), from Op, rotate func(VecPhysical)) {
	for i, q := range s {
		x, y, z := parts(q)
		source := Op(x)
		if i == 3 {
			source = from
		}
		VPMULUDQ(source, y, t)
		VPADDQ(source, y, x)
		VPADDQ(t, t, t)
		VPADDQ(t, x, x)
		VPXOR(x, z, z)
		rotate(z)
	}
}

func rotate32(x VecPhysical) { VPSHUFD(U8(0xb1), x, x) }
func rotate24(x VecPhysical) { VPSHUFB(mask("rotate24", 3), x, x) }
func rotate16(x VecPhysical) { VPSHUFB(mask("rotate16", 2), x, x) }

func rotate63(x VecPhysical) {
	VPADDQ(x, x, t)
	VPSRLQ(U8(63), x, x)
	VPXOR(t, x, x)
}

var masks = map[string]Mem{}

// mask returns the constant with which VPSHUFB turns each word right by so many
// bytes.
func mask(name string, bytes int) Mem {
	if at, ok := masks[name]; ok {
		return at
	}
	at := GLOBL(name, RODATA|NOPTR)
	for i := range vector {
		DATA(i, U8(i&8|(i+bytes)&7))
	}
	masks[name] = at
	return at
}
