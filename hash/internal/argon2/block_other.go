//go:build !amd64 || purego

package argon2

func bestKernel() kernel { return generic }

// The functions of block_amd64.s are not called where there is no kernel for
// them.
func mixFirst(out, prev, ref *block, tmp *scratch)    {}
func mixFirstXOR(out, prev, ref *block, tmp *scratch) {}
func mixSecond(*block, *scratch, *block)              {}
func mixWide(out, prev, ref *block)                   {}
func mixWideXOR(out, prev, ref *block)                {}
func fetch(out, next *block)                          {}
