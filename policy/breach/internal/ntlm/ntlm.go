// Package ntlm computes the NTLM hash of a password, as Windows stores it and as
// lists of leaked passwords have it. It protects nothing: it is only looked up.
package ntlm

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/md4" //lint:ignore SA1019 NTLM is MD4
)

// Size is the bytes of a hash.
const Size = md4.Size

// Sum returns the MD4 of the password's UTF-16LE units ([MS-NLMP], section
// 3.3.1), and false if the password is no valid UTF-8.
func Sum(password string) (sum [Size]byte, ok bool) {
	if !utf8.ValidString(password) {
		return sum, false
	}
	units := make([]byte, 0, 2*len(password))
	for _, r := range password {
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			units = binary.LittleEndian.AppendUint16(units, uint16(high))
			r = low
		}
		units = binary.LittleEndian.AppendUint16(units, uint16(r))
	}
	h := md4.New()
	_, _ = h.Write(units)
	return [Size]byte(h.Sum(nil)), true
}
