package guess

import "unicode/utf8"

// Window is how many signs of a password patterns are looked for in. What
// lies beyond only the model rates.
const Window = 128

// text is a password as a guesser sees it: small letters, no accents, other
// scripts by the keys they are typed with.
type text struct {
	n      int // signs in the window
	low    [Window]rune
	leet   [2][Window]rune    // look-alike signs replaced; 1 is i in one and l in the other
	at     [Window + 1]uint16 // where a sign begins in the password, in bytes
	caps   [Window]bool
	uppers [Window + 1]uint8 // capitals before a sign
	leets  int               // views that differ: 0, 1 or 2
	upper  int
	letter int
	first  bool // the first letter is a capital
	folded int  // signs that folding changed, but for capitals
}

// fill reads the first Window signs of s and returns how many bytes they are.
func (t *text) fill(s string) int {
	i := 0
	for i < len(s) && t.n < Window {
		r, size := utf8.DecodeRuneInString(s[i:])
		t.at[t.n] = uint16(i)
		i += size
		low, changed := fold(r)
		if changed {
			t.folded++
		}
		up := isUpper(r)
		t.capital(up)
		if up {
			t.upper++
		}
		if up || isLetter(r) {
			if t.letter == 0 {
				t.first = up
			}
			t.letter++
		}
		t.low[t.n] = low
		a, b := plain(low)
		t.leet[0][t.n], t.leet[1][t.n] = a, b
		if a != low {
			t.leets = max(t.leets, 1)
		}
		if a != b {
			t.leets = 2
		}
		t.n++
	}
	t.at[t.n] = uint16(i)
	return i
}

// capital notes whether the next sign is one.
func (t *text) capital(up bool) {
	t.caps[t.n], t.uppers[t.n+1] = up, t.uppers[t.n]
	if up {
		t.uppers[t.n+1]++
	}
}

// joined fills t with from without its separators, if there are two or more
// and all of one kind.
func (t *text) joined(from *text) (separator rune, ok bool) {
	found := 0
	for i := range from.n {
		r := from.low[i]
		if isSeparator(r) && (separator == 0 || r == separator) && i > 0 && i < from.n-1 {
			separator = r
			found++
			continue
		}
		t.low[t.n], t.leet[0][t.n], t.leet[1][t.n] = r, from.leet[0][i], from.leet[1][i]
		t.capital(from.caps[i])
		t.at[t.n] = from.at[i]
		t.n++
	}
	t.at[t.n] = from.at[from.n]
	t.leets, t.upper, t.letter, t.first, t.folded = from.leets, from.upper, from.letter, from.first, from.folded
	return separator, found >= 2
}

// caseCost is what the capitals cost: nothing if there are none, little for the
// usual ways.
func (t *text) caseCost() int {
	switch u := t.upper; {
	case u == 0:
		return 0
	case u == t.letter && u > 1:
		return 700
	case u == 1 && t.first:
		return 500
	default:
		return min(800+250*min(u, t.letter-u), 301*t.letter)
	}
}

// plain returns the letter that a sign or digit stands in for, twice: "1" may
// be an i or an l.
func plain(r rune) (a, b rune) {
	switch r {
	case '0':
		return 'o', 'o'
	case '1', '!', '|':
		return 'i', 'l'
	case '3', '€':
		return 'e', 'e'
	case '4', '@':
		return 'a', 'a'
	case '5', '$':
		return 's', 's'
	case '6', '9':
		return 'g', 'g'
	case '7', '+':
		return 't', 't'
	case '8':
		return 'b', 'b'
	case '(':
		return 'c', 'c'
	}
	return r, r
}
