package keyring

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// formatLabel and formatVersion begin everything that is hashed or authenticated,
// so that no other protocol or later format can mean the same bytes.
const (
	formatLabel   = "tillkey keyring"
	formatVersion = "1"
)

// tuple encodes fields so that no two lists of fields give the same bytes: each
// field follows its length as four bytes, big endian. The label and the version
// come first.
func tuple(fields ...string) []byte {
	size := 8 + len(formatLabel) + len(formatVersion)
	for _, f := range fields {
		size += 4 + len(f)
	}
	b := make([]byte, 0, size)
	b = appendField(appendField(b, formatLabel), formatVersion)
	for _, f := range fields {
		b = appendField(b, f)
	}
	return b
}

func appendField(b []byte, field string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
	return append(b, field...)
}

// extract is HKDF-Extract with SHA-256 (RFC 5869, section 2.2). There is no salt,
// since the secret is random already (section 3.3).
func extract(secret []byte) ([]byte, error) {
	prk, err := hkdf.Extract(sha256.New, secret, nil)
	if err != nil {
		return nil, fmt.Errorf("keyring: derive: %w", err)
	}
	return prk, nil
}

// expand is HKDF-Expand with SHA-256 to 32 bytes (RFC 5869, section 2.3). Lists of
// fields that differ give keys that are independent.
func expand(prk []byte, fields ...string) ([]byte, error) {
	key, err := hkdf.Expand(sha256.New, prk, string(tuple(fields...)), secretLength)
	if err != nil {
		return nil, fmt.Errorf("keyring: derive: %w", err)
	}
	return key, nil
}
