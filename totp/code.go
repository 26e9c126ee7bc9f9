package totp

import (
	"crypto/hmac"
	"encoding/binary"
	"hash"
	"time"
)

// maxTypedCode bounds the bytes of a typed code: eight digits of the widest
// script with generous spacing.
const maxTypedCode = 64

// Step counts periods since 1970-01-01 00:00 UTC (RFC 6238 section 4.2). It
// is what a caller stores after a code was used. Steps before 1970 are
// negative and have no code.
type Step int64

// Step returns the step that at falls into; 0 for the zero Secret.
func (s Secret) Step(at time.Time) Step {
	if s.seed == nil {
		return 0
	}
	unix := at.Unix()
	step := unix / s.seed.period
	if unix%s.seed.period < 0 {
		step-- // division rounds towards zero; steps round down
	}
	return Step(step)
}

// Code returns the code that an authenticator app shows at the given time:
// Digits digits, with leading zeros. It is empty for the zero Secret and for
// times before 1970. A server has no need of it; it serves tests and command
// lines.
func (s Secret) Code(at time.Time) string {
	step := s.Step(at)
	if s.seed == nil || step < 0 {
		return ""
	}
	value := s.seed.value(s.seed.mac(), step)
	code := make([]byte, s.seed.digits)
	for i := len(code) - 1; i >= 0; i-- {
		code[i] = '0' + byte(value%10)
		value /= 10
	}
	return string(code)
}

func (s *seed) mac() hash.Hash { return hmac.New(s.algorithm.new(), *s.key) }

// value computes the code of a step as a number (RFC 4226 section 5.3).
func (s *seed) value(mac hash.Hash, step Step) int32 {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	var room [64]byte
	mac.Reset()
	mac.Write(counter[:])
	sum := mac.Sum(room[:0])

	offset := sum[len(sum)-1] & 0x0f
	value := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	modulus := uint32(1)
	for range s.digits {
		modulus *= 10
	}
	return int32(value % modulus)
}

// read turns a typed code into a number. The code must have exactly the
// digits of s once spaces and dashes are gone.
func (s *seed) read(code string) (value int32, ok bool) {
	if len(code) > maxTypedCode {
		return 0, false
	}
	digits := 0
	for _, r := range code {
		if filler(r) {
			continue
		}
		c, ok := plain(r)
		if !ok || c > '9' || digits == s.digits {
			return 0, false
		}
		value = value*10 + int32(c-'0')
		digits++
	}
	return value, digits == s.digits
}
