package totp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxIssuer  = 64   // bytes of an issuer after cleaning
	maxAccount = 128  // bytes of an account after cleaning
	maxLabel   = 1024 // bytes of either that are looked at
)

// clean makes a name fit to be one half of the label of a key URI: no colon,
// which parts the halves, nothing that is invisible or turns the direction of
// writing, single spaces, at most max bytes in whole characters. Cleaning
// twice is cleaning once.
func clean(name string, max int) string {
	if len(name) > maxLabel {
		name = name[:maxLabel]
	}
	var b strings.Builder
	space := false
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == ':' || r == utf8.RuneError || hidden(r):
			continue
		}
		need := utf8.RuneLen(r)
		if space {
			need++
		}
		if b.Len()+need > max {
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hidden reports whether r is a control or format character. The two joiners
// stay: several scripts and most emoji are misspelt without them.
func hidden(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200C', '\u200D'
	if r == zeroWidthNonJoiner || r == zeroWidthJoiner {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf)
}

// escape percent-encodes everything but the unreserved characters of RFC 3986
// section 2.3 and the at sign, so that no name can end its place in the URI.
func escape(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(text))
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '.', c == '_', c == '~', c == '@':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&0x0f])
		}
	}
	return b.String()
}
