package fold

import (
	"strings"
	"unicode/utf8"
)

const (
	minPattern    = 4   // shorter texts are no pattern
	maxPattern    = 256 // longer texts are not searched for walks
	maxUnit       = 4   // a repeated unit up to this length is a pattern whatever it is
	walkRun       = 3   // fewest signs of a walk
	maxWalk       = 48  // most signs of a walk along a keyboard; the longest line of walks has 33
	runsPerLength = 3   // a text of n signs made of n/3 walks or fewer is a pattern
)

// walks holds alphabets, rows and columns of keyboards as Lower returns them.
// A walk is a part of one line, in either direction.
const walks = "abcdefghijklmnopqrstuvwxyz\x00" +
	"012345678901234567890\x00" +
	"qwertyuiop[]\x00asdfghjkl;'\x00zxcvbnm,./\x00`1234567890-=\x00" + // US
	"!@#$%^&*()_+\x00" + // US, the digits with shift
	"qwertzuiop\x00yxcvbnm\x00!\"§$%&/()=?\x00" + // German
	"azertyuiop\x00qsdfghjklm\x00wxcvbn\x00&e\"'(-e_ca)=\x00" + // French
	"1qaz\x002wsx\x003edc\x004rfv\x005tgb\x006yhn\x007ujm\x008ik,\x009ol.\x000p;/\x00" +
	"1qay\x006zhn\x00!qaz\x00@wsx\x00#edc\x00$rfv\x00%tgb\x00^yhn\x00&ujm\x00" +
	"0okm\x009ijn\x008uhb\x007ygv\x006tfc\x005rdx\x004esz\x00147\x00258\x00369\x00159\x00357\x00" +
	"абвгдеежзииклмнопрстуфхцчшщъыьэюя\x00" +
	"ицукенгшщзхъ\x00фывапролджэ\x00ячсмитьбю" // Russian

// Patterned reports whether t is one of the texts that a guesser makes without
// any list: a short unit repeated, walks along a keyboard or an alphabet, a
// date.
func Patterned(t []rune) bool {
	if len(t) < minPattern {
		return false
	}
	if p := Period(t); p > 0 && p <= maxUnit && len(t) >= 6 {
		return true
	}
	return isDate(t) || walked(t)
}

// walked reports whether t falls into few enough walks.
func walked(t []rune) bool {
	if len(t) > maxPattern {
		return false
	}
	allowed := max(1, len(t)/runsPerLength)
	for i, runs := 0, 0; i < len(t); runs++ {
		if runs == allowed {
			return false
		}
		i += walkLength(t[i:min(len(t), i+maxPattern)])
	}
	return true
}

// walkLength returns how many code points at the start of t are one walk: one
// sign repeated, signs counted up or down, or a part of a line of walks. It is
// 1 if there is none, and 0 for an empty text.
func walkLength(t []rune) int {
	n := min(len(t), 1)
	if step := stepRun(t); step >= walkRun {
		n = step
	}
	if len(t) < walkRun {
		return n
	}
	var forth, back [utf8.UTFMax * maxWalk]byte
	start, ends := len(back), forth[:0]
	for i, r := range t[:min(len(t), maxWalk)] {
		size := utf8.RuneLen(r)
		if size < 0 {
			break // no code point, so in no line
		}
		ends = utf8.AppendRune(ends, r)
		start -= size
		utf8.EncodeRune(back[start:], r)
		if i+1 < walkRun {
			continue
		}
		if !strings.Contains(walks, string(ends)) && !strings.Contains(walks, string(back[start:])) {
			break
		}
		n = max(n, i+1)
	}
	return n
}

// stepRun returns how long the start of t repeats one sign, or counts up or
// down by one.
func stepRun(t []rune) int {
	if len(t) < 2 {
		return len(t)
	}
	d := t[1] - t[0]
	if d < -1 || d > 1 {
		return 1
	}
	n := 2
	for n < len(t) && t[n]-t[n-1] == d {
		n++
	}
	return n
}
