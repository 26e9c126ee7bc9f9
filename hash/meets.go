package hash

import "slices"

// row is a pair of costs that a source calls enough.
type row struct{ time, memory uint32 }

// meets reports whether the costs reach one of the rows.
func (p Params) meets(rows []row) bool {
	return p.Parallelism > 0 && slices.ContainsFunc(rows, func(r row) bool { return p.Time >= r.time && p.Memory >= r.memory })
}

// owaspRows are the rows of the OWASP Password Storage Cheat Sheet, section
// Argon2id, which calls them equally strong.
func owaspRows() []row { return []row{{1, 47104}, {2, 19456}, {3, 12288}, {4, 9216}, {5, 7168}} }

// leastMemory returns the memory in KiB that so many passes need for MeetsOWASP.
func leastMemory(time uint32) uint32 {
	rows := owaspRows()
	return rows[min(max(time, 1), uint32(len(rows)))-1].memory
}

// MeetsOWASP reports whether the costs are at least those of a row of the OWASP
// Password Storage Cheat Sheet, section Argon2id (as of August 2026): m=47104
// (46 MiB) with t=1, m=19456 (19 MiB) with t=2, m=12288 (12 MiB) with t=3,
// m=9216 (9 MiB) with t=4, or m=7168 (7 MiB) with t=5, in KiB. More passes than
// 5 do not make up for less memory. The sheet has p=1 in all rows; p is free
// here, since it lowers neither memory nor passes. It asks nothing of the
// lengths of salt and key, so they do not count.
func (p Params) MeetsOWASP() bool { return p.meets(owaspRows()) }

// MeetsASVS5 reports whether the costs are at least those of a row of OWASP ASVS
// 5.0, appendix C, which requirement 11.4.2 (level 2) refers to: m=47104 (46
// MiB) with t=1, m=19456 (19 MiB) with t=2, or m=12288 (12 MiB) with t=3 or
// more, in KiB. It lacks the last two rows of the cheat sheet; see MeetsOWASP,
// also for p and the lengths.
func (p Params) MeetsASVS5() bool { return p.meets(owaspRows()[:3]) }

// MeetsRFC9106First reports whether costs and lengths are at least those of the
// first recommended option of RFC 9106, section 4: m=2097152 (2 GiB, in KiB)
// with t=1, a salt of 128 bits and a tag of 256 bits. The option has p=4, which
// fits its memory into the time of a login and makes no guess dearer; p is free
// here.
//
// A Hasher of these parameters has Limits that allow them, and without
// Config.Budget makes a budget of 2 GiB for each of GOMAXPROCS. Give a Budget of
// your own at least 2 GiB. A Hasher of lower parameters verifies such hashes only
// with Limits.Memory and a Budget of 2 GiB or more.
func (p Params) MeetsRFC9106First() bool {
	return p.meets([]row{{1, 1 << 21}}) && p.rfc9106Lengths()
}

// MeetsRFC9106Second reports whether costs and lengths are at least those of the
// second recommended option of RFC 9106, section 4, which is for when much less
// memory is available: m=65536 (64 MiB, in KiB) with t=3, a salt of 128 bits and
// a tag of 256 bits; p is free as in MeetsRFC9106First. The first option meets
// it only with t=3 or more: the two trade memory for passes.
func (p Params) MeetsRFC9106Second() bool {
	return p.meets([]row{{3, 1 << 16}}) && p.rfc9106Lengths()
}

func (p Params) rfc9106Lengths() bool {
	return p.SaltLength >= recommendedSaltLength && p.KeyLength >= recommendedKeyLength
}
