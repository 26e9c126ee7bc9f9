//go:build amd64 && !purego

package argon2

import "golang.org/x/sys/cpu"

// bestKernel returns the fastest kernel that this processor has. The environment
// variable GODEBUG=cpu.avx512f=off switches the first one off, cpu.avx2=off both.
func bestKernel() kernel {
	switch {
	case !cpu.X86.HasAVX2:
		return generic
	case cpu.X86.HasAVX512F:
		return avx512
	}
	return avx2
}

// mixFirst computes the rows and columns 0-3 of out = G(prev, ref). Words 0-7 of
// each row of out are final then. out may be ref, but not prev.
//
//go:noescape
func mixFirst(out, prev, ref *block, tmp *scratch)

// mixFirstXOR is mixFirst for out = out XOR G(prev, ref). out is neither prev nor
// ref.
//
//go:noescape
func mixFirstXOR(out, prev, ref *block, tmp *scratch)

// mixSecond finishes what mixFirst or mixFirstXOR began, and meanwhile asks the
// processor to load next.
//
//go:noescape
func mixSecond(out *block, tmp *scratch, next *block)

// mixWide computes out = G(prev, ref). out may be ref, but not prev. It needs
// AVX-512F.
//
//go:noescape
func mixWide(out, prev, ref *block)

// mixWideXOR is mixWide for out = out XOR G(prev, ref). out is neither prev nor
// ref.
//
//go:noescape
func mixWideXOR(out, prev, ref *block)

// fetch asks the processor to load next and the block behind out.
//
//go:noescape
func fetch(out, next *block)
