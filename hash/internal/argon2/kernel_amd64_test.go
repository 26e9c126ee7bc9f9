//go:build amd64 && !purego

package argon2

import (
	_ "unsafe" // for linkname

	_ "golang.org/x/crypto/argon2"
)

// otherBlock is the block function of golang.org/x/crypto/argon2, nil where it
// cannot be called.
var otherBlock = processBlock

//go:linkname processBlock golang.org/x/crypto/argon2.processBlock
func processBlock(out, in1, in2 *block)
