// Package argon2 computes Argon2d, Argon2i and Argon2id (RFC 9106), versions
// 0x13 and 0x10, in memory that it keeps from one key to the next.
//
// # Why there is an own engine
//
// The time of a login is what a defender spends and an attacker must spend too,
// so code that is three times as fast buys hashes that are three times as dear.
// golang.org/x/crypto/argon2 takes its memory from the Go heap anew for each
// key, which doubles it and keeps the collector busy, runs two chains of
// operations at once where the processor has room for four, and waits for each
// block that it reads. Here
//
//   - memory lies in arenas outside of the heap (in plain slices where none can
//     be mapped), at most one for each slot of the caller's limit, wiped after
//     each key like the buffers of BLAKE2b, given back when idle;
//   - amd64 with AVX2 or AVX-512 has assembly that computes four permutations
//     side by side;
//   - the address of the next block is known, and its memory asked for, before
//     the present block is done;
//   - lanes are computed in pairs, one while the memory of the other is loaded.
//
// # How it is verified
//
// The assembly is small, made by the command in _asm, and has no branch and no
// address that depends on what it computes. Each of its kernels is compared with
// the Go code in mixGeneric, which every other platform uses and the build tag
// purego selects, block by block and key by key. Keys are compared with the
// vectors of RFC 9106, those of libargon2 (with secrets, associated data and
// version 0x10), the argon2 command line and golang.org/x/crypto/argon2, the
// last by a fuzz target too. All indices into the memory are checked by Go; the
// assembly gets pointers to whole blocks only.
//
// The build tag tillkey_xcrypto makes package hash use golang.org/x/crypto
// instead of this package.
package argon2
