// Package phc reads and writes the argon2id strings of the PHC string format:
//
//	$argon2id$v=19$m=19456,t=2,p=1$<salt>$<key>
//
// The reader is strict. Decimals have no sign and no leading zero; base64 has
// no padding, no white space and no stray trailing bits; the order is fixed;
// there is one accepted version. So one hash has one spelling, and Parse
// followed by Encode gives back the same string.
//
// Sources: the PHC string format specification, section "argon2", for lengths
// and encoding; RFC 9106, section 3.1, for version 0x13 = 19 and m >= 8*p.
package phc

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tillkey/tillkey/hash/internal/verdict"
)

const (
	// Version is argon2 version 0x13 (RFC 9106, section 3.1).
	Version = 19
	// Prefix begins every argon2id string, whatever its version.
	Prefix = "$argon2id$"

	// MinSaltLength to MaxKeyLength are in bytes and come from the PHC string
	// format: salt 8 to 48 bytes, output 12 to 64 bytes.
	MinSaltLength = 8
	MaxSaltLength = 48
	MinKeyLength  = 12
	MaxKeyLength  = 64

	// MemoryPerLane is the least memory of one lane in KiB (RFC 9106, section
	// 3.1: m >= 8*p).
	MemoryPerLane = 8
)

// Hash is one parsed argon2id string. Printing it shows the parameters and
// hides the salt and the key; Encode shows everything.
type Hash struct {
	Memory      uint32 // KiB
	Time        uint32
	Parallelism uint8

	salt, key []byte
}

// New returns the hash of the given parts. It checks nothing.
func New(memory, time uint32, parallelism uint8, salt, key []byte) Hash {
	return Hash{Memory: memory, Time: time, Parallelism: parallelism, salt: salt, key: key}
}

// SaltLength returns the length of the salt in bytes.
func (h Hash) SaltLength() uint32 { return uint32(len(h.salt)) }

// Salt returns the salt. It must not be changed.
func (h Hash) Salt() []byte { return h.salt }

// Key returns the key. It must not be changed.
func (h Hash) Key() []byte { return h.key }

// KeyLength returns the length of the key in bytes.
func (h Hash) KeyLength() uint32 { return uint32(len(h.key)) }

// Encode returns the full string with salt and key, as it is stored.
func (h Hash) Encode() string {
	return fmt.Sprintf("%sv=%d$m=%d,t=%d,p=%d$%s$%s", Prefix, Version, h.Memory, h.Time, h.Parallelism,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.key))
}

// String returns the parameters without salt and key.
func (h Hash) String() string {
	return fmt.Sprintf("argon2id m=%d t=%d p=%d", h.Memory, h.Time, h.Parallelism)
}

// Format prints String for every verb, so that no verb shows salt or key.
func (h Hash) Format(state fmt.State, _ rune) {
	fmt.Fprint(state, h.String())
}

// Parse reads a stored string. It returns an ErrFormat error for a string that
// breaks the format and a *BoundsError for a number that the format or RFC 9106
// does not allow. It allocates at most the salt and the key, whose lengths it
// knows before.
func Parse(encoded string) (Hash, error) {
	rest, ok := strings.CutPrefix(encoded, Prefix)
	if !ok {
		return Hash{}, verdict.Broken("no argon2id prefix")
	}
	if rest, ok = strings.CutPrefix(rest, "v=19$"); !ok {
		return Hash{}, verdict.Broken("argon2 version is not 19")
	}
	var (
		h       Hash
		m, t, p uint64
		err     error
	)
	if m, rest, err = number(rest, "m=", ','); err != nil {
		return Hash{}, err
	}
	if t, rest, err = number(rest, "t=", ','); err != nil {
		return Hash{}, err
	}
	if p, rest, err = number(rest, "p=", '$'); err != nil {
		return Hash{}, err
	}
	if err := verdict.Within(verdict.ParamTime, "", t, 1, math.MaxUint32); err != nil {
		return Hash{}, err
	}
	if err := verdict.Within(verdict.ParamParallelism, "", p, 1, math.MaxUint8); err != nil {
		return Hash{}, err
	}
	if err := verdict.Within(verdict.ParamMemory, "KiB", m, MemoryPerLane*p, math.MaxUint32); err != nil {
		return Hash{}, err
	}
	h.Memory, h.Time, h.Parallelism = uint32(m), uint32(t), uint8(p)

	salt, key, ok := strings.Cut(rest, "$")
	if !ok {
		return Hash{}, verdict.Broken("no key field")
	}
	if h.salt, err = field(salt, verdict.ParamSaltLength, MinSaltLength, MaxSaltLength); err != nil {
		return Hash{}, err
	}
	if h.key, err = field(key, verdict.ParamKeyLength, MinKeyLength, MaxKeyLength); err != nil {
		return Hash{}, err
	}
	return h, nil
}

// number reads name, a decimal and the byte end from the front of s. Ten digits
// hold every 32-bit number; a longer decimal is refused unread.
func number(s, name string, end byte) (value uint64, rest string, err error) {
	const maxDigits = 10
	s, ok := strings.CutPrefix(s, name)
	if !ok {
		return 0, "", verdict.Broken("parameters are not m, t, p in this order")
	}
	n := 0
	for n < len(s) && n <= maxDigits && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch {
	case n == 0 || n > maxDigits:
		return 0, "", verdict.Broken("a parameter is not a decimal of 1 to 10 digits")
	case n > 1 && s[0] == '0':
		return 0, "", verdict.Broken("a parameter has a leading zero")
	case n == len(s) || s[n] != end:
		return 0, "", verdict.Broken("a parameter is followed by something else than its separator")
	}
	value, err = strconv.ParseUint(s[:n], 10, 64)
	if err != nil {
		return 0, "", verdict.Broken("a parameter is not a decimal")
	}
	return value, s[n+1:], nil
}

// field decodes one base64 field of min to max bytes. The standard decoder
// skips line breaks, so the decoded bytes are encoded again and compared.
func field(s, param string, min, max uint64) ([]byte, error) {
	length := base64.RawStdEncoding.DecodedLen(len(s))
	if err := verdict.Within(param, "bytes", uint64(length), min, max); err != nil {
		return nil, err
	}
	decoded, err := base64.RawStdEncoding.Strict().DecodeString(s)
	if err != nil || base64.RawStdEncoding.EncodeToString(decoded) != s {
		return nil, verdict.Broken("salt or key is not canonical base64 without padding")
	}
	return decoded, nil
}
