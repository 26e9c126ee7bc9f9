//go:build !amd64 || purego

package argon2

var otherBlock func(out, in1, in2 *block)
