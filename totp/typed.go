package totp

import "unicode"

// plain returns the ASCII letter (upper case) or digit that a typed character
// stands for. Decimal digits of every script count as digits, and full-width
// letters as letters: both are what some keyboards send.
func plain(r rune) (c byte, ok bool) {
	if r >= 'Ａ' && r <= 'ｚ' {
		r -= 'Ａ' - 'A'
	}
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
		return byte(r), true
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A'), true
	case r > unicode.MaxLatin1:
		return decimal(r)
	}
	return 0, false
}

// decimal returns the ASCII digit of the same value as the decimal digit r.
// Unicode keeps the digits of a script in runs of ten that start at zero
// (Unicode 16, section 4.6).
func decimal(r rune) (c byte, ok bool) {
	for _, run := range unicode.Nd.R16 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return '0' + byte((r-rune(run.Lo))%10), true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return '0' + byte((r-rune(run.Lo))%10), true
		}
	}
	return 0, false
}

// filler reports whether a typed character is there for the eye only: spaces,
// dashes and invisible marks that come along when a code is pasted.
func filler(r rune) bool {
	switch r {
	case '\u2212', '\u30FC': // minus sign; what the dash key of a kana keyboard sends
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf)
}
