package argon2

// kernel is the code that computes blocks. All give the same result.
type kernel uint8

const (
	generic kernel = iota // Go, the one that the others are tested against
	avx2                  // needs AVX2
	avx512                // needs AVX-512F
)

// first begins out = G(prev, ref), with what out held added if xor is set. The
// first word of out is final after it. out may be ref unless xor is set, but it
// is never prev.
func (k kernel) first(out, prev, ref *block, tmp *scratch, xor bool) {
	switch {
	case k == avx512 && xor:
		mixWideXOR(out, prev, ref)
	case k == avx512:
		mixWide(out, prev, ref)
	case k == avx2 && xor:
		mixFirstXOR(out, prev, ref, tmp)
	case k == avx2:
		mixFirst(out, prev, ref, tmp)
	default:
		mixGeneric(out, prev, ref, tmp, xor)
	}
}

// second ends what first began, with the same tmp. The memory of next, and of
// the block behind out, is loaded meanwhile if the processor likes to.
func (k kernel) second(out *block, tmp *scratch, next *block) {
	switch k {
	case avx512:
		fetch(out, next)
	case avx2:
		mixSecond(out, tmp, next)
	}
}
