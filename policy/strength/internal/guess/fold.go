package guess

// latin holds the plain letters of U+00C0 to U+017F, one a code point; "." is
// a sign that stays.
const latin = "aaaaaaaceeeeiiiidnooooo.ouuuuypsaaaaaaaceeeeiiiidnooooo.ouuuuypy" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// russian holds the keys of a Latin keyboard on which the letters from U+0430
// (а) to U+044F (я) lie, greek those from U+03AC (ά) to U+03CE (ώ), with or
// without accents; the sigma at the end of a word is like any other.
const (
	russian = "f,dult;pbqrkvyjghcnea[wxio]sm'.z"
	greek   = "aehiyabgdezhuiklmnjoprsstyfxcviyoyv"
)

// fold returns a sign as a small letter without accents, a letter of the
// Cyrillic or Greek alphabet as the key that it is typed with, katakana as
// hiragana, and whether it was one of these. Capitals do not count. It has tables of its own, so that
// no new version of Unicode moves an estimate.
func fold(r rune) (rune, bool) {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A', false
		}
		return r, false
	}
	if 0xff01 <= r && r <= 0xff5e { // full width
		low, _ := fold(r - 0xff01 + '!')
		return low, true
	}
	if 0xc0 <= r && r <= 0x17f {
		if c := latin[r-0xc0]; c != '.' {
			return rune(c), true
		}
		return r, false
	}
	low := r
	switch {
	case 0x410 <= r && r <= 0x42f, 0x391 <= r && r <= 0x3ab: // capitals
		low += 0x20
	case 0x386 <= r && r <= 0x38f: // with tonos
		low = [...]rune{'ά', '·', 'έ', 'ή', 'ί', 0x38b, 'ό', 0x38d, 'ύ', 'ώ'}[r-0x386]
	case r == 0x390: // ΐ
		low = 'ί'
	case r == 0x401: // Ё
		low = 0x451
	case 0x400 <= r && r <= 0x40f:
		low += 0x50
	}
	switch {
	case 0x430 <= low && low <= 0x44f:
		return rune(russian[low-0x430]), true
	case low == 0x451: // ё
		return '`', true
	case 0x3ac <= low && low <= 0x3ce:
		return rune(greek[low-0x3ac]), true
	case 0x30a1 <= r && r <= 0x30f6: // katakana
		return r - 0x60, true
	}
	return low, false
}

func isUpper(r rune) bool {
	return 'A' <= r && r <= 'Z' || 0xc0 <= r && r <= 0xde && r != 0xd7 ||
		0x386 <= r && r <= 0x38f || 0x391 <= r && r <= 0x3ab || 0x400 <= r && r <= 0x42f
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= 0xc0 }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// Fold returns a text as the list and the model know it.
func Fold(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		low, _ := fold(r)
		out = append(out, low)
	}
	return out
}
