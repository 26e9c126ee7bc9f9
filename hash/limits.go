package hash

import (
	"cmp"
	"math"

	"github.com/tillkey/tillkey/hash/internal/phc"
	"github.com/tillkey/tillkey/hash/internal/verdict"
)

// maxEncodedLength is the longest stored string in bytes that is looked at. An
// argon2id string has at most 198; the rest is room for foreign formats.
const maxEncodedLength = 1024

// Limits bound what a Hasher is willing to work on. Stored strings are input:
// whoever can write one row must not be able to take the memory of the server.
// Each zero field means its default.
type Limits struct {
	// Memory is the most memory of a stored hash in KiB, 8 to 4194304. Zero
	// means 262144 (256 MiB), or Params.Memory if that is more.
	Memory uint32

	// Time is the most passes of a stored argon2id hash, 1 to 65536. Zero means
	// 64, or Params.Time if that is more.
	Time uint32

	// Parallelism is the most lanes of a stored argon2id hash. Zero means 255,
	// all that the format allows: lanes split the work and do not add any, the
	// memory must be 8 KiB for each lane, and other software writes the number
	// of its CPUs here.
	Parallelism uint8

	// NewPassword is the longest password in bytes that Hash takes, 64 to
	// 1048576. Zero means 1024, four bytes for each of 256 code points.
	NewPassword int

	// Password is the longest password in bytes that Verify and Decoy take, at
	// least NewPassword and at most 1048576. Zero means 4096, or NewPassword
	// if that is more: imported hashes may come from a more generous site.
	Password int
}

const (
	defaultMaxMemory      = 256 << 10
	defaultMaxTime        = 64
	defaultMaxParallelism = math.MaxUint8
	defaultMaxNewPassword = 1024
	defaultMaxPassword    = 4096

	// minPasswordCap keeps 64 ASCII characters possible (NIST SP 800-63B-4,
	// section 3.1.1.2).
	minPasswordCap = 64
	maxPasswordCap = 1 << 20
)

// orDefault replaces each field that is zero by the default for hashers that
// make hashes with the given parameters.
func (l Limits) orDefault(params Params) Limits {
	l.Memory = cmp.Or(l.Memory, max(defaultMaxMemory, params.Memory))
	l.Time = cmp.Or(l.Time, max(defaultMaxTime, params.Time))
	l.Parallelism = cmp.Or(l.Parallelism, defaultMaxParallelism)
	l.NewPassword = cmp.Or(l.NewPassword, defaultMaxNewPassword)
	l.Password = cmp.Or(l.Password, max(defaultMaxPassword, l.NewPassword))
	return l
}

// check returns a *BoundsError for limits that make no sense.
func (l Limits) check() error {
	if err := verdict.Within(ParamMemory, "KiB", uint64(l.Memory), phc.MemoryPerLane, maxMemory); err != nil {
		return err
	}
	if err := verdict.Within(ParamTime, "", uint64(l.Time), 1, maxTime); err != nil {
		return err
	}
	if err := verdict.Within(ParamPassword, "bytes", uint64(max(l.NewPassword, 0)), minPasswordCap, maxPasswordCap); err != nil {
		return err
	}
	return verdict.Within(ParamPassword, "bytes", uint64(max(l.Password, 0)), uint64(l.NewPassword), maxPasswordCap)
}

// checkStored returns a *BoundsError if a stored hash costs more than allowed.
func (l Limits) checkStored(p Params) error {
	if err := verdict.Within(ParamMemory, "KiB", uint64(p.Memory), phc.MemoryPerLane, uint64(l.Memory)); err != nil {
		return err
	}
	if err := verdict.Within(ParamTime, "", uint64(p.Time), 1, uint64(l.Time)); err != nil {
		return err
	}
	return verdict.Within(ParamParallelism, "", uint64(p.Parallelism), 1, uint64(l.Parallelism))
}

// checkNewPassword returns a *BoundsError for a password that is too long for
// Hash.
func (l Limits) checkNewPassword(password string) error {
	return verdict.Within(ParamPassword, "bytes", uint64(len(password)), 0, uint64(l.NewPassword))
}

// checkPassword returns a *BoundsError for a password that is too long for
// Verify and Decoy.
func (l Limits) checkPassword(password string) error {
	return verdict.Within(ParamPassword, "bytes", uint64(len(password)), 0, uint64(l.Password))
}

// checkEncoded returns a *BoundsError for a stored string that is too long to
// be a hash.
func checkEncoded(encoded string) error {
	return verdict.Within(ParamEncoded, "bytes", uint64(len(encoded)), 0, maxEncodedLength)
}
