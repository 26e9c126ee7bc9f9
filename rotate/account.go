package rotate

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/tillkey/tillkey/policy"
)

// maxEpoch keeps epochs exact as JSON numbers, which are IEEE 754 doubles.
const maxEpoch = 1 << 53

// checkAccount reports an account id that no Store has to hold.
func checkAccount(account string) error {
	if account == "" || len(account) > MaxAccountBytes || !plain(account) {
		return ErrAccount
	}
	return nil
}

// checkGroup reports a path that is not made of names joined by "/".
func checkGroup(group string) error {
	if !policy.IsPath(group) {
		return ErrGroup
	}
	return nil
}

// plain tells whether s is text without control characters.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// maxNameBytes bounds what a customer may type as a name or address: the
// longest e-mail address has 254 bytes (RFC 5321, 4.5.3.1).
const maxNameBytes = 512

// foldName makes one key of all the ways to type one name.
func foldName(name string) string {
	if len(name) > maxNameBytes {
		name = name[:maxNameBytes]
	}
	return cases.Fold().String(norm.NFKC.String(strings.TrimSpace(strings.ToValidUTF8(name, "\uFFFD"))))
}

// newEpoch draws an epoch that no token of the past carries but by a chance of
// 1 in 2^53. It never is 0, the epoch of adopted rows.
func newEpoch() int64 {
	var b [8]byte
	for {
		rand.Read(b[:])
		if e := int64(binary.LittleEndian.Uint64(b[:]) % maxEpoch); e != 0 {
			return e
		}
	}
}

// newID draws an id of 128 random bits.
func newID() string { return rand.Text() }
