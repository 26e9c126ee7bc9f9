package argon2

import "math/bits"

// mixGeneric computes out = G(prev, ref), or out = out XOR G(prev, ref) (RFC
// 9106, section 3.5). It is what the assembly is compared with, and the code of
// every platform that has none.
func mixGeneric(out, prev, ref *block, tmp *scratch, xor bool) {
	z := (*block)(tmp[:words])
	for i := range z {
		z[i] = prev[i] ^ ref[i]
	}
	if xor {
		out.add(z)
	} else {
		*out = *z
	}
	for row := range 8 {
		permute(z, 16*row, 2)
	}
	for column := range 8 {
		permute(z, 2*column, 16)
	}
	out.add(z)
}

// permute is P of RFC 9106, section 3.6, on the eight pairs of words that begin
// at first and then each step words later.
func permute(b *block, first, step int) {
	at := func(pair int) *[2]uint64 { return (*[2]uint64)(b[first+pair*step:]) }
	r0, r1, r2, r3, r4, r5, r6, r7 := at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)
	v0, v1, v2, v3 := r0[0], r0[1], r1[0], r1[1]
	v4, v5, v6, v7 := r2[0], r2[1], r3[0], r3[1]
	v8, v9, v10, v11 := r4[0], r4[1], r5[0], r5[1]
	v12, v13, v14, v15 := r6[0], r6[1], r7[0], r7[1]

	v0, v12 = quarter(v0, v4, v12, 32)
	v8, v4 = quarter(v8, v12, v4, 24)
	v0, v12 = quarter(v0, v4, v12, 16)
	v8, v4 = quarter(v8, v12, v4, 63)

	v1, v13 = quarter(v1, v5, v13, 32)
	v9, v5 = quarter(v9, v13, v5, 24)
	v1, v13 = quarter(v1, v5, v13, 16)
	v9, v5 = quarter(v9, v13, v5, 63)

	v2, v14 = quarter(v2, v6, v14, 32)
	v10, v6 = quarter(v10, v14, v6, 24)
	v2, v14 = quarter(v2, v6, v14, 16)
	v10, v6 = quarter(v10, v14, v6, 63)

	v3, v15 = quarter(v3, v7, v15, 32)
	v11, v7 = quarter(v11, v15, v7, 24)
	v3, v15 = quarter(v3, v7, v15, 16)
	v11, v7 = quarter(v11, v15, v7, 63)

	v0, v15 = quarter(v0, v5, v15, 32)
	v10, v5 = quarter(v10, v15, v5, 24)
	v0, v15 = quarter(v0, v5, v15, 16)
	v10, v5 = quarter(v10, v15, v5, 63)

	v1, v12 = quarter(v1, v6, v12, 32)
	v11, v6 = quarter(v11, v12, v6, 24)
	v1, v12 = quarter(v1, v6, v12, 16)
	v11, v6 = quarter(v11, v12, v6, 63)

	v2, v13 = quarter(v2, v7, v13, 32)
	v8, v7 = quarter(v8, v13, v7, 24)
	v2, v13 = quarter(v2, v7, v13, 16)
	v8, v7 = quarter(v8, v13, v7, 63)

	v3, v14 = quarter(v3, v4, v14, 32)
	v9, v4 = quarter(v9, v14, v4, 24)
	v3, v14 = quarter(v3, v4, v14, 16)
	v9, v4 = quarter(v9, v14, v4, 63)

	r0[0], r0[1], r1[0], r1[1] = v0, v1, v2, v3
	r2[0], r2[1], r3[0], r3[1] = v4, v5, v6, v7
	r4[0], r4[1], r5[0], r5[1] = v8, v9, v10, v11
	r6[0], r6[1], r7[0], r7[1] = v12, v13, v14, v15
}

// quarter is one of the four steps of GB: it returns x + y + 2*low(x)*low(y), and
// z XOR that, turned right.
func quarter(x, y, z uint64, right int) (newX, newZ uint64) {
	x += y + 2*uint64(uint32(x))*uint64(uint32(y))
	return x, bits.RotateLeft64(z^x, -right)
}
