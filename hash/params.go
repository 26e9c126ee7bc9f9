package hash

import (
	"cmp"
	"fmt"
	"math/bits"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

const (
	// recommendedSaltLength and recommendedKeyLength are the 128-bit salt and
	// the 256-bit tag of RFC 9106, section 4. More adds nothing.
	recommendedSaltLength = 16
	recommendedKeyLength  = 32

	// maxTime bounds the passes of new hashes and of Limits.Time.
	maxTime = 1 << 16
)

// Params are the costs of argon2id and the lengths of salt and key.
type Params struct {
	Memory      uint32 // KiB, at least 8 for each lane
	Time        uint32 // passes over the memory, at least 1
	Parallelism uint8  // lanes, at least 1
	SaltLength  uint32 // bytes, 8 to 48
	KeyLength   uint32 // bytes, 12 to 64
}

// DefaultParams returns m=19456 KiB, t=2, p=1, a salt of 16 bytes and a key of
// 32 bytes. The costs are the OWASP Password Storage Cheat Sheet's headline
// minimum and a row of ASVS 5.0, appendix C; the lengths are those of RFC 9106,
// section 4.
//
// Parallelism is 1 and never the number of CPUs. It is a part of the hash: a
// default taken from the machine would make every host of a fleet write other
// hashes, and a small host run the lanes of a large one in turn. A server gets
// its parallelism from many logins at once.
func DefaultParams() Params {
	return Params{
		Memory:      19456,
		Time:        2,
		Parallelism: 1,
		SaltLength:  recommendedSaltLength,
		KeyLength:   recommendedKeyLength,
	}
}

// Check returns nil if the parameters may protect real passwords, and a
// *BoundsError that names the first one that is too small or too large.
//
// The least costs are those of MeetsOWASP. The least lengths are those of RFC
// 9106, section 4: 16 bytes of salt, 32 bytes of key. The most memory is 4 GiB,
// twice the first recommendation of RFC 9106, section 4, and on platforms of 32
// bits 1 GiB less 1 KiB.
func (p Params) Check() error {
	if err := p.checkShape(); err != nil {
		return err
	}
	if err := verdict.Within(ParamMemory, "KiB", uint64(p.Memory), uint64(leastMemory(p.Time)), maxMemory); err != nil {
		return err
	}
	if err := verdict.Within(ParamSaltLength, "bytes", uint64(p.SaltLength), recommendedSaltLength, phc.MaxSaltLength); err != nil {
		return err
	}
	return verdict.Within(ParamKeyLength, "bytes", uint64(p.KeyLength), recommendedKeyLength, phc.MaxKeyLength)
}

// checkShape returns a *BoundsError for parameters that no stored string may
// have, or that no machine should be asked to compute.
func (p Params) checkShape() error {
	if err := verdict.Within(ParamTime, "", uint64(p.Time), 1, maxTime); err != nil {
		return err
	}
	if err := verdict.Within(ParamParallelism, "", uint64(p.Parallelism), 1, 255); err != nil {
		return err
	}
	if err := verdict.Within(ParamMemory, "KiB", uint64(p.Memory), phc.MemoryPerLane*uint64(p.Parallelism), maxMemory); err != nil {
		return err
	}
	if err := verdict.Within(ParamSaltLength, "bytes", uint64(p.SaltLength), phc.MinSaltLength, phc.MaxSaltLength); err != nil {
		return err
	}
	return verdict.Within(ParamKeyLength, "bytes", uint64(p.KeyLength), phc.MinKeyLength, phc.MaxKeyLength)
}

// String returns the costs, such as "m=19456 t=2 p=1".
func (p Params) String() string {
	return fmt.Sprintf("m=%d t=%d p=%d", p.Memory, p.Time, p.Parallelism)
}

// orDefault replaces each field that is zero by the default.
func (p Params) orDefault() Params {
	def := DefaultParams()
	return Params{
		Memory:      cmp.Or(p.Memory, def.Memory),
		Time:        cmp.Or(p.Time, def.Time),
		Parallelism: cmp.Or(p.Parallelism, def.Parallelism),
		SaltLength:  cmp.Or(p.SaltLength, def.SaltLength),
		KeyLength:   cmp.Or(p.KeyLength, def.KeyLength),
	}
}

// bytes returns the working memory of one hash in bytes.
func (p Params) bytes() int64 { return int64(p.Memory) << 10 }

// compareStrength orders all parameters from weak to strong: first by key
// length, then by salt length, both counted up to their recommended lengths,
// then by memory*memory*time. That product is memory held times time held, what
// an attacker pays for each guess. Parallelism counts for nothing: it moves
// work, it does not add any.
//
// It is one total order on purpose. Comparing each number on its own would let
// two hosts with (more memory, fewer passes) and (less memory, more passes) each
// find the other's hashes weak and rewrite them for ever.
func (p Params) compareStrength(q Params) int {
	key := cmp.Compare(min(p.KeyLength, recommendedKeyLength), min(q.KeyLength, recommendedKeyLength))
	salt := cmp.Compare(min(p.SaltLength, recommendedSaltLength), min(q.SaltLength, recommendedSaltLength))
	pHigh, pLow := bits.Mul64(uint64(p.Memory)*uint64(p.Time), uint64(p.Memory))
	qHigh, qLow := bits.Mul64(uint64(q.Memory)*uint64(q.Time), uint64(q.Memory))
	return cmp.Or(key, salt, cmp.Compare(pHigh, qHigh), cmp.Compare(pLow, qLow))
}

func paramsOf(h phc.Hash) Params {
	return Params{
		Memory:      h.Memory,
		Time:        h.Time,
		Parallelism: h.Parallelism,
		SaltLength:  h.SaltLength(),
		KeyLength:   h.KeyLength(),
	}
}
