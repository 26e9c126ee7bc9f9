// Package fold reduces a password to the few plain forms a guesser would try
// first: small letters, no accents, no look-alike signs, no decoration, no
// repetition. The forms are compared and thrown away; nothing is stored in
// them, and no password is ever replaced by one.
//
// Every function is pure. Lower and Cores look at the first 4096 bytes and
// return at most MaxRunes code points; the others are linear in what they are
// given, but for Distance.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes is the most code points a folded form has. What lies beyond is cut
// off: no listed password is nearly as long.
const MaxRunes = 1024

// maxBytes is how much of a text is looked at: MaxRunes of four bytes each.
const maxBytes = MaxRunes * utf8.UTFMax

// Lower returns s in small letters, with compatibility forms replaced (a
// full-width letter becomes a plain one), accents removed and letters that are
// written with two on other keyboards spelt out.
func Lower(s string) []rune {
	if len(s) > maxBytes {
		s = s[:maxBytes]
	}
	if s, ok := lowerASCII(s); ok {
		return s
	}
	out := make([]rune, 0, min(len(s), MaxRunes))
	var parts norm.Iter
	for parts.InitString(norm.NFKD, s); !parts.Done(); {
		for piece := parts.Next(); len(piece) > 0; {
			r, size := utf8.DecodeRune(piece)
			piece = piece[size:]
			if unicode.Is(unicode.Mn, r) {
				continue
			}
			if out = spell(out, unicode.ToLower(r)); len(out) >= MaxRunes {
				return out[:MaxRunes]
			}
		}
	}
	return out
}

// SpellOut returns s with German and Nordic letters written as on a keyboard
// that lacks them: Müller becomes Mueller, where Lower makes it muller. Other
// text is returned as it is.
func SpellOut(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.NewReplacer("ä", "ae", "Ä", "Ae", "ö", "oe", "Ö", "Oe", "ü", "ue", "Ü", "Ue",
				"ø", "oe", "Ø", "Oe", "å", "aa", "Å", "Aa").Replace(norm.NFC.String(s))
		}
	}
	return s
}

// spell appends a small letter, or the plain letters it is typed with where a
// keyboard lacks it.
func spell(out []rune, r rune) []rune {
	switch r {
	case 'ß':
		return append(out, 's', 's')
	case 'æ':
		return append(out, 'a', 'e')
	case 'œ':
		return append(out, 'o', 'e')
	case 'ø':
		return append(out, 'o')
	case 'ł':
		return append(out, 'l')
	case 'đ', 'ð':
		return append(out, 'd')
	case 'ı':
		return append(out, 'i')
	}
	return append(out, r)
}

func lowerASCII(s string) ([]rune, bool) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return nil, false
		}
	}
	if len(s) > MaxRunes {
		s = s[:MaxRunes]
	}
	out := make([]rune, len(s))
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out[i] = rune(c)
	}
	return out, true
}

// Skeleton replaces signs, digits and letters of other scripts that stand in
// for Latin letters ("p@ssw0rd") by those letters. The letters i and l become
// one, because the digit 1 stands in for both. Two texts with the same
// skeleton look alike.
func Skeleton(lower []rune) string {
	var out strings.Builder
	out.Grow(len(lower))
	for _, r := range lower {
		out.WriteRune(plain(r))
	}
	return out.String()
}

func plain(r rune) rune {
	switch r {
	case '0', 'о', 'ο': // the Cyrillic and the Greek letter
		return 'o'
	case '1', '!', '|', 'l', 'і':
		return 'i'
	case '3', '€', 'е':
		return 'e'
	case '4', '@', 'а':
		return 'a'
	case '5', '$', 'ѕ':
		return 's'
	case '7', '+':
		return 't'
	case '8':
		return 'b'
	case '9':
		return 'g'
	case 'р':
		return 'p'
	case 'с':
		return 'c'
	case 'у':
		return 'y'
	case 'х':
		return 'x'
	case 'ј':
		return 'j'
	}
	return r
}

// Reverse returns s written backwards, code point by code point.
func Reverse(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for end := len(s); end > 0; {
		_, size := utf8.DecodeLastRuneInString(s[:end])
		out.WriteString(s[end-size : end])
		end -= size
	}
	return out.String()
}
