package policy

import "golang.org/x/text/unicode/norm"

// Normalize returns the NFC form of a password, the form whose code points are
// counted, which lists are asked about, and which should be hashed, so that
// the same password typed on two keyboards is the same (NIST SP 800-63B-4,
// 3.1.1.2). It is the identity for ASCII, trims nothing and folds nothing:
// U+0065 U+0301 becomes U+00E9, U+FB01 stays.
//
// Bound the length before: it works on whatever it is given.
func Normalize(password string) string { return norm.NFC.String(password) }
