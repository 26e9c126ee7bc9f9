package argon2

import (
	"math"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// Variant is the type of Argon2, with the number of RFC 9106, section 3.2.
type Variant uint32

const (
	// D chooses every block by the password: strong against GPUs, but the order
	// of memory accesses tells about the password. For foreign hashes only.
	D Variant = 0
	// I chooses every block without the password.
	I Variant = 1
	// ID does the first half of the first pass like I and the rest like D.
	ID Variant = 2
)

// Version is the version of Argon2.
type Version uint32

const (
	// Version10 overwrites memory in later passes. For foreign hashes only.
	Version10 Version = 0x10
	// Version13 is the version of RFC 9106: later passes add to the memory.
	Version13 Version = 0x13
)

// Bounds of what a Key is asked for. They are those of RFC 9106, section 3.1,
// where a number of it is not too large to be meant.
const (
	// MinMemoryPerLane is in KiB (RFC 9106: m >= 8*p).
	MinMemoryPerLane = 8
	// MaxMemory is in KiB: 4 GiB, or where an int has 32 bits half of what it can
	// count, so that no size of an arena overflows: 1 GiB less 1 KiB.
	MaxMemory = min(4<<20, math.MaxInt/2/blockSize)
	MaxTime   = 1 << 16
	MaxLanes  = 255

	// Lengths in bytes. RFC 9106 allows 2^32-1 for each maximum here; the least
	// salt is what the reference software takes.
	MinKeyLength  = 4
	MaxKeyLength  = 1024
	MinSaltLength = 8
	MaxInput      = 4 << 20 // the NFC of the longest password is up to three times as long
)

// Params are the public parts of a Key besides the salt.
type Params struct {
	Variant   Variant
	Version   Version
	Time      uint32 // passes, 1 to MaxTime
	Memory    uint32 // KiB, MinMemoryPerLane for each lane to MaxMemory
	Lanes     uint32 // 1 to MaxLanes
	KeyLength uint32 // bytes, MinKeyLength to MaxKeyLength
}

// Input is what is hashed. Secret and Data are the optional K and X of RFC 9106.
// Each is at most MaxInput bytes long, Salt at least MinSaltLength.
type Input struct {
	Password, Salt, Secret, Data []byte
}

// Names of bounded values that package verdict does not know.
const (
	paramVariant = "argon2 variant"
	paramVersion = "argon2 version"
	paramSecret  = "secret length"
	paramData    = "associated data length"
)

// check returns a *verdict.BoundsError for the first value that is outside its
// bounds. It is asked before anything is allocated.
func check(p Params, in Input) error {
	version := uint64(p.Version)
	if p.Version == Version10 { // the only two versions there are
		version = uint64(Version13)
	}
	for _, bound := range []struct {
		param, unit      string
		actual, min, max uint64
	}{
		{paramVariant, "", uint64(p.Variant), uint64(D), uint64(ID)},
		{paramVersion, "", version, uint64(Version13), uint64(Version13)},
		{verdict.ParamTime, "", uint64(p.Time), 1, MaxTime},
		{verdict.ParamParallelism, "", uint64(p.Lanes), 1, MaxLanes},
		{verdict.ParamMemory, "KiB", uint64(p.Memory), MinMemoryPerLane * uint64(p.Lanes), MaxMemory},
		{verdict.ParamKeyLength, "bytes", uint64(p.KeyLength), MinKeyLength, MaxKeyLength},
		{verdict.ParamPassword, "bytes", uint64(len(in.Password)), 0, MaxInput},
		{verdict.ParamSaltLength, "bytes", uint64(len(in.Salt)), MinSaltLength, MaxInput},
		{paramSecret, "bytes", uint64(len(in.Secret)), 0, MaxInput},
		{paramData, "bytes", uint64(len(in.Data)), 0, MaxInput},
	} {
		if err := verdict.Within(bound.param, bound.unit, bound.actual, bound.min, bound.max); err != nil {
			return err
		}
	}
	return nil
}

// segmentLength returns the blocks of one of the four slices of a lane (RFC
// 9106, section 3.2, step 3: the memory is rounded down to a multiple of 4*p).
func (p Params) segmentLength() uint32 { return p.Memory / (slicesPerPass * p.Lanes) }

// blocks returns the blocks that all lanes have together.
func (p Params) blocks() uint32 { return p.segmentLength() * slicesPerPass * p.Lanes }
