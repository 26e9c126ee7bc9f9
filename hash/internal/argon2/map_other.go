//go:build !linux

package argon2

func mapBlocks(int) ([]block, []byte) { return nil, nil }
func unmap([]byte)                    {}
func discard([]block)                 {}
