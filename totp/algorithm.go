package totp

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// Algorithm is the hash under the HMAC that makes the codes (RFC 6238
// section 1.2). The zero value is SHA1.
type Algorithm uint8

// The three algorithms of RFC 6238.
const (
	SHA1   Algorithm = iota // the only one that every authenticator app knows
	SHA256                  // approved by ASVS 5.0 appendix C; some apps ignore it and show wrong codes
	SHA512                  // as SHA256
)

// String returns the name used in otpauth URIs: SHA1, SHA256 or SHA512.
func (a Algorithm) String() string {
	switch a {
	case SHA1:
		return "SHA1"
	case SHA256:
		return "SHA256"
	case SHA512:
		return "SHA512"
	}
	return "unknown"
}

func (a Algorithm) new() func() hash.Hash {
	switch a {
	case SHA256:
		return sha256.New
	case SHA512:
		return sha512.New
	}
	return sha1.New
}

// size is the length of the hash in bytes, which RFC 6238 section 5.1 advises
// as the length of the key.
func (a Algorithm) size() int {
	switch a {
	case SHA256:
		return sha256.Size
	case SHA512:
		return sha512.Size
	}
	return sha1.Size
}
