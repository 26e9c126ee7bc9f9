package hash

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTries bounds the forms of one password that one Verify computes.
const maxTries = 4

// ownForms returns the forms in which a password is tried against an argon2id
// hash: NFC, in which Hash makes them, then the typed bytes if they differ,
// since an imported hash may have been made over those. A password that is not
// UTF-8 has no NFC and is tried as it is.
//
// NFC and not NFKC (both are allowed by NIST SP 800-63B-4, section 3.1.1.2): a
// compatibility form would make different passwords equal.
func ownForms(password string) []string {
	if !utf8.ValidString(password) {
		return []string{password}
	}
	return forms(norm.NFC.String(password), password)
}

// newForm returns the bytes that a new hash is made over. That is NFC, unless the
// password has a code point that Unicode has not assigned yet: a later version
// may normalize it to something else, so the typed bytes are used, which Verify
// tries in every version.
func newForm(password string) string {
	for _, r := range password {
		if unicode.Is(unicode.Cn, r) {
			return password
		}
	}
	return norm.NFC.String(password)
}

// foreignForms returns the forms in which a password is tried against a foreign
// hash: the typed bytes, then NFC if that differs.
func foreignForms(password string) []string {
	if !utf8.ValidString(password) {
		return []string{password}
	}
	return forms(password, norm.NFC.String(password))
}

// forms returns the tries in order, without repetition and at most maxTries.
func forms(tries ...string) []string {
	list := make([]string, 0, len(tries))
	for _, try := range tries {
		if len(list) < maxTries && !slices.Contains(list, try) {
			list = append(list, try)
		}
	}
	return list
}
