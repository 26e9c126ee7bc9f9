package argon2

import "unsafe"

// scratchOf returns two blocks as a scratch. They lie in the arena, so that they
// are aligned, and wiped with it.
func scratchOf(two []block) *scratch {
	return (*scratch)(unsafe.Pointer((*[2]block)(two)))
}
